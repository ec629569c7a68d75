"""A post changes hands: everything open is listed, handed over, accepted; nothing is lost."""

import datetime as dt

import pytest

from guatu.campaign.tick import run
from guatu.loop.actions import (
    ask_extension,
    draft_duty,
    end_co_owner,
    issue,
    name_co_owner,
    raise_blocker,
)
from guatu.loop.actions.handing_over import accept, hand_over, query
from guatu.loop.enums import DutySource, HandoverState, ItemKind, ItemState, Strength
from guatu.loop.handover_things import open_things
from guatu.loop.models import Activity, CoOwner, Duty, Handover
from guatu.loop.queries.desk import desk_of
from guatu.loop.queries.handovers import handovers_in_sight, tasks_of
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Holding, Party
from guatu.register.officers import deactivate_officer
from guatu.register.policies import Standing, may, standing_of
from guatu.register.posts import hold_post, release_post
from guatu.register.recording import create
from guatu.register.sealing import seal, verify
from guatu.register.versions import rows_as_of
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, doing, drafted, issued, on
from tests.loop.letters import sent

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def busy(place: District) -> None:
    """Give the owner's post one open thing of many kinds."""
    promised = draft_duty(
        act_of(place.office),
        kind="task",
        subject=place.subject,
        title="确保示例道路完工",
        source=DutySource.PAPER,
        owner_post=place.owner_post,
        leader_post=place.leader_post,
        strength=Strength.ENSURE,
        due=TODAY + 2 * DAY,
    )
    issue(on(place.office, -10), promised)
    ask_extension(act_of(place.owner), doing(place), to_due=dt.date(2025, 6, 1), reason="天气")
    helped = issued(place, owner_post=place.stranger_post)
    name_co_owner(act_of(place.office), helped, place.owner_post)
    raised(place)
    there = bureau(place, "示例财政局")
    raise_blocker(
        act_of(place.office),
        _spot(issued(place, owner_post=there.post)),
        "funds",
        remover=_remover(place),
    )
    sent(place, addressee=place.owner_post)
    node = Activity(
        subject=place.subject,
        node="n1",
        name="示例节点",
        stage="s1",
        sequence=1,
        due=TODAY,
        owner_post=place.owner_post,
    )
    create(system_act(), "timetable.add", node)
    named = Party(subject=place.subject, role=PartyRole.SPECIALIST, post=place.owner_post)
    create(system_act(), "party.add", named)


def _spot(duty: Duty):  # noqa: ANN202 -- a spot
    from guatu.loop.removers import Spot  # noqa: PLC0415 -- one use

    return Spot(duty.subject, duty=duty)


def _remover(place: District):  # noqa: ANN202 -- a remover
    from guatu.loop.removers import Remover  # noqa: PLC0415 -- one use

    return Remover(place.unit, place.owner_post)


def changes(place: District) -> tuple[Handover, Standing]:
    """Let the owner leave today and a successor take the post tomorrow."""
    holding = Holding.objects.get(post=place.owner_post)
    release_post(system_act(), holding, until=TODAY)
    successor = make_officer(name="示例接任")
    hold_post(system_act(), place.owner_post, successor, since=TODAY + DAY)
    return Handover.objects.get(), standing_of(successor, TODAY + DAY)


def test_handover_when_post_changes_hands_then_nothing_is_lost(place: District) -> None:
    busy(place)
    run(NOON)
    before = {thing.key for thing in open_things(place.owner_post)}
    row, successor = changes(place)
    listed = set(row.items.values_list("kind", "thing_key"))
    assert listed == before
    kinds = {kind for kind, _ in listed}
    assert kinds >= {
        ItemKind.PROMISE,
        ItemKind.DUTY,
        ItemKind.HELPED,
        ItemKind.RAISED,
        ItemKind.WAITING,
        ItemKind.ANSWER,
        ItemKind.NODE,
        ItemKind.NAMED,
    }
    told = " ".join(row.items.values_list("words", flat=True))
    assert ("2025-03-18 已提醒责任岗位" in told, "延至 2025-06-01，待批" in told) == (True, True)
    # A duty more between the drawing and the handing over is not lost either.
    late = issued(place)
    leaving = act_of(place.owner)
    hand_over(leaving, row, remarks={row.items.first().pk: "材料在柜中"}, note="均已说明")
    assert row.items.filter(kind=ItemKind.DUTY, thing_key=late.pk).exists()
    accept(on(successor), row)
    row.refresh_from_db()
    assert (row.state, row.incoming, row.accepted_by) == (
        HandoverState.DONE,
        successor.officer,
        successor.officer,
    )
    after = {thing.key for thing in open_things(place.owner_post)}
    assert after == {*before, ("duty", late.pk)}
    owed = Duty.objects.filter(pk__in=[key for kind, key in after if kind in {"promise", "duty"}])
    assert all(may(successor, "duty.report", duty) for duty in owed)
    gone = standing_of(place.owner.officer, TODAY + DAY)
    assert not any(may(gone, "duty.report", duty) for duty in owed)
    desk = desk_of(successor)
    shown = {task.duty.pk for group in desk.groups for task in group.tasks}
    assert len(shown & set(owed.values_list("pk", flat=True))) + desk.calm >= len(owed)
    seal(NOON + 2 * DAY)
    assert verify().faults == []


def test_handover_when_life_is_lived_then_states_follow_and_past_is_kept(place: District) -> None:
    duty = issued(place)
    other = issued(place)
    row, successor = changes(place)
    assert (row.state, row.hand_due) == (HandoverState.DRAWN, dt.date(2025, 3, 21))
    with pytest.raises(Invalid, match="待移交，不能接收"):
        accept(on(successor), row)
    hand_over(act_of(place.owner), row, remarks={})
    first, second = row.items.order_by("pk")
    query(on(successor), row, first, words="附件在哪里？")
    assert (row.state, row.accept_due) == (HandoverState.QUERIED, dt.date(2025, 3, 26))
    accept(on(successor), row, items=[second])
    with pytest.raises(Invalid, match="余下 1 项有疑问"):
        accept(on(successor), row)
    with pytest.raises(Invalid, match="请先答复再移交"):
        hand_over(on(place.owner), row, remarks={})
    hand_over(on(place.owner), row, remarks={first.pk: "在档案室"})
    first.refresh_from_db()
    assert (first.state, first.query, first.answer) == (
        ItemState.OPEN,
        "附件在哪里？",
        "在档案室",
    )
    with pytest.raises(Stale):
        accept(on(successor, 2), row, expected_revision=row.revision - 1)
    accept(on(successor, 2), row)
    states = [rows_as_of(Handover, TODAY + n * DAY).get().state for n in range(3)]
    assert states == [HandoverState.HANDED, HandoverState.HANDED, HandoverState.DONE]
    assert {duty.pk, other.pk} == set(row.items.values_list("duty_id", flat=True))
    with pytest.raises(Forbidden):
        hand_over(on(place.owner, 2), row, remarks={})


def test_handover_when_thing_was_done_meanwhile_then_marked_and_not_to_accept(
    place: District,
) -> None:
    helped = issued(place, owner_post=place.stranger_post)
    name_co_owner(act_of(place.office), helped, place.owner_post)
    row, successor = changes(place)
    end_co_owner(act_of(place.office), CoOwner.objects.get())
    hand_over(act_of(place.owner), row, remarks={})
    assert (row.state, row.items.get().settled) == (HandoverState.DONE, True)
    assert tasks_of(successor) == []


def test_handover_when_post_owes_nothing_then_none_is_drawn(place: District) -> None:
    drafted(place)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    assert Handover.objects.count() == 0


def test_handover_when_account_was_closed_then_head_or_office_hands_over(place: District) -> None:
    duty = issued(place)
    colleague = standing_of(make_officer(make_post(place.unit, title="综合岗")), TODAY)
    deactivate_officer(system_act(reason="调离"), place.owner.officer, reason="调离")
    row = Handover.objects.select_related("post__organisation", "outgoing").get()
    assert may(colleague, "handover.give", row)
    assert may(place.office, "handover.give", row)
    assert not may(place.stranger, "handover.give", row)
    assert not may(place.leader, "handover.give", row)
    hand_over(act_of(colleague), row, remarks={}, note="代为移交")
    assert (row.handed_by, row.incoming) == (colleague.officer, None)
    assert row.items.get().duty == duty


def test_handover_when_late_then_on_desks_of_head_and_office(place: District) -> None:
    issued(place)
    head = make_officer(make_post(place.unit, title="主任岗"))
    changes(place)
    late = TODAY + 14 * DAY
    desks = {
        name: [(task.verb, task.late) for task in tasks_of(standing_of(officer, late))]
        for name, officer in (
            ("head", head),
            ("office", place.office.officer),
            ("stranger", place.stranger.officer),
            ("outgoing", place.owner.officer),
        )
    }
    assert desks == {
        "head": [("代为移交", True)],
        "office": [("代为移交", True)],
        "stranger": [],
        "outgoing": [("移交", True)],
    }
    assert list(handovers_in_sight(place.stranger)) == []


def test_handover_when_vacant_post_is_taken_then_drawn_without_who_left(place: District) -> None:
    post = make_post(place.unit, title="新岗")
    issued(place, owner_post=post)
    officer = make_officer()
    hold_post(system_act(), post, officer, since=TODAY)
    row = Handover.objects.get()
    assert (row.outgoing, row.incoming, row.state) == (None, officer, HandoverState.DRAWN)
    standing = standing_of(officer, TODAY)
    assert [task.verb for task in tasks_of(standing)] == ["等待移交"]
    assert not may(standing, "handover.give", row)


def test_handover_when_term_ended_by_itself_then_timer_draws_it_once(place: District) -> None:
    issued(place)
    Holding.objects.filter(post=place.owner_post).update(until=TODAY - DAY)
    run(NOON)
    run(NOON + dt.timedelta(hours=1))
    row = Handover.objects.get()
    assert (row.outgoing, row.left_on, row.incoming) == (
        place.owner.officer,
        TODAY - DAY,
        None,
    )


def test_handover_when_deputy_or_leaver_then_may_not_accept(place: District) -> None:
    from guatu.register.absences import add_absence  # noqa: PLC0415 -- one use

    issued(place)
    row, successor = changes(place)
    hand_over(act_of(place.owner), row, remarks={})
    add_absence(
        on(successor),
        place.owner_post,
        since=TODAY + DAY,
        until=TODAY + 2 * DAY,
        deputy_post=place.stranger_post,
    )
    deputy = standing_of(place.stranger.officer, TODAY + DAY)
    assert place.owner_post.pk in deputy.post_ids
    found = [
        may(one, "handover.accept", row) for one in (successor, deputy, place.owner, place.office)
    ]
    assert found == [True, False, False, False]


def test_duties_when_post_is_vacant_then_on_desk_of_unit_head_who_may_report(
    place: District,
) -> None:
    head = standing_of(make_officer(make_post(place.unit, Role.LEADER, "局长")), TODAY)
    duty = issued(place)
    assert not may(head, "duty.report", duty)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY - DAY)
    tasks = [task for group in desk_of(head).groups for task in group.tasks]
    assert [task.duty.pk for task in tasks] == [duty.pk]
    assert tasks[0].why.startswith(f"{place.owner_post}空缺，由您代管")
    head = standing_of(head.officer, TODAY)
    assert may(head, "duty.report", duty)
    assert not may(place.stranger, "duty.report", duty)
