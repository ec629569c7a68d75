"""The agenda of a dispatch meeting: built from exceptions, arranged by hand, frozen at 定稿."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.engines.agenda import Ranked, cut, rank
from guatu.loop.actions.dispatches import check_chair, invite
from guatu.loop.actions.letters import reason_given
from guatu.loop.actions.summoning import tell_final, tell_off
from guatu.loop.dispatch_moves import begin
from guatu.loop.dispatch_rules import agenda_rule
from guatu.loop.exceptions import Found, exceptions_in
from guatu.loop.letter_text import checked_line, checked_text
from guatu.loop.models import AgendaItem, DispatchMeeting
from guatu.loop.queries.dispatches import (
    carried_from,
    counts_of,
    items_of,
    left_in,
    left_out,
    meeting_before,
    scope_of,
)
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.models import Organisation
from guatu.register.recording import Act, change, change_many, create, create_many, plain

STEP = 10
"""Distance between places, so that something fits between two."""
TITLE_LENGTH, ASK_LENGTH, REASON_LENGTH = 300, 300, 2000


@dataclass(frozen=True)
class Built:
    """What building changed: items that came, that are no exception any more, and that stand.

    ``left`` exceptions found no place.
    """

    added: int
    cleared: int
    standing: int
    left: int = 0


def build_agenda(
    act: Act, meeting: DispatchMeeting, *, expected_revision: int | None = None
) -> Built:
    """Put every exception of the day on the agenda; what a person arranged stays as arranged.

    Items taken off stay off and take no place; those that are no exception any more are marked
    已解除; those added by hand are left alone. What finds no place is counted by its cause.
    """
    begin(act, meeting, "build", expected_revision)
    rule = agenda_rule(act.business_date)
    every = exceptions_in(scope_of(meeting), rule, act.business_date)
    found = {one.told.thing: one for one in every}
    ranked = rank((one.told for one in every), rule.causes)
    known = {item.thing: item for item in AgendaItem.objects.filter(meeting=meeting) if item.thing}
    # What a person took off or put into its place takes none of the places of the others.
    arranged = {thing for thing, item in known.items() if item.dropped or item.moved}
    told = cut([one for one in ranked if one.thing not in arranged], rule.most, rule.each)
    kept = [*told.items, *(one for one in ranked if one.thing in arranged)]
    fresh, changes = [], []
    for number, one in enumerate(kept, start=1):
        values = _values(one, found[one.thing]) | {"cleared": False}
        order = {"tier": one.cause.tier, "place": number * STEP}
        item = known.pop(one.thing, None)
        if item is None:
            fresh.append(AgendaItem(meeting=meeting, thing=one.thing, **values, **order))
        else:
            changes.append((item, values if item.moved else values | order))
    gone = [(item, {"cleared": True}) for item in known.values() if item.stands]
    left = left_out(told.left, rule, known, found)
    with transaction.atomic():
        create_many(act, "agenda.add", fresh)
        change_many(act, "agenda.refresh", changes)
        change_many(act, "agenda.clear", gone)
        change(act, "dispatch.build", meeting, made_on=act.business_date, figures=left)
    outranked = left.get("outranked", ())
    solved = sum(1 for item, _ in gone if item.thing not in outranked)
    standing = sum(1 for item in items_of(None, meeting) if item.stands)
    return Built(len(fresh), solved, standing, len(told.left))


def _values(one: Ranked, found: Found) -> dict[str, object]:
    return {
        "cause": one.cause.code,
        "title": found.title[:TITLE_LENGTH],
        "reason": "；".join(reason.rstrip("。") for reason in one.reasons),
        "ask": one.cause.ask,
        "score": one.score,
        "unit": found.unit,
        "about": found.about,
        "duty": found.duty,
        "blocker": found.blocker,
        "letter": found.letter,
    }


def add_item(
    act: Act,
    meeting: DispatchMeeting,
    *,
    title: str,
    reason: str = "",
    ask: str = "",
    tier: int = 1,
    unit: Organisation | None = None,
    expected_revision: int | None = None,
) -> AgendaItem:
    """Add something by hand, at the end of its group."""
    begin(act, meeting, "arrange", expected_revision)
    _check_tier(tier)
    item = AgendaItem(
        meeting=meeting,
        title=checked_line(title, "议题", "title", TITLE_LENGTH),
        reason=checked_text(reason, "情况", "reason", REASON_LENGTH),
        ask=checked_text(ask, "请会议决定", "ask", ASK_LENGTH).replace("\n", " "),
        tier=tier,
        unit=unit,
        moved=True,
    )
    last = max((one.place for one in items_of(None, meeting)), default=0)
    item.place = last + STEP
    return create(act, "agenda.add", item)


def move_item(
    act: Act, item: AgendaItem, *, up: bool, expected_revision: int | None = None
) -> AgendaItem:
    """Change places with the neighbour of the same tier and unit; nothing at the end of both."""
    _begin(act, item, expected_revision)
    group = [
        one
        for one in items_of(None, item.meeting)
        if one.stands and (one.tier, one.unit_id) == (item.tier, item.unit_id)
    ]
    at = next((place for place, one in enumerate(group) if one.pk == item.pk), None)
    if at is None:
        raise Invalid("这个议题已不在议程上，请刷新后再调整。")
    to = at - 1 if up else at + 1
    if not 0 <= to < len(group):
        raise Invalid(f"「{item.title}」已排在本组的{'最前' if up else '最后'}。")
    other = group[to]
    places = (item.place, other.place)
    if places[0] == places[1]:
        places = (item.place, item.place - 1 if up else item.place + 1)
    changes = [
        (item, {"place": max(0, places[1]), "moved": True}),
        (other, {"place": places[0], "moved": True}),
    ]
    change_many(act, "agenda.move", changes)
    return item


def place_item(
    act: Act, item: AgendaItem, *, tier: int, ask: str = "", expected_revision: int | None = None
) -> AgendaItem:
    """Put an item into another tier, and say what the meeting is asked for."""
    _begin(act, item, expected_revision)
    _check_tier(tier)
    asked = checked_text(ask, "请会议决定", "ask", ASK_LENGTH).replace("\n", " ")
    return change(act, "agenda.move", item, tier=tier, ask=asked or item.ask, moved=True)


def drop_item(
    act: Act, item: AgendaItem, *, reason: str, expected_revision: int | None = None
) -> AgendaItem:
    """Take an item off the agenda; it stays recorded with the reason."""
    _begin(act, item, expected_revision)
    why = reason_given(reason, "移出议程")
    return change(act.because(why), "agenda.drop", item, dropped=True, dropped_reason=why)


def restore_item(act: Act, item: AgendaItem, *, expected_revision: int | None = None) -> AgendaItem:
    """Put an item back that was taken off."""
    _begin(act, item, expected_revision)
    if not item.dropped:
        raise Invalid(f"「{item.title}」没有移出议程。")
    return change(act, "agenda.restore", item, dropped=False, dropped_reason="")


def finalise(
    act: Act,
    meeting: DispatchMeeting,
    *,
    also: Sequence[Organisation] = (),
    expected_revision: int | None = None,
) -> DispatchMeeting:
    """筹备 → 定稿: the agenda no longer changes; figures and the last decisions are kept with it.

    The units of ``also`` are to attend, too; everybody who is gets told. Raises Invalid for an
    empty agenda and for a chair nobody holds on the day.
    """
    move = begin(act, meeting, "finalise", expected_revision)
    day = act.business_date
    check_chair(meeting.chair_post, meeting.on)
    before = meeting_before(meeting)
    carried = carried_from(None, before, day) if before is not None else []
    if not carried and not any(item.stands for item in items_of(None, meeting)):
        message = "议程还是空的：没有议题，也没有上次议定事项。请先「按例外编排」，或手工增加议题。"
        raise Invalid(message)
    rule = agenda_rule(day)
    found = exceptions_in(scope_of(meeting), rule, day)
    figures = {
        "day": plain(day),
        "counts": counts_of(found, rule),
        "carried": [one.as_json() for one in carried],
        "before": f"{before.title}（{before.on}）" if before is not None else "",
        **left_in(meeting),
    }
    with transaction.atomic():
        change(act, "dispatch.finalise", meeting, state=move.target, final_on=day, figures=figures)
        invite(act, meeting, also)
        tell_final(act, meeting)
    return meeting


def unfreeze(
    act: Act, meeting: DispatchMeeting, *, reason: str, expected_revision: int | None = None
) -> DispatchMeeting:
    """定稿 → 筹备, to be arranged again; not once something was decided on it."""
    move = begin(act, meeting, "unfreeze", expected_revision)
    why = reason_given(reason, "撤回定稿")
    if meeting.decisions.exists():
        raise Invalid("已经有议定事项，不能撤回定稿。")
    with transaction.atomic():
        change(
            act.because(why),
            "dispatch.unfreeze",
            meeting,
            state=move.target,
            final_on=None,
            figures=left_in(meeting),
        )
        tell_off(act, meeting, f"议程撤回修改，重新定稿后再通知：{why}")
    return meeting


def _begin(act: Act, item: AgendaItem, expected_revision: int | None) -> None:
    begin(act, item.meeting, "arrange")
    check_revision(item.revision, expected_revision)


def _check_tier(tier: int) -> None:
    if tier not in {1, 2, 3}:
        raise Invalid("请选择议题层次。", "tier")
