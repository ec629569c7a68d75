"""The log page: who did what, no business values; checking the chain, withdrawing a payload."""

import dataclasses
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
from guatu.register.models import Enterprise, Event, Officer, Organisation, Seal
from guatu.register.policies import standing_of
from guatu.register.sealing import seal, verify
from guatu.web.history import verb_name
from guatu.web.lists import Chip
from tests.factories import (
    TODAY,
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


def test_log_when_words_name_no_act_then_nothing_and_the_words_stand_to_be_taken_away(
    auditor: Client,
) -> None:
    listing = auditor.get(LOG, {"verb": "nonsense"}).context["listing"]
    assert (listing.count, listing.groups[-1].chips[0]) == (
        0,
        Chip("nonsense", "含「nonsense」", 0, True),
    )


def test_log_when_read_then_persons_and_acts_are_offered_to_who_types_and_no_chips(
    auditor: Client,
) -> None:
    answer = auditor.get(LOG)
    listing, text = answer.context["listing"], answer.content.decode()
    acts = {verb_name(verb) for verb in Event.objects.values_list("verb", flat=True)}
    assert [chip.value for chip in listing.groups[-1].chips] == sorted(acts)
    assert text.count('class="chip"') == len(listing.groups[0].chips)
    assert text.count("<option") == sum(len(group.chips) for group in listing.groups[1:])


@pytest.mark.parametrize(
    ("typed", "label"),
    [("post.hold", "岗位：任职"), ("岗位：任职", "岗位：任职"), ("任职", "岗位：任职")],
)
def test_log_when_an_act_is_typed_then_its_code_its_name_or_part_of_it_serve(
    auditor: Client, typed: str, label: str
) -> None:
    listing = auditor.get(LOG, {"verb": [typed, ""]}).context["listing"]
    held = Event.objects.filter(verb="post.hold").count()
    chip = listing.groups[-1].chips[0]
    assert (listing.count, chip.value, chip.count, chip.chosen) == (held, typed, held, True)
    assert chip.label in {label, f"含「{typed}」"}


def test_log_when_a_person_is_typed_then_login_or_part_of_the_name_serves(
    auditor: Client, unit: Organisation
) -> None:
    for username, name in (("anna", "示例张安"), ("bert", "示例张博")):
        officer = make_officer(make_post(unit, Role.UNIT, name))
        Officer.objects.filter(pk=officer.pk).update(username=username, name=name)
        officer.refresh_from_db()
        act = dataclasses.replace(system_act(), standing=standing_of(officer, TODAY))
        add_enterprise(act, name=f"{name}厂", unit=unit)
    one, both = Event.objects.filter(officer__username="anna").count(), ["示例张安", "示例张博"]
    for typed, count, label in (("anna", one, both[0]), ("示例张", 2 * one, "含「示例张」")):
        listing = auditor.get(LOG, {"officer": typed}).context["listing"]
        assert listing.count == count
        assert listing.groups[1].chips[0] == Chip(typed, label, count, True)
        who = {row.officer.name for row in listing.rows}
        assert who == set(both if count > one else both[:1])


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
