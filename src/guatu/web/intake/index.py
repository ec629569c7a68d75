"""The entrance: bringing a paper or a ledger in, and what was brought in before."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.campaign.reading import drop_batch, read_ledger_into_drafts, read_paper_into_drafts
from guatu.campaign.reading.books import BookWords
from guatu.campaign.reading.ledgers import KIND_NAMES
from guatu.campaign.reading.loading import KINDS
from guatu.campaign.reading.shelf import WORDS
from guatu.campaign.targets.importing import TARGET_SHEET
from guatu.engines.intake import BadInput
from guatu.loop.actions.deciding import meeting_of
from guatu.loop.models import Target
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid
from guatu.register.intake import LEDGER, PAPER, batches_in_sight
from guatu.register.models import Batch
from guatu.register.policies import Standing, may
from guatu.register.versions import end_of
from guatu.web.intake.answers import batch_or_404, missing, writing_only_now
from guatu.web.intake.forms import LedgerForm, PaperForm
from guatu.web.meetings.faces import meeting_url
from guatu.web.requests import OfficerRequest

A_PAGE = 30
ALREADY_IMPORTED = "这份台账此前已经上传过，现在打开的是原来的那一次。"
NAMES = KIND_NAMES | {TARGET_SHEET: "目标分解表"}
ALREADY_READ = "这份材料此前已经读过，现在打开的是原来的识读结果。"


@require_GET
def index(request: OfficerRequest) -> HttpResponse:
    """List what was brought in, newest first, beside the two entrances."""
    return _index(request)


@require_POST
def upload_paper(request: OfficerRequest) -> HttpResponse:
    """Read a paper and open its drafts; what cannot be taken is told in one sentence."""
    if not may(request.standing, "intake.upload", PAPER):
        missing()
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, paper=form, status=422)
    upload = form.cleaned_data["file"]
    known = Batch.objects.count()
    try:
        batch = read_paper_into_drafts(
            act_now(request.standing), upload.read(), upload.name, form.cleaned_data["plan_year"]
        )
    except (BadInput, Invalid) as refusal:
        form.add_error("file", str(refusal))
        return _index(request, paper=form, status=422)
    if Batch.objects.count() == known:
        messages.info(request, ALREADY_READ)
    return redirect(address_of(batch))


@require_POST
def upload_ledger(request: OfficerRequest) -> HttpResponse:
    """Read a ledger and open its preview; what cannot be taken is told in one sentence."""
    if not may(request.standing, "intake.upload", LEDGER):
        missing()
    form = LedgerForm(request.POST, request.FILES, ledgers=may_import(request.standing))
    if not form.is_valid():
        return _index(request, ledger=form, status=422)
    upload = form.cleaned_data["file"]
    known = Batch.objects.count()
    try:
        batch = read_ledger_into_drafts(
            act_now(request.standing),
            upload.read(),
            upload.name,
            form.cleaned_data["kind"] or None,
        )
    except (BadInput, Invalid) as refusal:
        form.add_error("file", str(refusal))
        return _index(request, ledger=form, status=422)
    if Batch.objects.count() == known:
        messages.info(request, ALREADY_IMPORTED)
    return redirect(address_of(batch))


@require_http_methods(["GET", "POST"])
def drop(request: OfficerRequest, batch: UUID) -> HttpResponse:
    """Ask once, then give the reading or the import up."""
    writing_only_now(request)
    found = batch_or_404(request, batch)
    if not may(request.standing, "intake.confirm", found):
        missing()
    meeting = meeting_of(found.document)
    if request.method == "POST":
        try:
            drop_batch(act_now(request.standing), found)
        except Invalid as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已放弃「{found}」，已经入账的内容不受影响。")
        return redirect(meeting_url(meeting) if meeting else reverse("intake:index"))
    consequence = "待确认的内容不再列出，已经入账的内容保留；再次上传同一文件可以继续。"
    if meeting is not None:
        consequence += f"它不再是「{meeting.title}」（{meeting.on}）的纪要，会议可以另读纪要。"
    context = {
        "heading": f"放弃「{found}」",
        "consequence": consequence,
        "action": request.path,
        "back": address_of(found),
        "submit": "放弃",
        "danger": True,
    }
    return render(request, "check.html", context)


def may_import(standing: Standing) -> list[BookWords]:
    """Kinds of ledger the officer may bring in."""
    return [words for words in WORDS.values() if may(standing, words.policy, None)]


def address_of(batch: Batch) -> str:
    """Where a batch is looked at."""
    if batch.document is not None:
        return reverse("intake:paper", args=[batch.document.public_id])
    return reverse("intake:ledger", args=[batch.public_id])


def _index(
    request: OfficerRequest,
    *,
    paper: PaperForm | None = None,
    ledger: LedgerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    standing = request.standing
    may_read = may(standing, "intake.upload", PAPER)
    if not may(standing, "intake.upload", LEDGER):
        missing()
    rows = Batch.objects.filter(batches_in_sight(standing)).select_related(
        "document", "workbook", "officer"
    )
    if request.as_of is not None:
        rows = rows.filter(made_at__lt=end_of(request.as_of))
    year = request.campaign.year if request.campaign else None
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "paper_form": (paper or PaperForm(year=year)) if may_read else None,
        "ledger_form": ledger or LedgerForm(ledgers=may_import(standing)),
        "ledgers": may_import(standing),
        "page": page,
        "batches": _named(list(page)),
    }
    return render(request, "intake/index.html", context, status=status)


def _named(batches: Sequence[Batch]) -> list[tuple[Batch, str, str]]:
    """Batches with the name of their kind, and for sheets of a target the target's title."""
    keys = {one: one.tables[0]["target"] for one in batches if one.kind == TARGET_SHEET}
    rows = Target.objects.filter(public_id__in=set(keys.values())) if keys else ()
    titles = {str(row.public_id): row.title for row in rows}
    return [
        (one, NAMES.get(one.kind, KINDS[PAPER]), titles.get(str(keys.get(one)), ""))
        for one in batches
    ]
