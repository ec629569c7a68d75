"""An urge stands on the line of the desk where what it presses for is read, until it is met."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    accept_blocker,
    answer_blocker,
    name_co_owner,
    reject_answer,
    report,
    report_no_change,
    supplement,
    urge,
)
from guatu.loop.models import Duty
from guatu.loop.queries.blockers import turns_of
from guatu.loop.queries.desk import desk_of
from guatu.loop.queries.digest import digest_of
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import change
from tests.factories import TODAY, act_of, system_act
from tests.loop.blockers import Bureau, bureau, raised
from tests.loop.builders import District, issued, on

DAY = dt.timedelta(days=1)
Mark = tuple[str, dt.date | None, str | None]


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def tasks(standing: Standing, day: int = 0, as_of: dt.date | None = None) -> list[Mark]:
    """Group, day and body of the urge of each duty on a desk some days later."""
    later = standing_of(standing.officer, TODAY + day * DAY)
    groups = desk_of(later, as_of).groups
    return [
        (group.key, task.duty.urged_on, task.duty.urged_by)  # type: ignore[attr-defined]  # annotated by the query
        for group in groups
        for task in group.tasks
    ]


def turns(standing: Standing, day: int = 0, as_of: dt.date | None = None) -> list[Mark]:
    """Part, day and body of the urge of each blocker on a desk some days later."""
    later = standing_of(standing.officer, TODAY + day * DAY)
    return [
        (turn.part, turn.blocker.urged_on, turn.blocker.urged_by)  # type: ignore[attr-defined]  # annotated by the query
        for turn in turns_of(later, as_of)
    ]


def test_duty_when_urged_then_it_stands_under_today_marked_until_reported(
    place: District,
) -> None:
    duty = issued(place, TODAY + 80 * DAY)
    report_no_change(act_of(place.owner), [duty])
    assert tasks(place.owner) == []
    urge(on(place.office, 1), duty)
    assert tasks(place.owner, 1) == [("today", TODAY + DAY, "示例专班")]
    assert tasks(place.owner, 3) == [("today", TODAY + DAY, "示例专班")]
    report(on(place.owner, 3), duty, text="已有进展")
    assert tasks(place.owner, 3) == []
    assert tasks(place.owner, 3, TODAY + DAY) == [("today", TODAY + DAY, "示例专班")]
    assert tasks(place.owner, 3, TODAY) == []


def test_duty_when_only_a_helper_added_to_it_then_it_is_still_marked(place: District) -> None:
    duty = issued(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    urge(act_of(place.leader), duty)
    supplement(on(place.stranger, 1), duty, text="已配合")
    assert tasks(place.owner, 1) == [("today", TODAY, "示例区政府")]


def test_duty_when_given_to_another_unit_then_the_urge_is_not_theirs(place: District) -> None:
    duty = issued(place)
    urge(act_of(place.leader), duty)
    change(
        system_act(),
        "duty.edit",
        Duty.objects.get(pk=duty.pk),
        owner_post=place.stranger_post,
        owner_unit=place.stranger_post.organisation,
    )
    assert [mark[1:] for mark in tasks(place.stranger)] == [(None, None)]


def test_blocker_when_urged_then_marked_for_who_owes_the_step_until_it_is_taken(
    place: District, finance: Bureau
) -> None:
    blocker = accept_blocker(act_of(finance.standing), raised(place, finance.remover))
    assert turns(finance.standing) == [("remover", None, None)]
    urge(on(place.owner, 1), blocker)
    assert turns(finance.standing, 2) == [("remover", TODAY + DAY, "示例工信局")]
    assert turns(finance.standing, 2, TODAY) == [("remover", None, None)]
    answer_blocker(on(finance.standing, 2), blocker, answer="资金已拨付")
    assert turns(place.owner, 2) == [("raiser", None, None)]
    urge(on(finance.standing, 2), blocker)
    assert turns(place.owner, 3) == [("raiser", TODAY + 2 * DAY, "示例财政局")]
    reject_answer(on(place.owner, 3), blocker, reason="尚未到账")
    assert turns(finance.standing, 3) == [("remover", None, None)]


def test_desks_when_many_were_urged_then_no_query_more(
    place: District,
    finance: Bureau,
    django_assert_num_queries: object,
) -> None:
    for _ in range(3):
        urge(act_of(place.leader), issued(place, TODAY))
        urge(act_of(place.leader), raised(place, finance.remover))
    with django_assert_num_queries(5):  # type: ignore[operator]  # rules, own keys, rows, helped, news
        desk_of(place.owner)
    with django_assert_num_queries(3):  # type: ignore[operator]  # blockers, two of working days
        assert len(turns_of(finance.standing)) == 3


def test_digest_when_somebody_urged_then_told_to_who_sees_it(
    place: District, finance: Bureau
) -> None:
    duty, blocker = issued(place), raised(place, finance.remover)
    first, second = urge(act_of(place.leader), duty), urge(act_of(place.office), blocker)
    seen = digest_of(place.office, TODAY)
    assert (list(seen.urged), seen.urged_in_all) == ([first, second], 2)
    assert list(digest_of(place.stranger, TODAY).urged) == []
    assert list(digest_of(place.office, TODAY + DAY).urged) == []
    assert list(digest_of(place.office, TODAY, TODAY - DAY).urged) == []
