"""走访: due by a dated rule, with its reason, cleared by the visit of a leader or a specialist."""

import datetime as dt

import pytest

from guatu.growth.actions import appoint_specialist, dismiss_specialist
from guatu.growth.actions.serving import serving
from guatu.growth.models import Service
from guatu.growth.queries import visit_due, visit_of, visits_on_desk
from guatu.growth.rules import visit_rule_on
from guatu.loop.actions.visits import add_finding, edit_visit, record_visit, withdraw_visit
from guatu.loop.models import Visit
from guatu.register.enterprises import add_enterprise
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Post, Rule, Subject
from guatu.register.policies import Standing
from tests.factories import TODAY, act_of, system_act
from tests.growth.conftest import Place

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def served_since(place: Place, day: dt.date) -> None:
    Service.objects.filter(subject=place.firm).update(since=day)


def visited(who: Standing, post: Post, firm: Subject, on: dt.date = TODAY) -> Visit:
    return record_visit(
        act_of(who), on=on, leader_post=post, subject=firm, text="示例走访", verdict="normal"
    )


def is_due(place: Place, day: dt.date = TODAY) -> bool:
    rows = Service.objects.filter(subject=place.firm)
    return rows.filter(visit_due(visit_rule_on(day), day)).exists()


def words(place: Place) -> list[str]:
    return [one.due.words for one in visits_on_desk(place.specialist)]


def test_visit_when_never_made_then_due_once_the_days_since_service_are_full(place: Place) -> None:
    served_since(place, TODAY - 29 * DAY)
    told = visit_of(serving(place.firm), TODAY)
    assert (told is not None and told.due, words(place), is_due(place)) == (False, [], False)
    served_since(place, TODAY - 30 * DAY)
    began = TODAY - 30 * DAY
    assert words(place) == [f"{began} 起由专员服务，还没有走访，已 30 天，满 30 天，该走访"]
    assert is_due(place)
    told = visit_of(serving(place.firm), TODAY)
    assert told is not None
    assert (told.reason["rule"]["key"], told.reason["since"]) == ("firm.visits", str(began))
    assert visits_on_desk(place.office) == visits_on_desk(place.stranger) == []


def test_visit_when_the_specialist_records_it_then_no_longer_due(place: Place) -> None:
    served_since(place, TODAY - 40 * DAY)
    mine = place.specialist.posts[0]
    made = visited(place.specialist, mine, place.firm, TODAY - DAY)
    told = visit_of(serving(place.firm), TODAY)
    assert told is not None
    assert told.words == f"最近走访 {TODAY - DAY}，已 1 天（每 30 天走访一次，还有 29 天）"
    assert (words(place), is_due(place)) == ([], False)
    withdraw_visit(act_of(place.specialist), made, reason="记错了")
    assert (len(words(place)), is_due(place)) == (1, True)


def test_visit_when_a_leader_was_there_then_it_counts_and_grows_old(place: Place) -> None:
    served_since(place, TODAY - 40 * DAY)
    visited(place.office, place.leader_post, place.firm)
    assert not is_due(place)
    assert (is_due(place, TODAY + 29 * DAY), is_due(place, TODAY + 30 * DAY)) == (False, True)
    assert visit_of(serving(place.firm), TODAY - DAY) is not None
    assert is_due(place, TODAY - DAY)  # the visit was not made yet


def test_firm_when_nobody_serves_it_or_no_rule_holds_then_never_due(place: Place) -> None:
    served_since(place, TODAY - 400 * DAY)
    assert is_due(place)
    Rule.objects.filter(key="firm.visits").delete()
    assert (is_due(place), visit_of(serving(place.firm), TODAY), words(place)) == (False, None, [])
    Service.objects.filter(subject=place.firm).update(until=TODAY)
    assert visit_of(serving(place.firm), TODAY) is None


def test_visit_when_recorded_for_what_one_does_not_serve_then_refused(place: Place) -> None:
    mine = place.specialist.posts[0]
    other = add_enterprise(system_act(), name="示例别家", unit=place.unit).subject
    with pytest.raises(Forbidden):
        visited(place.specialist, mine, other)
    with pytest.raises(Forbidden):
        visited(place.clerk, place.post, place.firm)
    with pytest.raises(Invalid, match="由专班或区领导记录"):
        visited(place.specialist, place.leader_post, place.firm)
    with pytest.raises(Invalid, match="专员记录"):
        visited(place.office, place.post, place.firm)
    made = visited(place.specialist, mine, place.firm)
    with pytest.raises(Invalid, match="专员记录"):
        add_finding(act_of(place.specialist), made, subject=other, text="示例", verdict="normal")
    with pytest.raises(Invalid, match="区领导"):
        edit_visit(
            act_of(place.specialist),
            made,
            on=TODAY,
            leader_post=place.leader_post,
            companions=[],
            note="",
        )
    assert Visit.objects.count() == 1


def test_clerk_when_named_specialist_then_records_the_visit_of_the_firm_served(
    place: Place,
) -> None:
    appoint_specialist(act_of(place.office), place.firm, place.post, reason="调整")
    assert visited(place.clerk, place.post, place.firm).leader_post == place.post
    with pytest.raises(Forbidden):
        visited(place.specialist, place.specialist.posts[0], place.firm)
    row = Service.objects.get(subject=place.firm, until=None)
    dismiss_specialist(act_of(place.office), place.firm, row, reason="示例")
    with pytest.raises(Forbidden):
        visited(place.clerk, place.post, place.firm, TODAY - DAY)
