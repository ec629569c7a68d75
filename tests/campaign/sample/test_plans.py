"""Planned projects of the sample: comfortable, tight, late and impossible, each with its reason."""

import json
from datetime import date

import pytest

from guatu.campaign.sample.people import read_data
from guatu.investment.models import Project
from guatu.loop.actions.scenarios import moved_since, tried
from guatu.loop.enums import Colour, DutySource, DutyState
from guatu.loop.lamps import recompute
from guatu.loop.models import (
    Activity,
    ApprovalClock,
    Baseline,
    ClockStop,
    Duty,
    Forecast,
    Lamp,
    Link,
    Scenario,
    Timing,
)
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.clocks import clocks_of
from guatu.loop.plan.differences import difference
from guatu.loop.plan.sketch import sketches_of
from guatu.register.campaign import act_now
from guatu.register.models import SampleRow, Subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
TOLD = json.loads(read_data("plans.json"))["projects"]


def planned() -> dict[str, Subject]:
    rows = Project.objects.filter(name__in=[row["name"] for row in TOLD]).select_related("subject")
    return {row.name: row.subject for row in rows}


def test_plans_when_loaded_then_each_has_network_baseline_timing_and_chance() -> None:
    subjects = planned()
    assert sorted(subjects) == sorted(row["name"] for row in TOLD)
    keys = {subject.pk for subject in subjects.values()}
    assert set(sketches_of()) == keys
    for model in (Link, Baseline, Timing, Forecast):
        assert set(model._default_manager.values_list("subject_id", flat=True)) == keys
    assert all(name.startswith("示例") and subject.is_sample for name, subject in subjects.items())


def test_plans_when_loaded_then_lamps_are_of_every_colour_with_words() -> None:
    lamps = {lamp.subject_id: lamp for lamp in Lamp.objects.filter(p_late__isnull=False)}
    assert {lamp.colour for lamp in lamps.values()} == {Colour.RED, Colour.AMBER, Colour.GREEN}
    told = {row["name"]: row for row in TOLD}
    for name, subject in planned().items():
        late = Timing.objects.get(subject=subject, known_to=None).late_by or 0
        assert (late > 0) == (told[name]["spare_days"] < 0 or "late_days" in told[name])
        assert lamps[subject.pk].reason["words"]


def test_plans_when_reported_late_then_expected_day_and_the_owners_duty() -> None:
    late = Activity.objects.filter(forecast__isnull=False, duration__isnull=False)
    told = [row for row in TOLD if "late_days" in row]
    assert late.count() == len(told)
    for activity in late:
        duty = Duty.objects.get(activity=activity)
        assert (duty.source, duty.state) == (DutySource.NODE, DutyState.ISSUED)
        assert isinstance(activity.baseline, date)
        assert activity.forecast is not None
        assert activity.forecast > activity.baseline


def test_plans_when_computed_again_on_the_same_day_then_nothing_changes() -> None:
    act = act_now(None)
    recompute(act)
    duties = list(Duty.objects.filter(source=DutySource.NODE).values_list("pk", "revision"))
    timings = Timing.objects.count()
    assert recompute(act_now(None)) == 0
    assert duties == list(Duty.objects.filter(source=DutySource.NODE).values_list("pk", "revision"))
    assert Timing.objects.count() == timings


def test_plans_when_loaded_then_one_is_tried_on_a_copy_and_one_agreed_anew() -> None:
    (scenario,) = Scenario.objects.all()
    assert [one.kind for one in difference(*tried(scenario, date(2025, 3, 18)))][:1] == ["changed"]
    assert not moved_since(scenario)
    again = Baseline.objects.filter(number=2).values_list("subject__title", flat=True)
    assert list(again) == [row["name"] for row in TOLD if "agreed" in row]


def test_plans_when_loaded_then_an_approval_has_its_legal_clock() -> None:
    (clock,) = clocks_of([planned()["示例南山社区医院新建"].pk]).values()
    reading = clock.reading(calendars_on().table, date(2025, 3, 18))
    # Papers made good on 10 March; three days of review, weekends and 4 April do not count.
    assert (reading.acceptance.day, reading.last) == (date(2025, 3, 10), date(2025, 4, 11))
    assert ApprovalClock.objects.get().activity.started == date(2025, 3, 3)


def test_plans_when_loaded_then_what_recording_wrote_is_marked_for_removal() -> None:
    for model in (Link, Baseline, Scenario, ApprovalClock, ClockStop):
        marked = SampleRow.objects.filter(model=model._meta.label).values_list("row", flat=True)
        assert set(marked) == set(model._default_manager.values_list("pk", flat=True))
