"""The desk. Every act here is one form away: the page answers with itself."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from guatu.attraction.queries import steps_on_desk
from guatu.growth.queries import own_firms, visits_on_desk
from guatu.investment.queries.reserve import reserve_on_desk
from guatu.loop import actions
from guatu.loop.models import Duty
from guatu.loop.queries.blockers import turns_of
from guatu.loop.queries.desk import Decisions, Desk, decisions_for, desk_of, desk_rules
from guatu.loop.queries.detail import find_duty
from guatu.loop.queries.duties import planned_words
from guatu.loop.queries.handovers import HandoverTask, tasks_of, without_anybody
from guatu.loop.queries.letter_desk import letter_desk
from guatu.loop.queries.sight import duties_in_sight
from guatu.loop.urge_rights import turns_to_urge
from guatu.register.campaign import act_now
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.errors import Invalid, RegisterError, Stale
from guatu.register.policies import may, require
from guatu.web.duties.forms import ReportForm
from guatu.web.navigation import home_of
from guatu.web.overtaken import LATEST
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.today.pushes import ON_DESK, Push, pushes_for

MOST = 200


@dataclass(frozen=True)
class OpenForm:
    """The form standing open in a row: last | plan today | new."""

    duty: Duty
    form: ReportForm
    planned: str


@require_GET
def desk(request: OfficerRequest) -> HttpResponse:
    """Show the desk; ``?open=`` opens the report form of one duty in its row."""
    if not request.standing.roles:
        # Whoever holds no post has no desk: lead where the first page leads.
        return redirect(home_of(request.standing))
    if set(request.standing.roles) <= ADMINISTRATORS:
        raise Http404
    key = request.GET.get("open", "")
    opened = None
    if key and request.as_of is None:
        duty = _reportable(request, key)
        opened = OpenForm(
            duty,
            ReportForm(initial={"revision": duty.revision}, auto_id="report_%s", duty=duty),
            planned_words(duty, request.standing.today),
        )
    return _page(request, opened)


def _reportable(request: OfficerRequest, key: str) -> Duty:
    try:
        duty = find_duty(request.standing, uuid.UUID(key))
    except ValueError:
        raise Http404 from None
    if duty is None or not may(request.standing, "duty.report", duty):
        raise Http404
    return duty


@require_POST
@forbidden_is_missing
def report(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Take a report; a refusal opens the form again with all its words."""
    duty = _reportable(request, str(key))
    planned = planned_words(duty, request.standing.today)
    form = ReportForm(request.POST, request.FILES, auto_id="report_%s", duty=duty)
    if form.is_valid():
        try:
            actions.report(
                act_now(request.standing),
                duty,
                expected_revision=form.cleaned_data["revision"],
                **form.values(),
            )
        except RegisterError as refusal:
            duty = _reportable(request, str(key))
            tell(form, refusal, revision=duty)
        else:
            messages.success(request, f"已报告：{duty.title}")
            return redirect("desk:desk")
    return _page(request, OpenForm(duty, form, planned), 422)


@require_POST
@forbidden_is_missing
def no_change(request: OfficerRequest) -> HttpResponse:
    """Affirm the last words of the duties sent: one by its button, many by their boxes."""
    require(request.standing, "duty.list")
    if request.as_of is not None:
        raise Http404
    keys = request.POST.getlist("one") or request.POST.getlist("row")
    duties = list(duties_in_sight(request.standing).filter(public_id__in=_uuids(keys)))
    if not duties:
        messages.warning(request, "请先选中没有变化的事项。")
        return redirect("desk:desk")
    try:
        rows = actions.report_no_change(act_now(request.standing), duties)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:desk")
    except Stale as refusal:
        messages.error(request, f"{refusal}{LATEST}")
        return redirect("desk:desk")
    if len(rows) == 1:
        said = f"已报无变化：{duties[0].title}（{rows[0].affirmed}）"
    else:
        said = f"已报无变化 {len(rows)} 项。"
    messages.success(request, said)
    return redirect("desk:desk")


def _uuids(texts: list[str]) -> list[uuid.UUID]:
    """Keys among ``texts``; anything else was never sent by the page."""
    try:
        return [uuid.UUID(text) for text in texts[:MOST]]
    except ValueError:
        raise Http404 from None


def _pushes(request: OfficerRequest) -> list[Push]:
    """The first of what a leader should push today."""
    if not request.standing.has(Role.LEADER):
        return []
    return pushes_for(request.standing, request.as_of, ON_DESK)


def _handovers(request: OfficerRequest) -> list[HandoverTask]:
    """Hand-overs that wait for the officer; leaders are asked only when their own posts change."""
    standing = request.standing
    if standing.has(Role.LEADER) and not standing.changing:
        return []
    return tasks_of(standing, request.as_of)


def _page(request: OfficerRequest, opened: OpenForm | None, status: int = 200) -> HttpResponse:
    rules = desk_rules(request.as_of or request.standing.today)
    found: Desk = desk_of(request.standing, request.as_of, rules)
    waiting: Decisions | None = decisions_for(request.standing, request.as_of, rules)
    letters = letter_desk(request.standing, request.as_of, rules.letter, rules.urge)
    rows = [task for group in found.groups for task in group.tasks]
    context = {
        "desk": found,
        "opened_above": opened and all(task.duty.pk != opened.duty.pk for task in rows),
        "decisions": waiting,
        "pushes": _pushes(request),
        "handovers": _handovers(request),
        "orphans": [] if request.as_of else without_anybody(request.standing),
        "lead_steps": steps_on_desk(request.standing, request.as_of),
        "to_visit": visits_on_desk(request.standing, request.as_of),
        "reserve": reserve_on_desk(request.standing, request.as_of),
        "own_firms": own_firms(request.standing, request.as_of),
        "turns": turns_to_urge(
            request.standing, turns_of(request.standing, request.as_of), rules.urge
        ),
        "letters": letters.tasks,
        "awaited": letters,
        "drafts_by_rule": waiting.letters_by_rule if waiting else 0,
        "opened": opened,
        "today": request.as_of or request.standing.today,
        "many": request.as_of is None and sum(bool(task.affirms) for task in rows) > 1,
    }
    return render(request, "desk/desk.html", context, status=status)
