"""The log page: who did what, no business values; checking the chain, withdrawing a payload."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Role
from guatu.register.models import Enterprise, Event, Organisation, Seal
from guatu.register.sealing import seal, verify
from tests.factories import (
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
LOG = "/log/"


@pytest.fixture
def unit(tmp_path: Path, settings: Any) -> Organisation:  # noqa: ANN401 -- pytest-django's settings
    settings.GUATU_HOME = tmp_path
    district = make_district()
    make_campaign(district)
    return make_unit(district, "示例局")


@pytest.fixture
def auditor(client: Client, unit: Organisation) -> Client:
    client.force_login(make_officer(make_post(unit, Role.AUDIT_ADMIN, "审计岗")))
    return client


def page(event: Event, name: str = "event") -> str:
    return reverse(f"audit:{name}", args=[event.public_id])


def test_log_when_auditor_reads_then_acts_and_columns_but_no_business_value(
    auditor: Client, unit: Organisation
) -> None:
    add_enterprise(system_act(), name="示例秘方厂", unit=unit, address="示例路1号")
    event = Event.objects.get(verb="enterprise.add")
    for address in (LOG, page(event), f"{LOG}?q=秘方"):
        text = auditor.get(address).content.decode()
        assert "秘方厂" not in text
    text = auditor.get(LOG).content.decode()
    assert ("企业：新增" in text, "QY-00001" in text, "地址" in text) == (True, True, True)
    moved = Event.objects.filter(verb="organisation.add").latest("pk")
    assert "示例局" in auditor.get(page(moved)).content.decode()


def test_log_when_filtered_by_act_then_only_those(auditor: Client) -> None:
    text = auditor.get(LOG, {"verb": "post.hold"}).content.decode()
    assert text.count("<tr>") == 1 + Event.objects.filter(verb="post.hold").count()


def test_log_when_the_address_names_no_act_then_all_as_without(auditor: Client) -> None:
    listing = auditor.get(LOG, {"verb": "nonsense"}).context["listing"]
    assert listing.count == Event.objects.count()
    verbs = [chip.value for chip in listing.groups[-1].chips]
    assert verbs == sorted(set(Event.objects.values_list("verb", flat=True)))


def test_log_when_some_events_are_sealed_then_both_numbers_add_up(auditor: Client) -> None:
    seal(timezone.now())
    for query in ({}, {"verb": "post.hold"}):
        shown = auditor.get(LOG, query).context
        sealed, unsealed = shown["sealed_count"], shown["unsealed_count"]
        assert (sealed, sealed + unsealed) == (Seal.objects.count(), Event.objects.count())


def test_verify_when_pressed_then_result_shown_and_itself_recorded(
    auditor: Client, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    seal(timezone.now())
    assert "校验通过" in auditor.post(f"{LOG}verify/").content.decode()
    assert Event.objects.latest("pk").verb == "event.verify"
    Enterprise.objects.filter(pk=firm.pk).update(address="改过")
    text = auditor.post(f"{LOG}verify/").content.decode()
    assert ("发现改动" in text, "register.Enterprise" in text) == (True, True)


def test_head_when_downloaded_then_it_checks_the_chain(auditor: Client, tmp_path: Path) -> None:
    assert auditor.get(f"{LOG}head/").status_code == 404
    seal(timezone.now())
    kept = tmp_path / "kept.json"
    kept.write_bytes(auditor.get(f"{LOG}head/").content)
    assert verify(kept).faults == []
    assert json.loads(kept.read_text("utf-8"))["seq"] == Event.objects.count()


def test_withdraw_when_confirmed_then_payload_gone_and_page_says_so(
    auditor: Client, unit: Organisation
) -> None:
    add_enterprise(system_act(reason="含个人信息"), name="示例厂", unit=unit)
    event = Event.objects.get(verb="enterprise.add")
    assert "不能恢复" in auditor.get(page(event, "withdraw")).content.decode()
    assert auditor.post(page(event, "withdraw"), {"reason": ""}).status_code == 422
    assert auditor.post(page(event, "withdraw"), {"reason": "依法删除"}).status_code == 302
    event.refresh_from_db()
    assert (event.changes, event.reason) == ({}, "")
    assert "依规撤回" in auditor.get(page(event)).content.decode()


def test_pages_when_log_is_long_then_at_most_25_queries(
    auditor: Client, unit: Organisation, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(60):
        at = timezone.now() - dt.timedelta(minutes=number)
        add_enterprise(system_act(at), name=f"示例{number}厂", unit=unit)
    for address in (LOG, f"{LOG}?as_of=2025-03-18", page(Event.objects.latest("pk"))):
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            assert auditor.get(address).status_code == 200
