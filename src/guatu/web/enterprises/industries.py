"""Industry codes: the list of what is loaded, and loading a file after a preview."""

import datetime as dt

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.engines.intake import BadInput
from guatu.register.campaign import act_now
from guatu.register.enums import RuleStatus, Verdict
from guatu.register.errors import Stale
from guatu.register.industries import (
    MOST_BYTES,
    IndustryLine,
    IndustryPreview,
    load_industries,
    preview_industries,
)
from guatu.register.models import Industry
from guatu.register.policies import Standing, require
from guatu.web.components import PreviewCell, PreviewRow
from guatu.web.enterprises.forms import IndustriesForm
from guatu.web.lists import ChoiceFilter, Column, ListPage
from guatu.web.lists.columns import Row
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

SALT = "guatu.industries"
VALID_SECONDS = 3600
MOST_SHOWN = 300
HEADING = "装入行业代码"
TOLD_FIRST = (Verdict.ERROR, Verdict.CHANGED, Verdict.NEW)


class IndustryList(ListPage):
    """The codes loaded, each with how far it was checked and where it came from."""

    title = "行业代码"
    note = "国民经济行业分类（GB/T 4754-2017）"
    action = "industry.load"
    columns = (
        Column("code", "代码", "code", width="s", name=True, sort=("code",)),
        Column("name", "名称", "name", sort=("name",)),
        Column("status", "核对", "get_status_display", width="m", sort=("status",)),
        Column("source", "来源", "source", width="xl", sort=("source",)),
    )
    filters = (ChoiceFilter("status", "核对", "status", dict(RuleStatus.choices)),)
    search_fields = ("code", "name")
    search_hint = "代码、名称"
    default_sort = ("code",)
    empty_help = "还没有装入行业代码。"
    template_name = "enterprises/industries.html"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Industry]:  # noqa: ARG002 -- a standard is the same for everybody
        """All codes as they are: the standard is not kept day by day, and the page says so."""
        return Industry.objects.all()

    def row_url(self, row: Row) -> str:  # noqa: ARG002 -- a code has no page of its own
        """No page."""
        return ""

    def row_key(self, row: Row) -> str:
        """The code itself."""
        return str(row.code)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def load(request: OfficerRequest) -> HttpResponse:
    """Take a file, show what it would change, then load exactly what was shown."""
    require(request.standing, "industry.load")
    if request.as_of is not None:
        raise Http404
    if "reading" in request.POST:
        return _confirmed(request, request.POST["reading"])
    form = IndustriesForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return _asked(request, form)
    file = form.cleaned_data["file"]
    try:
        # One byte more than allowed is enough to refuse it.
        preview = preview_industries(file.read(MOST_BYTES + 1), file.name)
    except BadInput as refusal:
        form.add_error("file", str(refusal))
        return _asked(request, form)
    if preview.counts[Verdict.ERROR]:
        form.add_error("file", f"有 {preview.counts[Verdict.ERROR]} 行错误，没有装入，见下表。")
        return _asked(request, form, preview)
    return _checked(request, preview)


def _confirmed(request: OfficerRequest, reading: str) -> HttpResponse:
    """Load what the preview showed: it comes back signed, to this officer alone, for an hour."""
    try:
        told = signing.loads(reading, salt=SALT, max_age=VALID_SECONDS)
        if told["officer"] != request.standing.officer.pk:
            raise signing.BadSignature  # noqa: TRY301 -- treated as any other foreign reading
        act = act_now(request.standing)
        count = load_industries(act, told["names"], told["file"], shown=told["counts"])
    except signing.BadSignature:
        messages.error(request, "预览已过期，请重新上传。")
        return redirect("enterprises:load_industries")
    except Stale as refusal:
        messages.error(request, str(refusal))
        return redirect("enterprises:load_industries")
    messages.success(request, f"已装入 {count} 个行业代码，状态为待核。")
    return redirect("enterprises:industries")


def _asked(
    request: OfficerRequest, form: IndustriesForm, preview: IndustryPreview | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "heading": HEADING,
        "submit": "上传并预览",
        "cancel_url": reverse("enterprises:industries"),
        "preview": preview,
        **(_table(preview) if preview else {}),
    }
    status = 422 if form.errors else 200
    return render(request, "enterprises/form.html", context, status=status)


def _checked(request: OfficerRequest, preview: IndustryPreview) -> HttpResponse:
    counts = preview.counts
    told = {
        "officer": request.standing.officer.pk,
        "file": preview.filename,
        "names": preview.names,
        "counts": counts,
    }
    context = {
        "heading": HEADING,
        "consequence": (
            f"文件「{preview.filename}」：新增 {counts[Verdict.NEW]} 个，"
            f"变更 {counts[Verdict.CHANGED]} 个，状态记为待核；未变的保持原状态。"
        ),
        "preview": preview,
        "reading": signing.dumps(told, salt=SALT, compress=True),
        "submit": "确认装入",
        "back": reverse("enterprises:load_industries"),
        **_table(preview),
    }
    return render(request, "enterprises/industries_check.html", context)


def _table(preview: IndustryPreview) -> dict[str, object]:
    """Lines that would change something, errors first; unchanged ones are only counted."""
    told = [line for verdict in TOLD_FIRST for line in preview.lines if line.verdict == verdict]
    return {
        "headers": ("代码", "名称"),
        "rows": [_row(line) for line in told[:MOST_SHOWN]],
        "left_out": max(0, len(told) - MOST_SHOWN),
    }


def _row(line: IndustryLine) -> PreviewRow:
    name = PreviewCell(line.name, line.verdict, line.old, line.message)
    return PreviewRow(line.number, line.verdict, (PreviewCell(line.code), name))
