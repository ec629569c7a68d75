"""Many firms to another unit, street or specialist: looked at first, then done at once."""

from typing import Any

import pytest
from django.test import Client

from guatu.growth.actions import appoint_specialist
from guatu.growth.models import Service
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Enterprise, Event, Party
from guatu.register.policies import Standing
from tests.factories import (
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_post,
    make_standing,
    make_unit,
)
from tests.web.confirming import confirm, look, told

pytestmark = pytest.mark.django_db
GIVE, SERVE = "/enterprises/bulk/give/", "/enterprises/bulk/serve/"


class Place:
    """Two units, a street, an office and three firms of the first unit."""

    def __init__(self) -> None:
        district = make_district()
        make_campaign(district)
        self.unit, self.other = make_unit(district, "示例工信局"), make_unit(district, "示例商务局")
        self.street = make_unit(district, "示例街道", kind=OrganisationKind.STREET)
        self.office = make_standing(district, Role.OFFICE)
        self.clerk = make_standing(self.unit)
        self.post = make_post(self.unit, Role.SPECIALIST, "示例专员甲")
        self.later = make_post(self.unit, Role.SPECIALIST, "示例专员乙")
        act = act_of(self.office)
        names = ("示例机械厂", "示例电缆厂", "示例食品厂")
        self.firms = [add_enterprise(act, name=name, unit=self.unit) for name in names]


@pytest.fixture
def place() -> Place:
    return Place()


def browser(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def keys(rows: list[Enterprise]) -> list[str]:
    return [str(row.subject.public_id) for row in rows]


def test_firms_when_given_then_unit_and_street_change_with_one_event_a_row(place: Place) -> None:
    office = browser(place.office)
    sent: dict[str, Any] = {
        "row": keys(place.firms[:2]),
        "unit": place.other.pk,
        "street": place.street.pk,
        "reason": "示例调整",
    }
    moving, refused = told(look(office, GIVE, sent))
    assert (moving[0], len(moving), refused) == (
        "QY-00001 示例机械厂（示例工信局 · 街道未登记 · 没有专员）",
        2,
        [],
    )
    assert confirm(office, GIVE, sent)["Location"] == "/enterprises/"
    rows = Enterprise.objects.order_by("pk").values_list("subject__unit", "street")
    assert list(rows) == [(place.other.pk, place.street.pk)] * 2 + [(place.unit.pk, None)]
    told_events = Event.objects.filter(verb__in=["enterprise.edit", "subject.edit"])
    assert sorted(told_events.values_list("verb", "reason")) == [
        ("enterprise.edit", "示例调整"),
        ("enterprise.edit", "示例调整"),
        ("subject.edit", "示例调整"),
        ("subject.edit", "示例调整"),
    ]


def test_firms_when_all_of_a_filter_then_those_it_keeps(place: Place) -> None:
    office = browser(place.office)
    sent = {"all": "q=示例机械厂", "street": place.street.pk, "reason": "示例调整"}
    assert len(told(look(office, GIVE, sent))[0]) == 1
    confirm(office, GIVE, sent)
    assert Enterprise.objects.filter(street=place.street).get().name == "示例机械厂"


def test_firms_when_a_clerk_takes_those_of_another_unit_then_they_stay(place: Place) -> None:
    stranger = browser(make_standing(place.other))
    page = stranger.post(GIVE, {"row": keys(place.firms)})
    assert page["Location"] == "/enterprises/"
    assert not Enterprise.objects.exclude(subject__unit=place.unit).exists()


def test_specialist_when_given_to_many_then_the_former_ends_and_sees_them_no_more(
    place: Place,
) -> None:
    appoint_specialist(act_of(place.office), place.firms[0].subject, place.post)
    appoint_specialist(act_of(place.office), place.firms[1].subject, place.later)
    office = browser(place.office)
    sent = {"row": keys(place.firms), "post": place.later.public_id, "reason": "示例轮换"}
    moving, refused = told(look(office, SERVE, sent))
    assert moving == [
        "QY-00001 示例机械厂（示例工信局 · 街道未登记 · 示例工信局示例专员甲）",
        "QY-00003 示例食品厂（示例工信局 · 街道未登记 · 没有专员）",
    ]
    assert [why for _, why in refused] == ["已经由这一岗位服务"]
    confirm(office, SERVE, sent)
    serving = Service.objects.filter(until=None).values_list("post", flat=True)
    assert list(serving) == [place.later.pk] * 3
    ended = Service.objects.exclude(until=None).get()
    assert (ended.post, ended.until, ended.reason) == (place.post, TODAY, "示例轮换")
    named = Party.objects.filter(ended=False).values_list("subject", "post")
    assert sorted(named) == sorted((firm.subject_id, place.later.pk) for firm in place.firms)
    assert Event.objects.filter(verb="service.begin", reason="示例轮换").count() == 2


def test_specialist_when_the_service_changed_after_the_look_then_nothing_is_done(
    place: Place,
) -> None:
    office = browser(place.office)
    sent = {"row": keys(place.firms[:1]), "post": place.later.public_id, "reason": "示例轮换"}
    page = look(office, SERVE, sent)
    appoint_specialist(act_of(place.office), place.firms[0].subject, place.post)
    again = office.post(SERVE, {**sent, "checked": "1", "seal": page.context["seal"]})
    assert again.status_code == 422
    assert Service.objects.get(until=None).post == place.post


def test_list_when_a_firm_looks_then_no_step_is_offered(place: Place) -> None:
    assert len(browser(place.office).get("/enterprises/").context["bulk"]) == 2
    leader = make_standing(place.other, Role.LEADER)
    assert browser(leader).get("/enterprises/").context["bulk"] == []
