"""Hand-overs that end by themselves, days to accept, posts that still owe something."""

import datetime as dt

import pytest

from guatu.campaign.tick import run
from guatu.loop.actions import draft_duty, draft_letter, issue
from guatu.loop.actions.handing_over import accept, hand_over
from guatu.loop.enums import DutySource, HandoverState, ItemKind
from guatu.loop.models import Duty, Handover
from guatu.loop.queries.handovers import tasks_of, without_anybody
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Event, Holding, Officer
from guatu.register.officers import deactivate_officer, reactivate_officer
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import close_post, hold_post, release_post
from tests.factories import TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.loop.builders import District, issued, on
from tests.loop.gatherings import called
from tests.loop.letters import draft

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def left(place: District, until: dt.date = TODAY - DAY) -> Handover:
    """The owner left; their list is drawn."""
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=until)
    return Handover.objects.select_related("post__organisation", "outgoing").get()


def take(place: District, officer: Officer, since: dt.date) -> Standing:
    hold_post(system_act(), place.owner_post, officer, since=since)
    return standing_of(officer, since)


def test_post_when_anything_open_names_it_then_not_closed_and_what_is_told(
    place: District,
) -> None:
    duty = issued(place)
    row = left(place)
    with pytest.raises(Invalid, match="还有事项落在该岗位：责任事项 1 项。请专班先改派"):
        close_post(system_act(), place.owner_post, reason="机构改革")
    assert without_anybody(standing_of(place.office.officer, TODAY)) == [duty]
    Duty.objects.filter(pk=duty.pk).update(owner_post=place.stranger_post)
    close_post(system_act(), place.owner_post, reason="机构改革")
    row.refresh_from_db()
    assert (row.state, row.done_on, row.is_open) == (HandoverState.ENDED, TODAY, False)
    assert row.ended_why == "岗位已停用且没有未结事项，不再交接。"


def test_post_when_only_its_unit_is_named_then_closed(place: District) -> None:
    duty = draft_duty(
        act_of(place.office),
        kind="task",
        subject=place.subject,
        title="推进单位事项",
        source=DutySource.PAPER,
        owner_unit=place.unit,
        leader_post=place.leader_post,
        due=TODAY + DAY,
    )
    issue(act_of(place.office), duty)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY - DAY)
    close_post(system_act(), place.owner_post, reason="机构改革")
    assert without_anybody(standing_of(place.office.officer, TODAY)) == [duty]


def test_handover_when_leaver_takes_the_post_again_then_it_ends(place: District) -> None:
    issued(place)
    row = left(place)
    hand_over(act_of(place.owner), row, remarks={})
    back = take(place, place.owner.officer, TODAY)
    row.refresh_from_db()
    assert (row.state, row.ended_why) == (HandoverState.ENDED, "移交人已回到岗位，不再交接。")
    assert Event.objects.get(verb="handover.end").reason == row.ended_why
    assert tasks_of(back) == []
    # Who leaves again draws a new list.
    release_post(system_act(), Holding.objects.order_by("pk").last(), until=TODAY)
    assert Handover.objects.filter(state=HandoverState.DRAWN).count() == 1


def test_handover_when_closed_account_is_opened_again_then_it_ends(place: District) -> None:
    issued(place)
    deactivate_officer(system_act(), place.owner.officer, reason="误办")
    place.owner.officer.refresh_from_db()
    reactivate_officer(system_act(), place.owner.officer, reason="误办恢复")
    assert [row.state for row in Handover.objects.all()] == [HandoverState.ENDED]


def test_handover_when_somebody_else_holds_the_post_too_then_it_goes_on(place: District) -> None:
    issued(place)
    row = left(place)
    take(place, make_officer(name="示例接任"), TODAY)
    take(place, place.owner.officer, TODAY)
    row.refresh_from_db()
    assert row.is_open


def test_handover_when_leaver_was_back_before_then_timer_ends_it(place: District) -> None:
    issued(place)
    row = left(place)
    Holding.objects.filter(post=place.owner_post).update(until=None)
    run(system_act().at)
    row.refresh_from_db()
    assert row.state == HandoverState.ENDED


def test_accept_when_nobody_has_the_post_then_days_run_from_its_taking(place: District) -> None:
    issued(place)
    row = left(place)
    hand_over(act_of(place.owner), row, remarks={})
    assert row.accept_due is None
    take(place, make_officer(name="示例接任"), dt.date(2025, 4, 1))
    row.refresh_from_db()
    assert row.accept_due == dt.date(2025, 4, 9)


def test_desk_when_part_was_accepted_then_it_counts_what_is_left(place: District) -> None:
    issued(place)
    issued(place)
    row = left(place, TODAY)
    successor = take(place, make_officer(name="示例接任"), TODAY + DAY)
    row.refresh_from_db()
    hand_over(act_of(place.owner), row, remarks={})
    accept(on(successor), row, items=list(row.items.all()[:1]))
    task = tasks_of(successor)[0]
    assert (task.verb, task.total) == ("接收", 1)


def test_desk_when_account_of_who_leaves_is_closed_then_office_and_head_are_offered_it(
    place: District,
) -> None:
    issued(place)
    head = make_officer(make_post(place.unit, Role.LEADER, "局长"))
    stranger = make_officer(make_post(make_unit(place.root)))
    deactivate_officer(system_act(), place.owner.officer, reason="调离")
    verbs = [
        [task.verb for task in tasks_of(standing_of(one, TODAY))]
        for one in (place.office.officer, head, stranger)
    ]
    assert verbs == [["代为移交"], ["代为移交"], []]


def test_handover_when_leader_leaves_then_meetings_to_chair_and_own_drafts_are_listed(
    place: District,
) -> None:
    called(place)
    letter = draft_letter(act_of(place.leader), "supervision", duty=issued(place))
    draft(place)
    release_post(system_act(), Holding.objects.get(post=place.leader_post), until=TODAY)
    items = Handover.objects.get().items
    told = {kind: items.get(kind=kind).title for kind in (ItemKind.MEETING, ItemKind.DRAFT)}
    assert told == {ItemKind.MEETING: "示例调度会", ItemKind.DRAFT: letter.title}
