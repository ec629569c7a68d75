"""Figures: a later one supersedes, the same again writes nothing, the past stays readable."""

import datetime as dt
from decimal import Decimal

import pytest

from guatu.register.enums import Basis
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event, Indicator, Observation, Subject
from guatu.register.observations import Figure, add_place, figures_as_of, observe, observe_many
from guatu.register.sealing import verify
from tests.factories import (
    NOON,
    act_of,
    make_district,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject() -> Subject:
    return make_subject(make_unit(make_district()))


@pytest.fixture
def indicator() -> Indicator:
    return Indicator.objects.create(code="paid", name="资金支付", unit="万元")


def figure(
    subject: Subject, indicator: Indicator, value: str | None, period: str = "2025-03"
) -> Figure:
    number = None if value is None else Decimal(value)
    return Figure(subject, indicator, period, Basis.PERIOD, number, "示例台账")


def test_observe_when_value_changes_then_old_is_superseded_and_both_days_are_known(
    subject: Subject, indicator: Indicator
) -> None:
    observe(system_act(NOON), figure(subject, indicator, "100"))
    later = NOON + dt.timedelta(days=2)
    observe(system_act(later), figure(subject, indicator, "120.5"))
    for day, value in (
        (NOON.date(), 100),
        (later.date(), Decimal("120.5")),
        (None, Decimal("120.5")),
    ):
        assert [o.value for o in figures_as_of(day)] == [value]
    assert list(figures_as_of(NOON.date() - dt.timedelta(days=1))) == []
    assert verify().faults == []


def test_observe_when_value_is_the_same_then_nothing_is_written(
    subject: Subject, indicator: Indicator
) -> None:
    first = observe(system_act(NOON), figure(subject, indicator, "100.00"))
    before = Event.objects.count()
    again = observe(system_act(NOON), figure(subject, indicator, "100"))
    assert (again.pk, Event.objects.count()) == (first.pk, before)


def test_observe_when_value_is_known_to_be_missing_then_kept_as_unknown(
    subject: Subject, indicator: Indicator
) -> None:
    observe(system_act(), figure(subject, indicator, None))
    assert list(Observation.objects.values_list("value", flat=True)) == [None]


@pytest.mark.parametrize("period", ["2025-13", "25-03", "2025Q5", "2025年3月", ""])
def test_observe_when_period_is_none_then_refused(
    subject: Subject, indicator: Indicator, period: str
) -> None:
    with pytest.raises(Invalid, match="时期"):
        observe(system_act(), figure(subject, indicator, "1", period))


def test_observe_many_when_one_figure_stands_twice_then_refused(
    subject: Subject, indicator: Indicator
) -> None:
    with pytest.raises(Invalid, match="两次"):
        observe_many(
            system_act(), [figure(subject, indicator, "1"), figure(subject, indicator, "2")]
        )


def test_observe_when_subject_is_of_another_unit_then_forbidden(
    subject: Subject, indicator: Indicator
) -> None:
    other = make_standing(make_unit(subject.unit.parent))  # type: ignore[union-attr, arg-type]
    with pytest.raises(Forbidden):
        observe(act_of(other), figure(subject, indicator, "1"))


def test_add_place_when_only_one_coordinate_is_given_then_refused(subject: Subject) -> None:
    with pytest.raises(Invalid, match="都填"):
        add_place(system_act(), name="示例地块", subject=subject, longitude=Decimal("125.3"))
    place = add_place(
        system_act(),
        name="示例地块",
        subject=subject,
        longitude=Decimal("125.3"),
        latitude=Decimal("43.8"),
    )
    assert (place.longitude, place.latitude) == (Decimal("125.3"), Decimal("43.8"))
