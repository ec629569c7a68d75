"""Both passes over 100,000 activities and 300,000 links, against networkx, rustworkx and Python.

    python -m bench.cpm

Figures are CPU seconds of the best of three; ratios within this one run are what counts.  Our
network is laid out and sorted before its passes begin, which stands in a line of its own; the
peers' are built beforehand, and run both with their sort in the time and without.  A peer that is
not installed is named and left out.
"""

import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.schedule import Activity, BadNetwork, Link, Network
from guatu.engines.schedule.critical_path import backward, forward
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.plan import Plan

ACTIVITIES, LINKS, SEED, TIMES = 100_000, 300_000, 1, 3
NEAR = 200
"""Links reach at most this many activities ahead, as in a real plan: thousands of levels.

Durations of 1 to 3 days keep so deep a plan within the table of working days (some 40 years).
"""

CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}


def network(*, mixed: bool) -> Network:
    """Return the plan: one calendar and plain links, or three calendars, all types and lags."""
    random = np.random.default_rng(SEED)
    sources = random.integers(0, ACTIVITIES - 1, LINKS)
    targets = np.minimum(sources + random.integers(1, NEAR, LINKS), ACTIVITIES - 1)
    names = list(CALENDARS) if mixed else ["office"]
    types = ["FS", "SS", "FF", "SF"] if mixed else ["FS"]
    kinds = random.choice(len(types), LINKS, p=[0.7, 0.1, 0.1, 0.1] if mixed else [1.0])
    lags = random.integers(-2, 3, LINKS) if mixed else np.zeros(LINKS, np.int64)
    durations = random.integers(1, 4, ACTIVITIES)
    calendars = random.integers(0, len(names), ACTIVITIES)
    lag_calendars = random.integers(0, len(names), LINKS)
    return Network(
        calendars=CALENDARS,
        status_date=date(2026, 3, 2),
        activities=tuple(
            Activity(id=str(i), duration=d, calendar=names[c], splittable=i % 2 == 0 or not mixed)
            for i, (d, c) in enumerate(zip(durations.tolist(), calendars.tolist(), strict=True))
        ),
        links=tuple(
            Link(
                id=f"L{i}",
                predecessor=str(s),
                successor=str(t),
                type=types[k],
                lag=lag,
                lag_calendar=names[c],
            )
            for i, (s, t, k, lag, c) in enumerate(
                zip(
                    sources.tolist(),
                    targets.tolist(),
                    kinds.tolist(),
                    lags.tolist(),
                    lag_calendars.tolist(),
                    strict=True,
                )
            )
        ),
    )


def both_passes(plan: Plan) -> int:
    """Run both passes and return the plan's length in working days of its first calendar."""
    early = forward(plan)
    end = np.full(len(early.finish), int(early.finish.max()))
    late = backward(plan, end)
    assert (late.finish >= early.finish).all()
    before = plan.stack.calendars[int(plan.calendar[0])].before
    return int(before[early.finish.max() + 1] - before[early.start.min()])


def plain_python(plan: Plan) -> int:
    """Do the same with lists and loops, days as plain numbers."""
    order = plan.forward.order.tolist()
    duration = plan.duration.tolist()
    incoming: list[list[int]] = [[] for _ in duration]
    outgoing: list[list[int]] = [[] for _ in duration]
    for source, target in zip(plan.links.source.tolist(), plan.links.target.tolist(), strict=True):
        incoming[target].append(source)
        outgoing[source].append(target)

    def passes() -> int:
        finish = [0] * len(duration)
        for node in order:
            begin = max((finish[source] for source in incoming[node]), default=0)
            finish[node] = begin + duration[node]
        end = max(finish)
        start = [0] * len(duration)
        for node in reversed(order):
            last = min((start[target] for target in outgoing[node]), default=end)
            start[node] = last - duration[node]
        return end

    return report("plain Python", passes)


def networkx_passes(plan: Plan) -> int:
    """Do the same over a networkx graph: durations on its nodes, lags on its links."""
    import networkx as nx  # noqa: PLC0415 -- not a dependency: heavy, and this peer's alone

    graph = nx.DiGraph()
    for node, duration in enumerate(plan.duration.tolist()):
        graph.add_node(node, duration=duration)
    lags = plan.links.lag.tolist()
    ends = zip(plan.links.source.tolist(), plan.links.target.tolist(), lags, strict=True)
    for source, target, lag in ends:
        graph.add_edge(source, target, lag=lag)

    def passes(order: list[int]) -> int:
        finish: dict[int, int] = {}
        for node in order:
            incoming = graph.pred[node].items()
            begin = max((finish[source] + link["lag"] for source, link in incoming), default=0)
            finish[node] = begin + graph.nodes[node]["duration"]
        end = max(finish.values())
        start: dict[int, int] = {}
        for node in reversed(order):
            outgoing = graph.succ[node].items()
            last = min((start[target] - link["lag"] for target, link in outgoing), default=end)
            start[node] = last - graph.nodes[node]["duration"]
        return end

    order = list(nx.topological_sort(graph))
    report("networkx, sorted beforehand", lambda: passes(order))
    return report("networkx", lambda: passes(list(nx.topological_sort(graph))))


def rustworkx_passes(plan: Plan) -> int:
    """Sort a rustworkx graph and do the passes over its neighbours in Python, without lags."""
    import rustworkx as rx  # noqa: PLC0415 -- not a dependency: this peer's alone

    graph = rx.PyDiGraph()
    duration = plan.duration.tolist()
    graph.add_nodes_from(duration)
    ends = zip(plan.links.source.tolist(), plan.links.target.tolist(), strict=True)
    graph.add_edges_from_no_data(list(ends))

    def passes(order: list[int]) -> int:
        finish = [0] * len(duration)
        for node in order:
            begin = max((finish[before] for before in graph.predecessor_indices(node)), default=0)
            finish[node] = begin + duration[node]
        end = max(finish)
        start = [0] * len(duration)
        for node in reversed(order):
            last = min((start[after] for after in graph.successor_indices(node)), default=end)
            start[node] = last - duration[node]
        return end

    order = list(rx.topological_sort(graph))
    report("rustworkx + Python, sorted beforehand", lambda: passes(order))
    return report("rustworkx + Python", lambda: passes(list(rx.topological_sort(graph))))


def cycle() -> None:
    """Name the members of a cycle at the end of a chain of all activities."""
    plan = network(mixed=False)
    chain = [
        Link(predecessor=str(i), successor=str(i + 1), id=f"c{i}") for i in range(ACTIVITIES - 1)
    ]
    back = Link(predecessor=str(ACTIVITIES - 1), successor=str(ACTIVITIES - 3), id="back")

    def named() -> int:
        try:
            replace(plan, links=(*plan.links[: LINKS - ACTIVITIES], *chain, back))
        except BadNetwork as told:
            return str(told).count("→") - 1
        return 0

    report("cycle named, its members", named)
    _whole_command(replace_links(plan, (*plan.links[: LINKS - ACTIVITIES], *chain, back)))


def replace_links(plan: Network, links: tuple[Link, ...]) -> dict[str, object]:
    """Return the file of a plan with other links, which no check has seen."""
    return {
        "calendars": {"office": {"base": "china"}, "outdoor": {}, "elapsed": {}},
        "status_date": str(plan.status_date),
        "activities": [
            {"id": row.id, "name": f"工作{row.id}", "duration": row.duration, "calendar": "office"}
            for row in plan.activities
        ],
        "links": [{"id": one.id, "from": one.predecessor, "to": one.successor} for one in links],
    }


def _whole_command(document: dict[str, object]) -> None:
    """Run the whole command on the file of a plan: start, read, check, say the sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cycle.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-c", "import sys; from guatu.cli import main; sys.exit(main())"]
        best, said = float("inf"), ""
        for _ in range(TIMES):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(
                [*command, "schedule", "back", str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best, said = min(best, used), done.stderr
    members = said.count("→") - 1
    name = "cycle, the whole command from its file"
    print(f"  {name:<40}{best:8.4f} s   {members}")


def report(name: str, work: Callable[[], int]) -> int:
    """Print the best CPU time of the work and return its answer."""
    best, answer = float("inf"), 0
    gc.collect()
    gc.disable()  # as timeit does: nobody pays for the objects of another
    for _ in range(TIMES):
        before = time.process_time()
        answer = work()
        best = min(best, time.process_time() - before)
    gc.enable()
    print(f"  {name:<40}{best:8.4f} s   {answer}")
    return answer


def main() -> None:
    """Print the table."""
    print(f"{ACTIVITIES:,} activities, {LINKS:,} links, both passes, CPU")
    for mixed in (False, True):
        plan_of = network(mixed=mixed)
        before = time.process_time()
        plan, _early = settle(plan_of, shipped_table())
        both_passes(plan)  # what the passes prepare for themselves, once, belongs to laying out
        built = time.process_time() - before
        name = "three calendars, all link types, lags" if mixed else "one calendar"
        levels = f"{len(plan.forward.node_starts) - 1:,} levels laid out and run once"
        print(f"  {levels:<40}{built:8.4f} s")
        length = report(name, lambda plan=plan: both_passes(plan))
        if not mixed:
            for peer in (plain_python, rustworkx_passes, networkx_passes):
                try:
                    assert peer(plan) == length
                except ModuleNotFoundError as missing:
                    print(f"  {missing.name} is not installed")
    cycle()


if __name__ == "__main__":
    main()
