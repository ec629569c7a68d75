"""The time account of a district: 500 projects' plans from the database to lamps stored.

Plans are laid from the shipped templates by the action officers use. Then the whole is computed
anew (every chance drawn), as the timer does the next day, and after one edit of one project. The
peer reads the same rows and runs networkx over them: no calendars, no floats, nothing stored.
"""

import datetime as dt
import os
import sys
import tempfile
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Any

from bench.measuring.clocks import median, spent
from bench.measuring.tables import table, verdict
from guatu.cli.application import application

if TYPE_CHECKING:
    from guatu.campaign.sample.people import District

PROJECTS = 500
ALL_CPU_SECONDS = 3
EDIT_CPU_MS = 50
EDITS = 15
DAY = dt.timedelta(days=1)


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        measure()
    return 0


def measure() -> None:
    """Lay the plans, then time each way they are computed."""
    from guatu.campaign import sample  # noqa: PLC0415 -- needs Django set up
    from guatu.campaign.sample.loading import BUSINESS_DATE, at  # noqa: PLC0415 -- as above
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above
    from guatu.loop.lamps import recompute  # noqa: PLC0415 -- as above
    from guatu.loop.models import Forecast, Lamp, Timing  # noqa: PLC0415 -- as above

    upgrade()
    district = sample.load().district
    act = replace(district.act_as(at(BUSINESS_DATE, 9), "office1"), sample=False)
    projects, laying = spent(lambda: lay(district, act))
    keys = [project.subject_id for project in projects]
    Timing.objects.filter(subject_id__in=keys).delete()
    Forecast.objects.filter(subject_id__in=keys).delete()
    _, anew = spent(lambda: recompute(act))
    _, again = spent(lambda: recompute(act))
    tomorrow = replace(act, at=act.at + DAY, business_date=act.business_date + DAY)
    _, daily = spent(lambda: recompute(tomorrow))
    edit = median(spent(one)[1] for one in edits(tomorrow, projects))
    _, peer = spent(lambda: with_networkx(keys))
    count = sum(len(row.rows) for row in Timing.objects.filter(known_to=None))
    lit = Lamp.objects.filter(subject_id__in=keys, margin__isnull=False).count()
    print(f"\n{len(keys)} projects, {count:,} activities, {lit} lamps from float, SQLite")
    print(f"(laying the plans one by one: {laying.cpu:.1f} CPU s)\n")
    bar, short = ALL_CPU_SECONDS, EDIT_CPU_MS
    rows: list[list[Any]] = [
        ["database to lamps stored, every chance drawn anew", anew.cpu, anew.cpu / peer.cpu, bar],
        ["the next day, as the timer runs", daily.cpu, daily.cpu / peer.cpu, bar],
        ["nothing has changed", again.cpu, again.cpu / peer.cpu, bar],
        ["one edit of one project", f"{edit.cpu:.3f}", f"{edit.cpu / peer.cpu:.3f}", short / 1000],
    ]
    print(
        table(
            ["work", "CPU s", "× networkx", "bar CPU s", "bars"],
            [[*row, verdict("CPU" if float(row[1]) > row[3] else "")] for row in rows],
        )
    )
    print(f"\nnetworkx, same rows, forward and backward without calendars: {peer.cpu:.2f} CPU s")


def lay(district: "District", act: Any) -> list[Any]:  # noqa: ANN401 -- needs Django set up
    """Plan projects from all templates in turn, due between the coming autumn and two years on."""
    from guatu.investment.actions.projects import add_project  # noqa: PLC0415 -- as above
    from guatu.investment.actions.templates import plan_from_template  # noqa: PLC0415 -- as above
    from guatu.investment.models import Category  # noqa: PLC0415 -- as above
    from guatu.investment.templates import shipped_templates  # noqa: PLC0415 -- as above

    categories = {one.code: one for one in Category.objects.all()}
    unit = district.units["housing"]
    laid = []
    for number, template in zip(range(PROJECTS), cycle(shipped_templates().values()), strict=False):
        project = add_project(
            act,
            name=f"示例推算项目{number}",
            unit=unit,
            category=categories[template.categories[0]],
        )
        completion = act.business_date + dt.timedelta(days=500 + number * 7 % 900)
        plan_from_template(act, project, template.code, completion, accept_infeasible=True)
        laid.append(project)
    return laid


def edits(act: Any, projects: list[Any]) -> Any:  # noqa: ANN401 -- as above
    """Yield edits of one duration, each of another project."""
    from guatu.loop.actions.network import edit_network  # noqa: PLC0415 -- as above
    from guatu.loop.models import Activity  # noqa: PLC0415 -- as above

    for project in projects[:EDITS]:
        row = Activity.objects.filter(subject=project.subject, duration__gt=5).first()
        assert row is not None
        command = {"op": "duration", "key": row.node, "duration": (row.duration or 0) + 3}
        yield lambda subject=project.subject, command=command: edit_network(
            act, subject, [command], reason="测算"
        )


def with_networkx(subjects: list[int]) -> None:
    """Read the rows and pass over each project's graph both ways, in plain days."""
    import networkx as nx  # noqa: PLC0415 -- a peer of this bench alone

    from guatu.loop.plan.sketch import sketches_of  # noqa: PLC0415 -- needs Django set up

    for sketch in sketches_of(subjects).values():
        graph = nx.DiGraph()
        graph.add_nodes_from(sketch.steps)
        graph.add_edges_from((tie.before, tie.after) for tie in sketch.ties)
        order = list(nx.topological_sort(graph))
        days = {key: step.duration or 0 for key, step in sketch.steps.items()}
        finish: dict[str, int] = {}
        for key in order:
            begin = max((finish[before] for before in graph.predecessors(key)), default=0)
            finish[key] = begin + days[key]
        end = max(finish.values())
        late: dict[str, int] = {}
        for key in reversed(order):
            late[key] = min(
                (late[after] - days[after] for after in graph.successors(key)), default=end
            )


if __name__ == "__main__":
    sys.exit(main())
