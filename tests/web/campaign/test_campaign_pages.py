"""The campaign's page: who sees it, pinning and releasing the business date."""

import datetime as dt

import pytest
from django.test import Client

from guatu.loop.actions.escalating import take_steps
from guatu.register.campaign import business_date, calendar_day, current, pin_business_date
from guatu.register.enums import Role
from guatu.register.models import Event, Holding, Organisation
from tests.factories import (
    NOON,
    TODAY,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_unit,
    system_act,
)
from tests.loop.builders import issued, make_loop

pytestmark = pytest.mark.django_db
PAGE, PIN, RELEASE = "/campaign/", "/campaign/pin/", "/campaign/release/"
DAY = "2025-04-01"


@pytest.fixture
def unit() -> Organisation:
    root = make_district()
    make_campaign(root)
    return make_unit(root, "示例专班")


@pytest.fixture
def office(client: Client, unit: Organisation) -> Client:
    client.force_login(make_officer(make_post(unit, Role.OFFICE)))
    return client


def pinned() -> dt.date | None:
    campaign = current()
    assert campaign is not None
    return campaign.pinned_date


def test_page_when_system_administrator_then_read_only(client: Client, unit: Organisation) -> None:
    client.force_login(make_officer(make_post(unit, Role.SYSTEM_ADMIN)))
    text = client.get(PAGE).content.decode()
    assert ("示例攻坚年" in text, "固定，不随日历" in text, "解除固定" in text) == (
        True,
        True,
        False,
    )
    assert [client.get(address).status_code for address in (PIN, RELEASE)] == [404, 404]


def test_pin_when_first_posted_then_checked_and_nothing_saved(office: Client) -> None:
    told = {"day": DAY, "reason": "演练", "shown": str(TODAY)}
    answer = office.post(PIN, told)
    text = answer.content.decode()
    assert "由 2025-03-18 调整为 2025-04-01" in text
    assert f'type="hidden" name="day" value="{DAY}"' in text
    assert (answer.status_code, pinned()) == (200, TODAY)


def test_pin_when_reminders_follow_or_are_taken_back_then_the_check_says_how_many(
    db: None, client: Client
) -> None:
    del db
    place = make_loop()
    issued(place, dt.date(2025, 9, 30))
    client.force_login(place.office.officer)
    told = {"day": "2025-12-31", "reason": "演练", "shown": str(TODAY)}
    assert "随后将按规则逐级提醒 5 项次" in client.post(PIN, told).content.decode()
    take_steps(system_act(NOON, dt.date(2025, 12, 31)))
    campaign = current()
    assert campaign is not None
    pin_business_date(system_act(reason="误设"), campaign, dt.date(2025, 12, 31))
    back = {"day": str(TODAY), "reason": "改回", "shown": "2025-12-31"}
    text = client.post(PIN, back).content.decode()
    assert "按较晚日期作出的逐级提醒收回 5 项次，未经改动的函稿撤回" in text


def test_pin_when_confirmed_then_pinned_and_told_in_history(office: Client) -> None:
    told = {"day": DAY, "reason": "演练", "shown": str(TODAY), "checked": "1"}
    assert office.post(PIN, told).status_code == 302
    assert business_date() == dt.date(2025, 4, 1)
    event = Event.objects.get(verb="campaign.pin")
    assert (event.changes, event.reason) == ({"pinned_date": [str(TODAY), DAY]}, "演练")
    text = office.get(PAGE).content.decode()
    assert "理由：演练" in text


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"reason": ""}, "请填写此项"),
        ({"day": "1999-12-31"}, "业务日期的年份不正确"),
        ({"day": "2024-12-31"}, "没有专班岗位的任职"),
        ({"shown": "2025-03-01"}, "刚被别人调整过"),
    ],
)
def test_pin_when_something_is_wrong_then_said_and_nothing_saved(
    office: Client, told: dict[str, str], sentence: str
) -> None:
    good = {"day": DAY, "reason": "演练", "shown": str(TODAY), "checked": "1"}
    answer = office.post(PIN, good | told)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert pinned() == TODAY


def test_release_when_confirmed_then_calendar_and_address_gone(office: Client) -> None:
    assert "核对：解除固定业务日期" in office.get(RELEASE).content.decode()
    assert office.post(RELEASE, {"reason": "演练结束", "shown": str(TODAY)}).status_code == 302
    assert (pinned(), business_date()) == (None, calendar_day())
    assert office.get(RELEASE).status_code == 404


def test_release_when_nobody_would_be_left_then_refused(office: Client) -> None:
    Holding.objects.update(until=TODAY)
    answer = office.post(RELEASE, {"reason": "演练结束", "shown": str(TODAY)})
    assert (answer.status_code, pinned()) == (422, TODAY)
    assert "将无法再改回" in answer.content.decode()


def test_page_when_read_as_of_then_that_days_date_and_no_act(office: Client) -> None:
    office.post(PIN, {"day": DAY, "reason": "演练", "shown": str(TODAY), "checked": "1"})
    today = office.get(PAGE, {"as_of": str(calendar_day())}).content.decode()
    assert ("2025-04-01" in today, "调整固定日期" in today) == (True, False)
    before = office.get(PAGE, {"as_of": "2025-03-01"}).content.decode()
    assert ("随日历" in before, "理由：演练" in before) == (True, False)
