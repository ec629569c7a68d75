"""What stands where on whose desk, and in how many queries."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    ClaimGiven,
    ask_extension,
    name_co_owner,
    report,
    report_no_change,
    return_,
    submit_for_review,
)
from guatu.loop.queries import desk
from guatu.loop.queries.desk import decisions_for, desk_of
from guatu.register.policies import Standing
from tests.factories import TODAY, act_of, make_standing
from tests.loop.builders import District, doing, drafted, issued, on, submitted


def placed(standing: Standing) -> dict[str, list[tuple[str, int]]]:
    """Group → (verb, duty) of the desk, empty groups left out."""
    groups = desk_of(standing).groups
    return {g.key: [(t.verb, t.duty.pk) for t in g.tasks] for g in groups if g.tasks}


def days(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def test_desk_when_late_due_today_and_returned_then_returned_comes_first(
    place: District,
) -> None:
    late, today = issued(place, due=days(-3)), issued(place, due=TODAY)
    back, _ = submitted(place, due=days(60))
    return_(act_of(place.office), back, reason="缺少佐证")
    desk = desk_of(place.owner)
    assert [g.key for g in desk.groups] == ["returned", "late", "today", "week", "told"]
    assert placed(place.owner) == {
        "returned": [("重报", back.pk)],
        "late": [("办理并报告", late.pk)],
        "today": [("今天办完", today.pk)],
    }


def test_desk_when_asked_again_then_interval_follows_the_light(place: District) -> None:
    amber, green = issued(place, due=days(7)), issued(place, due=days(80))
    later = Standing(
        place.owner.officer,
        place.owner.posts,
        place.owner.roles,
        place.owner.paths,
        place.owner.area_ids,
        days(6),
    )
    report_no_change(act_of(place.owner), [amber, green])
    assert placed(later) == {"week": [("报告", amber.pk)]}
    assert desk_of(later).calm == 1


def test_desk_when_under_review_or_helping_then_only_to_know(place: District) -> None:
    waiting, _ = submitted(place)
    helped = issued(place, due=days(2), owner_post=place.stranger_post)
    name_co_owner(act_of(place.office), helped, place.owner_post)
    assert placed(place.owner) == {"told": [("等待核验", waiting.pk), ("配合", helped.pk)]}


def test_desk_when_a_late_duty_waits_for_review_then_since_when_and_for_whom_not_how_late(
    place: District,
) -> None:
    duty = issued(place, due=days(-3))
    done = [ClaimGiven("办结", closes=True)]
    report(act_of(place.owner), duty, text="已全部办完", claims=done)
    submit_for_review(on(place.owner, 2), duty)
    (task,) = next(g.tasks for g in desk_of(place.owner).groups if g.key == "told")
    assert (task.why, task.waiting_since) == ("已提请核验，等示例区政府副区长核验", days(2))
    told = decisions_for(place.leader)
    assert told is not None
    assert (told.late, [one.duty.pk for one in told.reviews]) == ([], [duty.pk])
    office = decisions_for(place.office)
    assert office is not None
    assert office.late_elsewhere == 0


def test_desk_when_task_may_be_affirmed_then_it_says_what(place: District) -> None:
    told, untold = doing(place, due=TODAY), issued(place, due=TODAY)
    tasks = {t.duty.pk: t.affirms for g in desk_of(place.owner).groups for t in g.tasks}
    assert tasks == {told.pk: "", untold.pk: "尚未开展"}


def test_desk_when_many_duties_then_queries_stay_the_same(
    place: District, django_assert_num_queries: object
) -> None:
    for _ in range(3):
        issued(place, due=TODAY)
    with django_assert_num_queries(5):  # type: ignore[operator]  # rules, own keys, rows, helped, news
        desk_of(place.owner)
    for _ in range(7):
        doing(place)
    with django_assert_num_queries(5):  # type: ignore[operator]
        desk_of(place.owner)


def test_decisions_when_more_than_are_listed_then_the_heading_counts_all(
    place: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        submitted(place)
    monkeypatch.setattr(desk, "DECISIONS_SHOWN", 2)
    seen = decisions_for(place.office)
    assert seen is not None
    assert (seen.waiting, seen.listed, len(seen.reviews)) == (3, 2, 2)


def test_decisions_when_unit_officer_then_none(place: District) -> None:
    assert decisions_for(place.owner) is None


def test_decisions_when_office_then_all_that_waits(place: District) -> None:
    review, claim = submitted(place)
    draft = drafted(place)
    extended = issued(place)
    asked = ask_extension(
        act_of(place.owner), extended, to_due=dt.date(2025, 5, 1), reason="等待批复"
    )
    claimed = issued(place)
    row = report(act_of(place.owner), claimed, text="进展", claims=[ClaimGiven("已开标")])
    found = decisions_for(place.office)
    assert found is not None
    assert [(r.duty, r.claims) for r in found.reviews] == [(review, [claim])]
    assert (found.drafts, found.extensions, found.waiting) == ([draft], [asked], 4)
    assert [c.report for c in found.claims] == [row]


def test_decisions_when_leader_then_only_what_they_vouch_for(place: District) -> None:
    late = issued(place, due=days(-2))
    other = make_standing(place.root, place.leader.posts[0].role)
    mine, theirs = decisions_for(place.leader), decisions_for(other)
    assert mine is not None
    assert theirs is not None
    assert ([t.duty for t in mine.late], mine.late_elsewhere) == ([late], 0)
    assert (theirs.late, theirs.late_elsewhere) == ([], 1)


def test_decisions_when_own_request_then_left_to_others(place: District) -> None:
    duty = issued(place, owner_post=place.leader_post)
    ask_extension(on(place.leader, 0), duty, to_due=dt.date(2025, 5, 1), reason="等待批复")
    found = decisions_for(place.leader)
    assert found is not None
    assert found.extensions == []
