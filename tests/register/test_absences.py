"""Absences and deputies: who may act for whom, for how long, and that the log says so."""

import datetime as dt

import pytest

from guatu.register.absences import add_absence, end_absence
from guatu.register.enums import Role, Told
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Absence, Event, Holding, Organisation, Post
from guatu.register.policies import Standing, may, require, standing_of
from guatu.register.posts import release_post
from guatu.register.recording import note
from guatu.register.rules import load_shipped
from guatu.register.sealing import seal, verify
from guatu.register.seats import Seats
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_subject,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
EDIT = "enterprise.edit"
LAST = TODAY + 4 * DAY


@pytest.fixture
def root() -> Organisation:
    load_shipped()
    made = make_district()
    make_campaign(made)
    return made


def three(root: Organisation) -> list[Post]:
    """Three posts of three units, each held."""
    posts = [make_post(make_unit(root, f"示例{name}局")) for name in "甲乙丙"]
    for post in posts:
        make_officer(post)
    return posts


def holder(post: Post, day: dt.date = TODAY) -> Standing:
    """Standing of who holds a post."""
    return standing_of(Holding.objects.get(post=post).officer, day)


def away(post: Post, deputy: Post | None, since: dt.date = TODAY, until: dt.date = LAST) -> Absence:
    """Absence registered by who holds the post."""
    return add_absence(act_of(holder(post)), post, since=since, until=until, deputy_post=deputy)


def test_absence_when_it_runs_then_deputy_sees_and_acts_and_it_ends_by_itself(
    root: Organisation,
) -> None:
    first, second, _ = three(root)
    away(first, second)
    officer = holder(second).officer
    thing = make_subject(first.organisation)
    found = {
        str(day): may(standing_of(officer, day), EDIT, thing)
        for day in (TODAY - DAY, TODAY, LAST, LAST + DAY)
    }
    assert list(found.values()) == [False, True, True, False]
    # A business date that is set back to a day within it brings it back; there is no state to undo.
    assert standing_of(officer, TODAY).post_ids == (second.pk, first.pk)
    assert first.organisation.path in standing_of(officer, TODAY).paths


def test_absence_when_deputy_acts_then_event_says_for_whom_and_own_acts_do_not(
    root: Organisation,
) -> None:
    first, second, _ = three(root)
    away(first, second)
    for post in (first, second):
        act = act_of(holder(second))
        require(act.standing, EDIT, make_subject(post.organisation))
        note(act, "post.edit", post)
    told = Event.objects.filter(verb="post.edit").order_by("pk")
    assert list(told.values_list("behalf_id", flat=True)) == [first.pk, None]
    seal(NOON)
    assert verify().faults == []
    told.filter(behalf=first).update(behalf=second)
    assert [fault.kind for fault in verify().faults] == ["link"]


def test_absence_when_deputy_is_away_too_then_next_in_chain_or_nobody(
    root: Organisation,
) -> None:
    first, second, third = three(root)
    away(first, second)
    away(second, third, until=TODAY + DAY)
    away(third, None, since=TODAY + DAY, until=TODAY + DAY)
    acting = {
        day: [
            name
            for name, post in (("second", second), ("third", third))
            if first.pk in standing_of(holder(post).officer, day).post_ids
        ]
        for day in (TODAY, TODAY + DAY, LAST)
    }
    assert acting == {TODAY: ["third"], TODAY + DAY: [], LAST: ["second"]}
    assert Seats([first], TODAY + DAY).face(first).words == f"请假至 {LAST}，无人代理"


def test_absence_when_deputies_would_run_in_a_circle_then_refused_naming_it(
    root: Organisation,
) -> None:
    first, second, third = three(root)
    away(first, second)
    away(second, third)
    with pytest.raises(Invalid, match="代理成了一圈：") as caught:
        away(third, first, since=LAST, until=LAST + 3 * DAY)
    assert f"{third}→{first}→{second}→{third}" in str(caught.value)
    with pytest.raises(Invalid, match="不能由本岗位代理自己"):
        away(third, third)
    # On other days there is no circle.
    away(third, first, since=LAST + DAY, until=LAST + 3 * DAY)


@pytest.mark.parametrize(
    ("role", "deputy"),
    [
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        (Role.AUDIT_ADMIN, Role.OFFICE),
        (Role.UNIT, Role.SYSTEM_ADMIN),
        (Role.STATISTICIAN, Role.UNIT),
        (Role.UNIT, Role.STATISTICIAN),
        (Role.LEADER, Role.UNIT),
        (Role.LEADER, Role.OFFICE),
    ],
)
def test_absence_when_roles_do_not_go_together_then_refused(
    root: Organisation, role: Role, deputy: Role
) -> None:
    post, other = make_post(make_unit(root), role), make_post(make_unit(root), deputy)
    make_officer(post)
    make_officer(other)
    with pytest.raises(Invalid) as caught:
        away(post, other)
    assert caught.value.field == "deputy_post"
    assert Absence.objects.count() == 0


def test_absence_when_deputy_later_gets_a_role_apart_then_acts_no_more(root: Organisation) -> None:
    first, second, _ = three(root)
    away(first, second)
    officer = holder(second).officer
    statistics = make_post(make_unit(root), Role.STATISTICIAN)
    Holding.objects.create(officer=officer, post=statistics, since=TODAY, known_from=NOON)
    assert standing_of(officer, TODAY).acting == ()


def test_absence_when_who_registers_would_gain_then_refused(root: Organisation) -> None:
    office_post = make_post(make_unit(root), Role.OFFICE)
    office = standing_of(make_officer(office_post), TODAY)
    first, second, _ = three(root)
    leader = make_post(make_unit(root), Role.LEADER)
    make_officer(leader)
    told = {"since": TODAY, "until": LAST}
    with pytest.raises(Forbidden):
        add_absence(act_of(office), leader, deputy_post=office_post, **told)
    with pytest.raises(Invalid, match="不能指定自己代理他人"):
        add_absence(act_of(office), first, deputy_post=office_post, **told)
    away(first, second)
    # A deputy passes nothing on: only the posts held count.
    with pytest.raises(Forbidden):
        end_absence(act_of(holder(second)), Absence.objects.get(), until=TODAY)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (LAST, TODAY, "止期不能早于起期"),
        (TODAY - 9 * DAY, TODAY - DAY, "止期已过"),
        (TODAY - DAY, LAST, "起期不能早于今天 2025-03-18；已过的日子没有人代理过"),
        (TODAY, TODAY + 366 * DAY, "最长一年"),
    ],
)
def test_absence_when_days_cannot_be_then_refused(
    root: Organisation, since: dt.date, until: dt.date, words: str
) -> None:
    first, second, _ = three(root)
    with pytest.raises(Invalid, match=words):
        away(first, second, since, until)


def test_absence_when_ended_early_then_deputy_stops_and_versions_tell(root: Organisation) -> None:
    first, second, _ = three(root)
    row = away(first, second)
    with pytest.raises(Invalid, match="不能重叠"):
        away(first, second, until=TODAY)
    end_absence(act_of(holder(first)), row, until=TODAY)
    later = away(first, second, since=LAST, until=LAST)
    end_absence(act_of(holder(first)), later, until=TODAY)
    assert (row.until, row.cancelled, later.cancelled) == (TODAY, False, True)
    assert standing_of(holder(second).officer, TODAY + DAY).acting == ()
    assert Absence.objects.get(pk=row.pk).told == Told.BOTH


def test_absence_when_deputy_acted_on_its_first_day_then_it_ends_that_day(
    root: Organisation,
) -> None:
    first, second, _ = three(root)
    row = away(first, second)
    deputy = act_of(holder(second))
    require(deputy.standing, EDIT, make_subject(first.organisation))
    note(deputy, "post.edit", first)
    act = act_of(holder(first))
    end_absence(act, row, until=TODAY - DAY)
    assert (row.cancelled, row.until) == (False, TODAY)
    unused = away(second, None)
    end_absence(act_of(holder(second)), unused, until=TODAY - DAY)
    assert unused.cancelled is True


def test_seat_when_nobody_holds_it_then_head_of_unit_else_office_stands_in(
    root: Organisation,
) -> None:
    unit = make_unit(root, "示例局")
    post = make_post(unit, Role.SPECIALIST, "专员岗")
    office = make_post(make_unit(root, "示例专班"), Role.OFFICE)
    make_officer(office)
    holding = Holding.objects.get(officer=make_officer(post))
    release_post(system_act(), holding, until=TODAY - DAY)
    assert Seats([post], TODAY).face(post).words == f"空缺，由{office}代管"
    head = make_post(unit)
    make_officer(head)
    assert Seats([post], TODAY).face(post).instead == head
    assert Seats([post], TODAY - DAY).face(post).words == ""
