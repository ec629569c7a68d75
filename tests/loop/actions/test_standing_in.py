"""Who stands in for a post has what it owes on the desk, may report on it, and the log says so."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    ask_extension,
    decide_extension,
    issue,
    report,
    report_no_change,
)
from guatu.loop.models import Duty, Report
from guatu.loop.queries.desk import desk_of
from guatu.loop.queries.handovers import without_anybody
from guatu.register.absences import add_absence
from guatu.register.enums import Role
from guatu.register.models import Event, Holding, Post
from guatu.register.policies import Standing, may, standing_of
from guatu.register.posts import release_post
from guatu.register.seats import Seats
from tests.factories import TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.loop.builders import District, drafted, issued

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def afresh(standing: Standing) -> Standing:
    return standing_of(standing.officer, TODAY)


def asked(standing: Standing) -> dict[Duty, str]:
    """Duties on the desk with why."""
    return {task.duty: task.why for group in desk_of(standing).groups for task in group.tasks}


def leave(post: Post, deputy: Post | None = None) -> None:
    add_absence(system_act(), post, since=TODAY, until=TODAY + DAY, deputy_post=deputy)


def words(post: Post) -> str:
    return Seats([post], TODAY).face(post).words


def test_duty_when_post_is_away_without_deputy_then_who_is_named_has_it_and_may_report(
    place: District,
) -> None:
    duty, mine = issued(place), issued(place, owner_post=_office_post(place))
    leave(place.owner_post)
    office = afresh(place.office)
    assert words(place.owner_post) == f"请假至 {TODAY + DAY}，由{_office_post(place)}代管"
    told = asked(office)
    assert told[duty].startswith(f"{place.owner_post}请假至 {TODAY + DAY}，由您代管")
    assert without_anybody(office) == []
    report_no_change(act_of(office), [mine, duty])
    posts = {row.duty: row.post for row in Report.objects.select_related("post")}
    assert posts == {mine: _office_post(place), duty: place.owner_post}
    behalf = Event.objects.filter(verb="duty.affirm").values_list("row", "behalf")
    assert dict(behalf) == {mine.pk: None, duty.pk: place.owner_post.pk}


def test_duty_when_head_of_the_unit_is_there_then_it_is_theirs_and_not_the_offices(
    place: District,
) -> None:
    head = standing_of(make_officer(make_post(place.unit, Role.LEADER, "局长")), TODAY)
    duty = issued(place)
    leave(place.owner_post)
    assert duty in asked(head)
    assert duty not in asked(afresh(place.office))
    assert (may(head, "duty.report", duty), may(afresh(place.office), "duty.report", duty)) == (
        True,
        False,
    )


def test_duty_when_post_is_vacant_then_office_may_report_in_its_stead(place: District) -> None:
    duty = issued(place)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY - DAY)
    office = afresh(place.office)
    assert (without_anybody(office), duty in asked(office)) == ([duty], False)
    report(act_of(office), duty, text="已代为摸排")
    assert Report.objects.get().post == place.owner_post
    assert Event.objects.get(verb="duty.report").behalf == place.owner_post
    asked_for = ask_extension(
        act_of(afresh(place.office)), duty, to_due=dt.date(2025, 6, 1), reason="天气"
    )
    assert Event.objects.get(verb="extension.ask", row=asked_for.pk).behalf == place.owner_post


def test_duty_when_its_post_is_out_of_use_then_nobody_answers_for_it(place: District) -> None:
    duty = issued(place)
    Holding.objects.filter(post=place.owner_post).update(until=TODAY - DAY)
    Post.objects.filter(pk=place.owner_post.pk).update(active=False)
    office = afresh(place.office)
    assert (without_anybody(office), may(office, "duty.report", duty)) == ([duty], False)


def test_extension_when_deputy_of_the_leader_decides_then_on_their_behalf(
    place: District,
) -> None:
    deputy = make_post(make_unit(place.root, "示例政府办"), Role.LEADER, "常务副区长")
    officer = make_officer(deputy)
    duty = issued(place)
    row = ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 6, 1), reason="天气")
    leave(place.leader_post, deputy)
    standing = standing_of(officer, TODAY)
    decide_extension(act_of(standing), row, approve=True)
    events = Event.objects.filter(verb__in=("extension.approve", "duty.extend"))
    assert set(events.values_list("behalf", flat=True)) == {place.leader_post.pk}
    # What somebody else vouches for they decide in their own right.
    issue(act_of(standing_of(officer, TODAY)), drafted(place, title="另一事项"))
    other = drafted(place, title="第三事项")
    Duty.objects.filter(pk=other.pk).update(leader_post=deputy)
    other.refresh_from_db()
    issue(act_of(standing_of(officer, TODAY)), other)
    issues = Event.objects.filter(verb="duty.issue").order_by("-pk")
    assert [event.behalf for event in issues[:2]] == [None, place.leader_post]


def _office_post(place: District) -> Post:
    return place.office.posts[0]
