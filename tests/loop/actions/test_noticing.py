"""Reading notices: by whom they are for, each officer for themselves."""

import datetime as dt

import pytest

from guatu.loop.actions import edit_duty
from guatu.loop.actions.escalating import take_steps
from guatu.loop.actions.noticing import read_all, read_notices
from guatu.loop.models import Notice, NoticeReading
from guatu.loop.queries.inbox import COUNTED, inbox_of, unread_count, unread_of
from guatu.register.enums import Role
from guatu.register.errors import Forbidden
from guatu.register.models import Event
from guatu.register.policies import standing_of
from tests.factories import NOON, TODAY, make_officer, make_post, system_act
from tests.loop.builders import District, issued, on

pytestmark = pytest.mark.django_db
DUE = TODAY + dt.timedelta(days=3)
DAY = dt.timedelta(days=1)


def told(days: int = 0) -> None:
    """Run the timer some days after the tests' day."""
    take_steps(system_act(NOON + days * DAY, TODAY + days * DAY))


def test_reading_when_one_is_read_then_older_ones_on_the_duty_are_too(place: District) -> None:
    for title, due in (("甲", DUE), ("乙", DUE + 4 * DAY)):
        issued(place, due, title=title)
    for days in range(6):
        told(days)
    said = [(row.duty.title, row.words["steps"]) for row in unread_of(place.owner) if row.duty]
    # The later reminder of 乙 stands for the one before.
    assert said == [("乙", ["near"]), ("甲", ["near"])]
    newest = unread_of(place.owner)[0]
    assert read_notices(on(place.owner, 6), [newest]) == 2
    assert {row.duty.title for row in unread_of(place.owner) if row.duty} == {"甲"}
    assert read_notices(on(place.owner, 6), [newest]) == 0
    assert read_all(on(place.owner, 6)) == 1
    assert unread_count(place.owner) == 0
    assert Event.objects.filter(verb="notice.read").count() == NoticeReading.objects.count() == 3


def test_reading_when_it_is_for_somebody_else_then_forbidden(place: District) -> None:
    issued(place, DUE)
    told()
    notice = Notice.objects.get()
    for standing in (place.stranger, place.office, place.leader):
        assert list(inbox_of(standing)) == []
        with pytest.raises(Forbidden):
            read_notices(on(standing), [notice])
    admin = standing_of(make_officer(make_post(place.unit, Role.SYSTEM_ADMIN, "管理岗")), TODAY)
    with pytest.raises(Forbidden):
        read_all(on(admin))
    assert NoticeReading.objects.count() == 0


def test_reading_when_for_a_unit_then_each_officer_reads_it_alone(place: District) -> None:
    colleague = standing_of(make_officer(make_post(place.unit, title="科员")), TODAY)
    duty = issued(place, DUE)
    edit_duty(on(place.office).because("改"), duty, owner_post=None, owner_unit=place.unit)
    told()
    # That it is given to the unit, and that it is due.
    assert (unread_count(place.owner), unread_count(colleague)) == (2, 2)
    read_all(on(place.owner))
    assert (unread_count(place.owner), unread_count(colleague)) == (0, 2)


def test_inbox_when_the_duty_goes_to_another_unit_then_its_notices_are_out_of_sight(
    place: District,
) -> None:
    duty = issued(place, DUE)
    told()
    assert unread_count(place.owner) == 1
    duty.subject.unit = place.stranger_post.organisation
    duty.subject.save()
    edit_duty(
        on(place.office).because("改"),
        duty,
        owner_post=place.stranger_post,
        owner_unit=place.stranger_post.organisation,
    )
    assert unread_count(place.owner) == 0


def test_inbox_when_read_as_of_a_past_day_then_as_told_and_read_by_then(place: District) -> None:
    issued(place, DUE)
    issued(place, DUE + 4 * DAY)
    for days in range(6):
        told(days)
    read_all(on(place.owner, 5))
    days = [TODAY - DAY, TODAY, TODAY + 4 * DAY, TODAY + 5 * DAY]
    assert [unread_count(place.owner, day) for day in days] == [0, 2, 2, 0]
    assert [inbox_of(place.owner, day).count() for day in days] == [0, 2, 3, 3]


def test_count_when_there_are_very_many_then_it_stops_at_a_hundred(place: District) -> None:
    duty = issued(place, DUE)
    Notice.objects.bulk_create(
        Notice(
            subject=duty.subject, duty=duty, kind="remind", post=place.owner_post, on=TODAY, at=NOON
        )
        for _ in range(COUNTED + 5)
    )
    assert unread_count(place.owner) == COUNTED
