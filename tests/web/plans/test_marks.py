"""What the pages of a plan mark: unchecked durations, the path to a deadline, float alone lost."""

import datetime as dt
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from guatu.loop.models import Forecast
from guatu.register.keys import uuid7
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rows_of(answer: HttpResponse) -> dict[str, Any]:
    """Rows of the plan page by key."""
    stages = answer.context["stages"]  # type: ignore[attr-defined]
    return {row.step.key: row for stage in stages for row in stage.rows}


def test_plan_when_a_template_duration_is_unchecked_then_its_row_says_so_and_why(
    planned: Place,
) -> None:
    answer = planned.office.get(planned.url())
    rows = rows_of(answer)
    pending = [row for row in rows.values() if row.step.basis.get("status") == "pending"]
    assert pending
    assert all(row.unchecked == row.step.basis["source"] for row in pending)
    assert not any(row.unchecked for row in rows.values() if row not in pending)
    shown = sum(bool(row.step.duration) for row in pending)
    assert answer.content.decode().count(">待核</span>") == shown


def test_plan_when_a_report_sets_the_deadline_then_the_chain_between_is_marked(
    planned: Place,
) -> None:
    url = reverse("plans:report", args=[planned.road.subject.public_id, "project_approval"])
    planned.office.post(url, {"way": "late-10", "cause": "审批"})
    answer = planned.office.get(planned.url())
    rows = rows_of(answer)
    path = {key for key, row in rows.items() if row.on_path}
    assert {"project_approval", "operation"} < path, path
    # Each but the first waits for another of them.
    ties = answer.context["plan"].sketch.ties  # type: ignore[attr-defined]
    led = {tie.after for tie in ties if tie.before in path}
    assert len(path - led) == 1
    assert "关键线路" in answer.content.decode()


def test_copy_when_only_float_changes_then_no_date_is_said_to_move(planned: Place) -> None:
    dates = planned.office.get(planned.url()).context["plan"].dates
    due = (dates["operation"].early_finish + 3 * DAY).isoformat()
    command = {"op": "deadline", "key": "operation", "due": due, "firm": True}
    opened = planned.office.post(planned.url("tries/open/"), {"commands": json.dumps([command])})
    answer = planned.office.get(opened.headers["Location"])
    compared = answer.context["compared"]
    assert compared.moves
    assert compared.counted == f"日期变动 0 项，仅时差变动 {len(compared.moves)} 项"
    assert compared.counted in answer.content.decode()


def test_plan_when_forecasts_were_made_on_one_day_then_each_shows_its_hour(
    planned: Place,
) -> None:
    latest = Forecast.objects.get(superseded_at=None)
    (alone,) = planned.office.get(planned.url()).context["deadlines"]
    assert alone.latest.at == ""
    earlier = []
    for hours in (1, 2):
        row = Forecast.objects.get(pk=latest.pk)
        row.pk, row.public_id = None, uuid7()
        row.at, row.superseded_at = latest.at - dt.timedelta(hours=hours), latest.at
        earlier.append(row)
    for row in earlier:
        row.save()
    answer = planned.office.get(planned.url())
    (shown,) = answer.context["deadlines"]
    hours = [one.at for one in shown.record]
    assert len(set(hours)) == len(earlier)
    assert all(f"日 {hour}</span>" in answer.content.decode() for hour in hours)
