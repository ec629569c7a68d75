"""Computed dates are written short; what a chance hangs on is asked anew instead of kept."""

import datetime as dt
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

DAYS = ("es", "ef", "ls", "lf")
COUNTS = ("own", "office", "days", "free")
CHUNK = 200


def write_short(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Turn ``{"es": "2025-03-18", …}`` into ordinals, counts and one number for the marks."""
    timings: Any = apps.get_model("loop", "Timing").objects.order_by("pk")
    part: list[Any] = []
    for timing in timings.iterator(chunk_size=CHUNK):
        timing.rows = {key: short(row) for key, row in timing.rows.items()}
        part.append(timing)
        if len(part) == CHUNK:
            timings.bulk_update(part, ["rows"])
            part = []
    timings.bulk_update(part, ["rows"])


def short(row: dict[str, Any]) -> list[int | None]:
    """Write one row as `loop.plan.timing_rows` reads it."""
    days = [dt.date.fromisoformat(row[name]).toordinal() if row[name] else None for name in DAYS]
    marks = bool(row["critical"]) + 2 * bool(row["provisional"])
    return [*days, *(row[name] for name in COUNTS), marks]


class Migration(migrations.Migration):
    dependencies = [("loop", "0004_leave_and_dated_capacity")]

    operations = [
        migrations.RunPython(write_short, migrations.RunPython.noop),
        migrations.RemoveField(model_name="forecast", name="causes"),
        migrations.RemoveField(model_name="forecast", name="critical"),
    ]
