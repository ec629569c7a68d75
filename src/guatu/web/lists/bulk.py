"""Bulk steps of a list: what to change, a 核对 page, then all of it in one transaction.

    ROWS = BulkRows(ProjectList, projects_with_units, named, order=("subject__code",), back=...)
    STEP = BulkStep(ROWS, "调整责任单位", "所列项目……", plan=..., run=give_projects, form=...)

    @require_POST
    @forbidden_is_missing
    def assign(request):
        return STEP.answer(request)

The 核对 page tells how many rows move in which unit, which do not and why. Between looking and
doing nothing may have moved: rows are chosen anew, by the filter where all of it were, and a seal
over what was shown is compared; where they disagree the page says so and shows what there is now.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from guatu.register.bulk_plans import Plan, Verdict
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import Standing, require
from guatu.register.recording import Act
from guatu.web.lists.chosen import chosen
from guatu.web.lists.page import ListPage
from guatu.web.lists.returning import back_to, came_with
from guatu.web.refusals import tell
from guatu.web.requests import OfficerRequest

SHOWN = 200
"""Most rows named on a 核对 page; the sums by unit count all."""
SEAL = re.compile("([0-9]{1,9})-([0-9]{1,9})-[0-9a-f]{64}")
Row = Any


@dataclass(frozen=True)
class Words:
    """A row on the 核对 page: its name, and what it is like now."""

    name: str
    now: str = ""


def _revision(row: Row) -> str:
    return str(row.revision)


@dataclass(frozen=True)
class BulkRows:
    """Rows of a list that steps are for.

    ``page`` is the list, ``rows`` are those in sight with what plan and 核对 page read joined,
    ``key`` the column that the list's boxes hold. ``words`` writes a row for a reader of that day.
    ``back`` names the list's address. ``state`` changes whenever somebody changes the row.
    """

    page: type[ListPage]
    rows: Callable[[Standing], QuerySet[Any]]
    words: Callable[[Row, dt.date], Words]
    back: str
    key: str = "subject__public_id"
    order: tuple[str, ...] = ("subject__code",)
    state: Callable[[Row], str] = _revision

    def chosen(self, request: OfficerRequest) -> list[Row]:
        """Rows the form means, chosen anew. Raises Invalid, in a sentence, where none can be."""
        return chosen(request, self.page, self.rows, self.key, self.order)


@dataclass(frozen=True)
class BulkStep:
    """One step. ``plan`` looks, ``run`` does what the plan says and tells how many it did.

    ``form`` asks what to change to, None where there is nothing to ask. ``policy`` opens the step.
    ``adds`` tells more of a row that would move, ``warns`` more of all that would, in sentences.
    ``units``: the 核对 page sums by unit.
    """

    of: BulkRows
    name: str
    consequence: str
    plan: Callable[[Act, Sequence[Row], dict[str, Any]], Plan]
    run: Callable[[Plan], int]
    form: Callable[[Standing, QueryDict | None], forms.Form] | None = None
    policy: str = ""
    adds: Callable[[Verdict], str] = lambda _verdict: ""
    warns: Callable[[OfficerRequest, Sequence[Row]], str] = lambda _request, _rows: ""
    units: bool = True

    def answer(self, request: OfficerRequest) -> HttpResponse:
        """Ask what to change, show what would follow, or do it; the stages come with the form."""
        if request.as_of is not None:
            raise Http404
        if self.policy:
            require(request.standing, self.policy)
        if request.POST.get("checked") != "1":
            return self._answer(request)
        with transaction.atomic():  # what is compared with the seal is what is written
            return self._answer(request)

    def _answer(self, request: OfficerRequest) -> HttpResponse:
        back = redirect(back_to(request, self.of.back))
        try:
            rows = self.of.chosen(request)
        except Invalid as refusal:
            messages.warning(request, str(refusal))
            return back
        checked = request.POST.get("checked") == "1"
        looked = checked or self.form is None or request.POST.get("stage") == "check"
        form = self._form(request.standing, request.POST if looked else None)
        plan = self._planned(request, rows, form) if looked and form.is_valid() else None
        if plan is not None and checked and self._agrees(request, plan, form):
            done = self._done(plan, form)
            if done is not None:
                messages.success(request, self._said(done, len(plan.refused)))
                return back
            rows = self.of.chosen(request)  # what was taken back still stands on the rows read
            plan = self._planned(request, rows, form)
        return self._page(request, rows, form, plan)

    def _form(self, standing: Standing, data: QueryDict | None) -> forms.Form:
        return forms.Form({}) if self.form is None else self.form(standing, data)

    def _planned(
        self, request: OfficerRequest, rows: Sequence[Row], form: forms.Form
    ) -> Plan | None:
        act = act_now(request.standing)
        told = dict(form.cleaned_data)
        reason = told.get("reason")
        try:
            return self.plan(act.because(reason.strip()) if reason else act, rows, told)
        except RegisterError as refusal:
            tell(form, refusal)
            return None

    def _agrees(self, request: OfficerRequest, plan: Plan, form: forms.Form) -> bool:
        """Tell whether what was looked at is what there is; else say what became of it."""
        seal = self._seal(plan)
        if request.POST.get("seal") == seal:
            return True
        before, now = _counted(request.POST.get("seal", "")), _counted(seal)
        if not before:
            said = "请先核对"
        elif before != now:
            said = f"核对时{before}，现在{now}"
        else:
            said = "核对期间有事项发生了变化"
        form.add_error(None, f"{said}。都还没有改动，下面是最新情况，请重新核对。")
        return False

    def _seal(self, plan: Plan) -> str:
        """Rows found, rows that move, and a digest of what would be done to which state of each."""
        told = ",".join(
            f"{one.row.pk}:{self.of.state(one.row)}:{bool(one.refusal):d}" for one in plan.verdicts
        )
        digest = hashlib.sha256(told.encode()).hexdigest()
        return f"{len(plan.verdicts)}-{len(plan.moving)}-{digest}"

    def _done(self, plan: Plan, form: forms.Form) -> int | None:
        """Do it; None where it was refused, with the refusal told on the form."""
        try:
            with transaction.atomic():
                return self.run(plan)
        except RegisterError as refusal:
            tell(form, refusal)
            return None

    def _said(self, done: int, rest: int) -> str:
        said = f"{self.name}：已办理 {done} 项"
        return f"{said}，{rest} 项未办理。" if rest else f"{said}。"

    def _page(
        self, request: OfficerRequest, rows: Sequence[Row], form: forms.Form, plan: Plan | None
    ) -> HttpResponse:
        everything = "all" in request.POST
        warning = self.warns(request, [one.row for one in plan.moving]) if plan else ""
        context = {
            "heading": f"{self.name} {len(rows)} 项",
            "consequence": self.consequence + warning,
            "form": form,
            "plan": plan,
            "told": _told(form) if plan else [],
            "units": self.units,
            "moving": self._lines(request, plan.moving) if plan else [],
            "refused": self._lines(request, plan.refused) if plan else [],
            "shown": SHOWN,
            "seal": self._seal(plan) if plan else "",
            "keys": [] if everything else [_read(row, self.of.key) for row in rows],
            "everything": everything,
            "all": request.POST.get("all", ""),
            "action": request.path,
            "back": back_to(request, self.of.back),
            "came": came_with(request),
            "submit": f"确认{self.name}",
        }
        return render(request, "lists/bulk.html", context, status=422 if form.errors else 200)

    def _lines(self, request: OfficerRequest, verdicts: Sequence[Verdict]) -> list[dict[str, str]]:
        """The first of them as the page tells them."""
        lines = []
        for one in verdicts[:SHOWN]:
            words = self.of.words(one.row, request.standing.today)
            behalf = f"代{one.behalf}" if one.behalf else ""
            now = " · ".join(part for part in (words.now, behalf) if part)
            more = "" if one.refusal else self.adds(one)
            lines.append({"name": words.name, "now": now, "more": more, "why": one.refusal})
        return lines


def named(row: Row, _today: dt.date) -> Words:
    """What hangs on a subject by code and title, with the unit it belongs to now."""
    subject = row.subject
    return Words(f"{subject.code} {subject.title}", str(subject.unit or "责任单位待定"))


def hung_state(row: Row) -> str:
    """State of a row and of the subject it hangs on, which holds name and unit."""
    return f"{row.revision}.{row.subject.revision}"


def _counted(seal: str) -> str:
    """Rows found and rows that would move, as a seal tells; empty for what is no seal."""
    found = SEAL.fullmatch(seal)
    return f"选中 {int(found[1])} 项、可办理 {int(found[2])} 项" if found else ""


def _told(form: forms.Form) -> list[tuple[str, str]]:
    """What was filled in, by label: the 核对 page says what rows change to."""
    told = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        choices: Any = field.choices if type(field) is forms.ChoiceField else ()
        told.append((str(field.label), str(dict(choices).get(value, value))))
    return told


def _read(row: Row, path: str) -> str:
    value = row
    for step in path.split("__"):
        value = getattr(value, step)
    return str(value)
