"""Row, version and event are written together, and replay of events gives the versions."""

import datetime as dt

import pytest

from guatu.register.errors import Stale
from guatu.register.models import Event, Organisation, OrganisationVersion
from guatu.register.recording import change
from guatu.register.versions import rows_as_of
from tests.factories import NOON, make_district, make_unit, system_act

pytestmark = pytest.mark.django_db


def test_change_when_value_differs_then_version_and_event_tell_old_and_new() -> None:
    unit = make_unit(make_district(), "示例一局")
    later = NOON + dt.timedelta(days=1)
    change(system_act(later), "organisation.rename", unit, name="示例二局")
    event = Event.objects.latest("id")
    assert event.changes == {"name": ["示例一局", "示例二局"]}
    assert (event.model, event.row, event.thing) == (
        "register.Organisation",
        unit.pk,
        unit.public_id,
    )
    spans = OrganisationVersion.objects.filter(row=unit, name__in=["示例一局", "示例二局"])
    assert spans.filter(known_to=None).get().name == "示例二局"


def test_change_when_row_was_moved_on_by_another_then_stale_and_nothing_written() -> None:
    unit = make_district()
    other = Organisation.objects.get(pk=unit.pk)
    change(system_act(), "organisation.rename", other, name="示例甲区")
    before = Event.objects.count()
    with pytest.raises(Stale):
        change(system_act(), "organisation.rename", unit, name="示例乙区")
    assert Event.objects.count() == before
    assert Organisation.objects.get(pk=unit.pk).name == "示例甲区"


def test_rows_as_of_when_day_before_change_then_old_name_shows() -> None:
    unit = make_district("示例旧区")
    change(system_act(NOON + dt.timedelta(days=2)), "organisation.rename", unit, name="示例新区")
    known = rows_as_of(Organisation, NOON.date() + dt.timedelta(days=1)).get()
    assert (known.identity, known.name, known.public_id) == (unit.pk, "示例旧区", unit.public_id)
    assert list(rows_as_of(Organisation, NOON.date() - dt.timedelta(days=1))) == []
