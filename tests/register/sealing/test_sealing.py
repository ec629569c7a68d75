"""Chain, heads and withdrawal: what verify says before and after the log was tampered with."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from guatu.engines.intake import BadInput
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event, Head, Organisation, Post, Seal
from guatu.register.recording import change
from guatu.register.sealing import seal, verify, withdraw_payload
from tests.factories import (
    NOON,
    act_of,
    make_district,
    make_officer,
    make_post,
    make_standing,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
MORNING = NOON + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: django_settings) -> None:
    settings.GUATU_HOME = tmp_path


def sealed_tree() -> Organisation:
    """A district with a unit renamed once, all sealed."""
    unit = make_unit(make_district(), "示例一局")
    change(system_act(NOON, reason="机构改革"), "organisation.rename", unit, name="示例二局")
    seal(MORNING)
    return unit


def execute(sql: str, *values: object) -> None:
    """Change the database behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_seal_when_called_twice_then_every_event_has_one_link_in_order() -> None:
    sealed_tree()
    assert seal(MORNING) == 0
    links = list(Seal.objects.order_by("seq").values_list("seq", "event_id"))
    events = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert links == list(enumerate(events, 1))


def test_verify_when_nothing_was_touched_then_intact_and_counted() -> None:
    sealed_tree()
    result = verify()
    assert (result.faults, result.sealed, result.unsealed, result.rows) == ([], 5, 0, 2)


def test_seal_when_key_is_new_then_only_its_owner_may_read_it(tmp_path: Path) -> None:
    sealed_tree()
    assert (tmp_path / "keys" / "seal.pem").stat().st_mode & 0o777 == 0o600


def test_verify_when_payload_byte_is_changed_then_that_event_is_named_first() -> None:
    unit = sealed_tree()
    event = Event.objects.get(verb="organisation.rename")
    Event.objects.filter(pk=event.pk).update(changes={"name": ["示例一局", "示例三局"]})
    fault = verify().faults[0]
    assert (fault.kind, fault.event, fault.model, fault.row) == (
        "payload",
        event.pk,
        "register.Organisation",
        unit.pk,
    )
    assert str(event.public_id) in fault.message


def test_verify_when_actor_is_changed_then_that_event_is_named() -> None:
    sealed_tree()
    event = Event.objects.order_by("pk")[2]
    Event.objects.filter(pk=event.pk).update(actor="other")
    assert [(f.kind, f.event) for f in verify().faults] == [("link", event.pk)]


def test_verify_when_business_row_is_changed_behind_the_back_then_row_is_named() -> None:
    unit = sealed_tree()
    execute("UPDATE register_organisation SET name = %s WHERE id = %s", "示例二处", unit.pk)
    faults = verify().faults
    assert [(f.kind, f.model, f.row) for f in faults] == [("row", "register.Organisation", unit.pk)]
    assert "示例二处" in faults[0].message
    assert "name" in faults[0].message


def test_verify_when_version_is_changed_then_row_is_named() -> None:
    unit = sealed_tree()
    execute(
        "UPDATE register_organisationversion SET name = %s WHERE row_id = %s AND revision = 1",
        "示例零局",
        unit.pk,
    )
    assert [(f.kind, f.row) for f in verify().faults] == [("versions", unit.pk)]


def test_verify_when_row_is_inserted_or_removed_behind_the_back_then_named() -> None:
    unit = sealed_tree()
    post = make_post(unit)
    stranger = Post.objects.create(
        organisation=unit, title="示例岗", role=Role.UNIT, known_from=NOON
    )
    execute("DELETE FROM register_postversion WHERE row_id = %s", post.pk)
    execute("DELETE FROM register_post WHERE id = %s", post.pk)
    assert [(f.model, f.row) for f in verify().faults] == [
        ("register.Post", post.pk),
        ("register.Post", stranger.pk),
    ]


def test_verify_when_event_is_deleted_then_its_link_is_named() -> None:
    sealed_tree()
    event = Event.objects.get(verb="organisation.rename")
    execute("DELETE FROM register_event WHERE id = %s", event.pk)
    fault = verify().faults[0]
    assert (fault.kind, fault.seq, fault.event) == ("deleted", 5, event.pk)


def test_verify_when_event_and_link_are_deleted_then_gap_is_named() -> None:
    sealed_tree()
    link = Seal.objects.get(seq=2)
    execute("DELETE FROM register_seal WHERE id = %s", link.pk)
    execute("DELETE FROM register_event WHERE id = %s", link.event_id)
    fault = verify().faults[0]
    assert (fault.kind, fault.seq) == ("deleted", 2)


def test_verify_when_two_events_change_places_then_both_are_named() -> None:
    sealed_tree()
    first, second = Seal.objects.filter(seq__in=[2, 3]).order_by("seq")
    one, two = first.event_id, second.event_id
    execute("UPDATE register_seal SET event_id = %s WHERE id = %s", -1, first.pk)
    execute("UPDATE register_seal SET event_id = %s WHERE id = %s", one, second.pk)
    execute("UPDATE register_seal SET event_id = %s WHERE id = %s", two, first.pk)
    assert [f.seq for f in verify().faults][:2] == [2, 3]


def test_verify_when_tail_is_cut_then_the_head_tells(tmp_path: Path) -> None:
    sealed_tree()
    kept = tmp_path / "kept.json"
    (tmp_path / "heads" / "2025-03-19.json").rename(kept)
    last = Seal.objects.get(seq=5)
    last.delete()
    Event.objects.filter(pk=last.event_id).delete()
    Head.objects.all().delete()
    assert [f.kind for f in verify(kept).faults if f.kind == "truncated"] == ["truncated"]


def test_verify_when_everything_is_rewritten_then_only_a_head_kept_elsewhere_tells(
    tmp_path: Path,
) -> None:
    unit = make_unit(make_district(), "示例一局")
    event = Event.objects.filter(row=unit.pk, verb="organisation.add").get()
    seal(MORNING)
    kept = tmp_path / "kept.json"
    (tmp_path / "heads" / "2025-03-19.json").rename(kept)
    Event.objects.filter(pk=event.pk).update(reason="另一个原因")
    Seal.objects.all().delete()
    Head.objects.all().delete()
    seal(MORNING)
    assert verify().faults == []
    assert [f.kind for f in verify(kept).faults] == ["rewritten"]


def test_verify_when_head_file_was_edited_then_refused(tmp_path: Path) -> None:
    sealed_tree()
    kept = tmp_path / "kept.json"
    head = json.loads((tmp_path / "heads" / "2025-03-19.json").read_text("utf-8"))
    kept.write_text(json.dumps(head | {"seq": 4}), "utf-8")
    with pytest.raises(BadInput, match="签名不符"):
        verify(kept)


def test_withdraw_when_audit_admin_gives_a_reason_then_payload_is_gone_and_chain_holds() -> None:
    unit = sealed_tree()
    event = Event.objects.get(verb="organisation.rename")
    auditor = make_standing(unit, Role.AUDIT_ADMIN)
    record = withdraw_payload(act_of(auditor, MORNING), event, "依法删除个人信息")
    seal(MORNING)
    event.refresh_from_db()
    result = verify()
    assert (event.changes, event.reason, event.withdrawn_by) == ({}, "", record)
    assert (result.faults, result.withdrawn) == ([], 1)


def test_verify_when_payload_is_emptied_without_a_record_then_named() -> None:
    sealed_tree()
    event, other = Event.objects.order_by("-pk")[:2]
    Event.objects.filter(pk=event.pk).update(changes={}, reason="", withdrawn_by=other)
    assert (verify().faults[0].kind, verify().faults[0].event) == ("withdrawal", event.pk)


def test_withdraw_when_not_audit_admin_or_without_reason_then_refused() -> None:
    unit = sealed_tree()
    event = Event.objects.get(verb="organisation.rename")
    with pytest.raises(Forbidden):
        withdraw_payload(act_of(make_standing(unit, Role.SYSTEM_ADMIN)), event, "理由")
    with pytest.raises(Invalid):
        withdraw_payload(act_of(make_standing(unit, Role.AUDIT_ADMIN)), event, " ")


def test_verify_when_only_the_newest_are_asked_for_then_a_change_there_is_found() -> None:
    unit = sealed_tree()
    officer = make_officer(make_post(unit))
    seal(MORNING)
    execute(
        "UPDATE register_holding SET until = %s WHERE officer_id = %s", "2025-06-01", officer.pk
    )
    result = verify(last=2)
    assert (result.complete, result.sealed) == (False, 2)
    assert [(f.model, f.kind) for f in result.faults] == [("register.Holding", "row")]
