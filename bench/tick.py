"""The timer at the scale of a district: 20,000 duties climb their ladders.

The steps a first run has to take, a second run that finds nothing, the next day, and three weeks in
one go. Last the worst there is: every duty overdue at once, of which a day drafts as many letters
as the rule allows. The peer does the same naively, as a loop over duties with a query for each rung
and a save for each row: no working days, no halts, no vacant posts, no letters, no events. It runs
before ours, on the same rows, and is rolled back.

A second table is of the whole `tick`: lamps, forecasts, reminders of leads, hand-overs and the seal
of the log as well. Its first run also seals what loading the district wrote.
"""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bench.measuring.clocks import Spent, spent
from bench.measuring.tables import table, verdict
from guatu.cli.application import application

CPU_SECONDS = 10
DAY = dt.timedelta(days=1)


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        measure()
    return 0


def measure() -> None:
    """Load a district, then run the timer on one day after another."""
    from guatu.campaign import sample  # noqa: PLC0415 -- needs Django set up
    from guatu.campaign.sample.loading import BUSINESS_DATE, at  # noqa: PLC0415 -- as above
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above
    from guatu.loop.actions.escalating import Taken, take_steps  # noqa: PLC0415 -- as above
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above

    upgrade()
    sample.load("district")
    act = replace(at(BUSINESS_DATE + DAY, 7), sample=False)
    rows: list[list[Any]] = []

    def run(name: str, days: int, *, beside: bool = False) -> None:
        day = act.business_date + days * DAY
        there = replace(act, at=act.at + days * DAY, business_date=day)
        made, peer = None, None
        if beside:
            made, peer = spent(lambda: rolled_back(lambda: naive(day, there.at)))
        taken: tuple[Taken, Spent] = spent(lambda: take_steps(there))
        done, ours = taken
        own = [name, done.steps, done.notices, done.drafted, ours.cpu]
        rows.append([*own, made, peer and peer.cpu, peer and peer.cpu / ours.cpu])

    run("first run", 0, beside=True)
    run("second run the same day", 0, beside=True)
    run("the next day", 1)
    run("after three weeks off", 22)
    Duty.objects.exclude(due=None).update(due=act.business_date - 40 * DAY)
    run("every duty overdue at once", 23)
    run("second run the same day", 23)
    print(f"\n{Duty.objects.count():,} duties, SQLite\n")
    heads = [
        "run",
        "steps",
        "notices",
        "drafts",
        "CPU s",
        "rows of the naive loop",
        "its CPU s",
        "× naive",
    ]
    print(
        table(
            [*heads, "bars"],
            [[*row, verdict("CPU" if row[4] > CPU_SECONDS else "")] for row in rows],
        )
    )
    whole(act.business_date + 24 * DAY)


def whole(day: dt.date) -> None:
    """Run all that the timer does on some days, beside the naive loop over the ladder alone."""
    from guatu.campaign import tick  # noqa: PLC0415 -- needs Django set up
    from guatu.register.models import Campaign  # noqa: PLC0415 -- as above

    rows: list[list[Any]] = []
    runs = (("seals the loading", 0), ("again", 0), ("the next day", 1), ("a week later", 8))
    for name, days in runs:
        on = day + days * DAY
        Campaign.objects.update(pinned_date=on)
        made, peer = spent(lambda on=on: rolled_back(lambda: naive(on, dt.datetime.now(dt.UTC))))
        ticked: tuple[tick.Ticked, Spent] = spent(tick.run)
        done, ours = ticked
        own = [name, done.steps, done.lamps, done.drafted, done.sealed, ours.cpu, made, peer.cpu]
        over = "CPU" if ours.cpu > CPU_SECONDS else ""
        rows.append([*own, peer.cpu / ours.cpu, verdict(over)])
    heads = ["whole tick", "steps", "lamps", "drafts", "sealed", "CPU s"]
    beside = ["rows of the naive loop", "its CPU s", "× naive", "bars"]
    print(f"\n{table([*heads, *beside], rows)}")


def rolled_back(work: Callable[[], int]) -> int:
    """Do the work and take it back."""
    from django.db import transaction  # noqa: PLC0415 -- as above

    with transaction.atomic():
        made = work()
        transaction.set_rollback(True)
    return made


def naive(day: dt.date, now: dt.datetime) -> int:
    """Take steps as a plain loop would, on calendar days; returns how many rows it saved."""
    from guatu.loop.models import Duty, EscalationStep, Notice  # noqa: PLC0415 -- as above
    from guatu.register.models import Post, Rule  # noqa: PLC0415 -- as above

    rule = Rule.objects.get(key="escalation.duty")
    office = Post.objects.filter(role="office").first()
    made = 0
    living = Duty.objects.filter(
        state__in=["issued", "doing", "review", "paused"], due__isnull=False
    )
    for duty in living:
        for place, rung in enumerate(rule.value["steps"]):
            fell = duty.due + dt.timedelta(days=rung["when"]["offset"])  # type: ignore[operator]
            if duty.state in {"review", "paused"} or fell > day:
                continue
            known = EscalationStep.objects.filter(duty=duty, cycle=duty.due, step=rung["key"])
            if known.exists():
                continue
            head = Post.objects.filter(organisation=duty.owner_unit).order_by("rank").first()
            whom = {"owner": duty.owner_post, "unit_head": head, "leader": duty.leader_post}
            post = whom.get(rung["to"]) or office
            EscalationStep.objects.create(
                subject=duty.subject,
                duty=duty,
                cycle=duty.due,
                step=rung["key"],
                place=place,
                to=rung["to"],
                kind=rung["act"],
                fell_on=fell,
                taken_on=day,
                at=now,
                post=post,
                rule=rule,
            )
            Notice.objects.create(
                subject=duty.subject, duty=duty, kind=rung["act"], post=post, on=day, at=now
            )
            made += 2
    return made


if __name__ == "__main__":
    sys.exit(main())
