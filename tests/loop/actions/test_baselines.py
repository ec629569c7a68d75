"""Baselines: the next one with its reason, the earlier ones untouched."""

import datetime as dt

import pytest

from guatu.loop.actions.baselines import rebaseline
from guatu.loop.actions.network import set_deadline
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.timetable import PlannedNode, plan_nodes
from guatu.loop.models import Activity, Baseline, Timing
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of
from tests.loop.builders import District
from tests.loop.plans import COMPLETION, laid

LATER = COMPLETION + dt.timedelta(days=20)


def test_rebaseline_when_agreed_anew_then_number_goes_on_and_nodes_are_held_to_it(
    place: District,
) -> None:
    laid(place)
    first = rebaseline(act_of(place.office), place.subject, reason="首次排定")
    rows = {row.node: row for row in Activity.objects.all()}
    report_activity(act_of(place.owner), rows["permit"], Said(started=TODAY, finished=TODAY))
    set_deadline(act_of(place.office), rows["operation"], due=LATER, firm=True, reason="延后交付")
    second = rebaseline(act_of(place.office), place.subject, reason="专题会议定延后")
    assert (first.number, second.number) == (1, 2)
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    works = timing.dates["works"]
    assert second.rows == {
        "permit": [TODAY.isoformat(), TODAY.isoformat()],
        "works": [str(works.late_start), str(works.late_finish)],
        "operation": [str(timing.dates["operation"].late_start), LATER.isoformat()],
    }
    held = dict(Activity.objects.values_list("node", "baseline"))
    assert held["operation"] == LATER
    assert held["works"] == works.late_finish
    assert held["permit"] == dt.date.fromisoformat(str(first.rows["permit"][1]))
    assert Baseline.objects.get(number=1).rows == first.rows
    assert verify().intact


def test_rebaseline_when_only_dated_nodes_then_their_promises(place: District) -> None:
    with pytest.raises(Invalid, match="没有排定任何日期"):
        rebaseline(act_of(place.office), place.subject, reason="首次排定")
    node = PlannedNode("permit", "施工许可", "approval", 9, due=COMPLETION)
    plan_nodes(act_of(place.office), {place.subject: [node]})
    made = rebaseline(act_of(place.office), place.subject, reason="首次排定")
    assert made.rows == {"permit": [None, COMPLETION.isoformat()]}


def test_rebaseline_when_no_reason_or_stranger_or_seen_is_old_then_refused(
    place: District,
) -> None:
    laid(place)
    with pytest.raises(Invalid, match="理由"):
        rebaseline(act_of(place.office), place.subject, reason=" ")
    with pytest.raises(Forbidden):
        rebaseline(act_of(place.stranger), place.subject, reason="改")
    rebaseline(act_of(place.office), place.subject, reason="首次排定")
    with pytest.raises(Stale):
        rebaseline(act_of(place.office), place.subject, reason="改", expected_number=0)
    assert Baseline.objects.count() == 1
