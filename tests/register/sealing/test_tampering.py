"""Whatever is done to a sealed log behind the product's back is found, and found where it is."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.register.models import Event, Organisation, Seal
from guatu.register.recording import change
from guatu.register.sealing import seal, verify
from tests.examples import examples
from tests.factories import NOON, make_district, make_unit, system_act

pytestmark = pytest.mark.django_db
COLUMNS = ("actor", "verb", "model", "effect", "reason", "changes", "at", "business_date", "batch")
EVENTS = 14


@pytest.fixture(autouse=True)
def _log(tmp_path_factory: pytest.TempPathFactory, settings: django_settings) -> None:
    """Fourteen sealed events on three units."""
    settings.GUATU_HOME = tmp_path_factory.mktemp("home")
    district = make_district()
    units = [make_unit(district), make_unit(district)]
    for number in range(EVENTS - 6):
        act = system_act(NOON + dt.timedelta(minutes=number), reason=f"第{number}次")
        change(act, "organisation.rename", units[number % 2], name=f"示例{number}局")
    seal(NOON)
    assert verify().faults == []


def _undone(tamper: Callable[[], None], expected: Callable[[], None]) -> None:
    """Tamper, look, and put everything back."""
    with transaction.atomic():
        tamper()
        expected()
        transaction.set_rollback(True)


def _sql(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _flipped(value: object, bit: int) -> object:
    """Value with one bit of one character changed, still of its type."""
    if isinstance(value, dict):
        return {**value, "name": ["示例", f"示例{bit}改"]}
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(microseconds=1 + bit)
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1 + bit)
    if isinstance(value, str):
        place = bit % max(1, len(value))
        return value[:place] + chr(ord(value[place]) ^ 1 if value else 65) + value[place + 1 :]
    return type(value)(int=value.int ^ 1 << bit)  # type: ignore[attr-defined]


every_way = settings(
    max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@every_way
@given(st.integers(1, EVENTS), st.sampled_from(COLUMNS), st.integers(0, 20))
def test_verify_when_any_column_of_any_event_is_changed_then_that_event_is_first(
    seq: int, column: str, bit: int
) -> None:
    event = Seal.objects.get(seq=seq).event
    value = _flipped(getattr(event, column), bit)
    _undone(
        lambda: _force(Event.objects.filter(pk=event.pk), column, value),
        lambda: _first_fault_is(seq),
    )


def _force(rows: object, column: str, value: object) -> None:
    rows.update(**{column: value})  # type: ignore[attr-defined]


def _first_fault_is(seq: int) -> None:
    assert verify().faults[0].seq == seq


@every_way
@given(st.integers(1, EVENTS), st.sampled_from(["event", "link too", "and renumbered"]))
def test_verify_when_any_event_is_deleted_then_its_place_is_first(seq: int, how: str) -> None:
    link = Seal.objects.get(seq=seq)

    def tamper() -> None:
        _sql("DELETE FROM register_event WHERE id = %s", link.event_id)
        if how != "event":
            _sql("DELETE FROM register_seal WHERE id = %s", link.pk)
            if how == "and renumbered":
                for later in Seal.objects.filter(seq__gt=seq).order_by("seq"):
                    _sql("UPDATE register_seal SET seq = %s WHERE id = %s", later.seq - 1, later.pk)

    _undone(tamper, lambda: _first_fault_is(seq))


@every_way
@given(st.integers(1, EVENTS), st.integers(1, EVENTS))
def test_verify_when_two_events_change_places_then_the_earlier_place_is_first(
    one: int, two: int
) -> None:
    if one == two:
        return
    first, second = Seal.objects.get(seq=one), Seal.objects.get(seq=two)

    def tamper() -> None:
        for link, event in ((first, -1), (second, first.event_id), (first, second.event_id)):
            _sql("UPDATE register_seal SET event_id = %s WHERE id = %s", event, link.pk)

    _undone(tamper, lambda: _first_fault_is(min(one, two)))


@every_way
@given(st.integers(1, EVENTS))
def test_verify_when_an_event_is_slipped_in_then_its_place_is_first(seq: int) -> None:
    def tamper() -> None:
        made = Event.objects.order_by("pk")[0]
        made.pk, made.public_id = None, "00000000-0000-7000-8000-000000000000"
        made.save(force_insert=True)
        for later in Seal.objects.filter(seq__gte=seq).order_by("-seq"):
            _sql("UPDATE register_seal SET seq = %s WHERE id = %s", later.seq + 1, later.pk)
        Seal.objects.create(event=made, seq=seq, payload_digest="0" * 64, chain="0" * 64)

    _undone(tamper, lambda: _first_fault_is(seq))


@every_way
@given(st.integers(1, EVENTS - 1))
def test_verify_when_the_tail_is_cut_then_the_head_says_from_where(kept: int) -> None:
    def tamper() -> None:
        for link in Seal.objects.filter(seq__gt=kept):
            _sql("DELETE FROM register_seal WHERE id = %s", link.pk)
            _sql("DELETE FROM register_event WHERE id = %s", link.event_id)

    def expected() -> None:
        assert verify().faults[0].kind == "truncated"

    _undone(tamper, expected)


@every_way
@given(st.data())
def test_verify_when_any_business_row_is_changed_then_that_row_is_named(
    data: st.DataObject,
) -> None:
    unit = data.draw(st.sampled_from(list(Organisation.objects.all())))
    column = data.draw(st.sampled_from(["name", "code", "kind", "path", "public_id"]))
    value = _flipped(getattr(unit, column), data.draw(st.integers(0, 20)))

    def expected() -> None:
        assert [(f.model, f.row) for f in verify().faults] == [("register.Organisation", unit.pk)]

    _undone(lambda: _force(Organisation.objects.filter(pk=unit.pk), column, value), expected)
