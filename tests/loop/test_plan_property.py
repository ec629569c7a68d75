"""Whatever is done to a plan over days: the log replays, and computing again changes nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.loop.actions.baselines import rebaseline
from guatu.loop.actions.network import edit_network, set_deadline
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.scenarios import adopt, open_scenario, push_command
from guatu.loop.enums import DutySource
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Duty, Timing
from guatu.register.errors import Invalid
from guatu.register.recording import Act
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of
from tests.loop.builders import District
from tests.loop.plans import COMPLETION, laid, small_sketch

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Deed = Callable[[Act, District], object]


def _row(key: str) -> Activity:
    return Activity.objects.select_related("subject__unit").get(node=key)


def _report(key: str, said: Callable[[dt.date], Said]) -> Deed:
    return lambda act, _place: report_activity(
        act, _row(key), said(act.business_date), reason="示例"
    )


def _edit(key: str, days: int) -> Deed:
    command = {"op": "duration", "key": key, "duration": days}
    return lambda act, place: edit_network(act, place.subject, [command], reason="示例")


def _try(act: Act, place: District) -> None:
    scenario = open_scenario(act, place.subject, name="示例推演")
    push_command(act, scenario, {"op": "split", "key": "works", "first": 10})
    adopt(act, scenario, reason="示例")


def _shift(days: int) -> Deed:
    return lambda act, _place: set_deadline(
        act, _row("operation"), due=COMPLETION + days * DAY, firm=True, reason="示例"
    )


DEEDS: dict[str, Deed] = {
    "started": _report("permit", lambda day: Said(started=day)),
    "left": _report("permit", lambda day: Said(started=day, remaining=9)),
    "late": _report("works", lambda _day: Said(late_days=15)),
    "expected": _report("permit", lambda day: Said(expected_finish=day + 40 * DAY)),
    "finished": _report("permit", lambda day: Said(finished=day)),
    "longer": _edit("works", 125),
    "shorter": _edit("works", 95),
    "pulled in": _shift(-45),
    "put off": _shift(60),
    "agreed anew": lambda act, place: rebaseline(act, place.subject, reason="示例"),
    "tried": _try,
    "nothing": lambda act, place: recompute(act, [place.subject.pk]),
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 9)), max_size=7))
def test_plan_when_anything_is_done_then_log_replays_and_computing_again_is_idle(
    place: District, deeds: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        laid(place, small_sketch())
        act = act_of(place.office)
        day = TODAY
        for name, days in deeds:
            day += days * DAY
            act = replace(act, at=act.at + dt.timedelta(days=days, minutes=1), business_date=day)
            try:
                DEEDS[name](act, place)
            except Invalid:
                continue
        recompute(act, [place.subject.pk])
        before = _computed(place)
        recompute(replace(act, at=act.at + dt.timedelta(minutes=1)), [place.subject.pk])
        assert _computed(place) == before
        living = Duty.objects.filter(source=DutySource.NODE).values_list("activity", flat=True)
        assert len(living) == len(set(living))
        assert verify().intact
        transaction.set_rollback(True)


def _computed(place: District) -> tuple[object, ...]:
    timings = Timing.objects.filter(subject=place.subject).count()
    duties = list(Duty.objects.order_by("pk").values_list("pk", "revision", "due", "state"))
    return timings, duties
