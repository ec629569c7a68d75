"""Rows written column by column are the rows Django would have written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guatu.investment.models import MonthlyImage
from guatu.register.bulk import insert_rows, reserve_keys, update_rows
from guatu.register.enums import SubjectKind
from guatu.register.keys import uuid7
from guatu.register.models import Batch, Event, Place, Subject
from guatu.register.recording import create, create_columns, create_many
from guatu.register.sealing import verify
from guatu.register.versions import VERSIONS
from tests.factories import NOON, make_district, make_subject, system_act

pytestmark = pytest.mark.django_db
COLUMNS = ["public_id", "kind", "state", "counts", "tables", "errors", "made_at"]


def test_insert_rows_when_read_back_then_each_value_is_the_one_given() -> None:
    keys = [uuid7(), uuid7()]
    rows = [
        (key, "project", "preview", {"new": number}, [], ["示例"], NOON)
        for number, key in enumerate(keys)
    ]
    insert_rows(Batch, COLUMNS, rows)
    found = Batch.objects.order_by("id").values_list(*COLUMNS)
    assert list(found) == rows


def test_insert_rows_when_there_are_none_then_nothing_is_asked_of_the_database() -> None:
    insert_rows(Batch, COLUMNS, [])
    assert Batch.objects.count() == 0


def test_insert_rows_when_a_row_is_too_short_then_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        insert_rows(Batch, COLUMNS, [(uuid7(), "project")])


def test_update_rows_when_values_differ_by_row_then_each_row_has_its_own() -> None:
    act = system_act()
    places = create_many(act, "place.add", [Place(name=f"示例{n}") for n in range(3)])
    told = [(place.pk, (f"新{n}", Decimal(n))) for n, place in enumerate(places[:2])]
    update_rows(Place, ["name", "area_m2"], told)
    found = Place.objects.order_by("id").values_list("name", "area_m2")
    assert list(found) == [("新0", Decimal(0)), ("新1", Decimal(1)), ("示例2", None)]


def test_reserve_keys_when_rows_come_and_go_then_no_key_is_given_twice() -> None:
    with transaction.atomic():
        first = list(reserve_keys(Place, 3))
        rows = [(key, uuid7(), "示例", "") for key in first]
        insert_rows(Place, ["id", "public_id", "name", "address"], rows)
        Place.objects.filter(pk=first[-1]).delete()
        later = list(reserve_keys(Place, 2))
        by_django = Place.objects.create(name="示例")
    assert first == sorted(set(first))
    assert min(later) > max(first)
    assert by_django.pk not in first


def test_create_when_row_referred_to_had_no_key_yet_then_key_is_taken_over() -> None:
    subject = Subject(kind=SubjectKind.PROJECT, code="P1", title="示例")
    place = Place(name="示例", subject=subject)
    create(system_act(), "subject.add", subject)
    create(system_act(), "place.add", place)
    assert Place.objects.get(pk=place.pk).subject_id == subject.pk


def test_create_when_row_referred_to_is_not_saved_then_refused() -> None:
    subject = Subject(kind=SubjectKind.PROJECT, code="P1", title="示例")
    with pytest.raises(ValueError, match="subject"):
        create(system_act(), "place.add", Place(name="示例", subject=subject))


def test_create_many_when_done_then_rows_are_those_a_query_gives() -> None:
    units = [make_district(f"示例{n}区") for n in range(2)]
    later = NOON + dt.timedelta(hours=1)
    subjects = create_many(
        system_act(later),
        "subject.add",
        [
            Subject(kind=SubjectKind.PROJECT, code=f"P{n}", title="示例", unit=unit)
            for n, unit in enumerate(units)
        ],
    )
    stored = list(Subject.objects.filter(code__in=["P0", "P1"]).order_by("id"))
    names = [field.attname for field in Subject._meta.local_concrete_fields]
    given = [[getattr(row, name) for name in names] for row in subjects]
    assert given == [[getattr(row, name) for name in names] for row in stored]
    assert subjects == stored


@pytest.mark.parametrize("count", [1, 1200])
def test_create_many_when_more_rows_then_statements_are_as_many(count: int) -> None:
    rows = [Place(name=f"示例{n}") for n in range(count)]
    with CaptureQueriesContext(connection) as asked:
        create_many(system_act(), "place.add", rows)
    words = [query["sql"].split()[0] for query in asked if "SAVEPOINT" not in query["sql"]]
    keys_rows_events = 3
    assert len(words) == keys_rows_events


def test_create_columns_when_compared_with_rows_then_row_version_and_event_are_alike() -> None:
    subjects = [make_subject(make_district(f"示例{n}区")) for n in range(2)]
    act = system_act()
    create_many(
        act,
        "image.set",
        [MonthlyImage(subject=s, month="2025-03", words="完成基础") for s in subjects],
    )
    told = {
        "subject_id": [s.pk for s in subjects],
        "month": ["2025-04"] * 2,
        "words": ["完成主体"] * 2,
    }
    create_columns(act, "image.set", MonthlyImage, told)
    images = list(MonthlyImage.objects.order_by("id"))
    assert [(row.subject_id, row.month, row.words) for row in images[2:]] == list(
        zip(*told.values(), strict=True)
    )
    versions = VERSIONS[MonthlyImage]._default_manager.order_by("id")
    names = [field.attname for field in MonthlyImage._meta.local_fields if not field.primary_key]
    assert list(versions.values_list("row_id", *names)) == list(
        MonthlyImage.objects.order_by("id").values_list("id", *names)
    )
    events = list(Event.objects.filter(verb="image.set").order_by("id"))
    assert [event.changes for event in events[2:]] == [
        {
            "public_id": [None, str(row.public_id)],
            "subject_id": [None, row.subject_id],
            "month": [None, "2025-04"],
            "words": [None, "完成主体"],
        }
        for row in images[2:]
    ]
    assert [(e.row, e.thing, e.subject_id) for e in events] == [
        (row.pk, row.public_id, row.subject_id) for row in images
    ]
    assert verify().faults == []
