"""Levelling in a process of its own: a compiler and a solver never load where pages are served.

The child reads one JSON request from its standard input, answers with JSON on its standard output
and ends; it is bounded in memory, processor time and time on the clock.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from guatu.engines.calendars import CalendarSpec, DayTable, shipped_table
from guatu.engines.calendars.day_table import YearNotice
from guatu.engines.schedule.document import network_from
from guatu.engines.schedule.formats.plan_json import resource_rows
from guatu.engines.schedule.network import Activity, BadNetwork, Network

Objective = Literal["deadlines", "lateness"]
Json = Any

MEGABYTE = 1024 * 1024
MEMORY = 6144 * MEGABYTE
"""Address space, of which a solver reserves far more than it uses."""
LARGEST_FILE = 64 * MEGABYTE
"""What compiled loops may be kept in beside the source or in the user's cache."""
PATIENCE = 6.0
"""How many times its budget a search may last on the clock of a loaded machine."""
GRACE_SECONDS = 90.0
"""For loading, and for compiling where nothing is kept yet."""
KEPT_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "NUMBA_CACHE_DIR", "TZ")


class NotLevelled(Exception):
    """The child ended without an answer; the message is one plain sentence."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What levelling answered; ``status`` is a word of its `Status`, lengths in calendar days.

    ``days``: first and last day by activity, None without a schedule.
    """

    status: str
    makespan: int | None
    bound: int | None
    cut_by_clock: bool
    reasons: tuple[str, ...]
    days: Mapping[str, tuple[date, date]] | None


def level_apart(
    network: Network,
    table: DayTable,
    *,
    limit: float,
    seed: int = 0,
    objective: Objective = "lateness",
) -> Answer:
    """Level as :func:`guatu.engines.schedule.levelling.level` does, in another process.

    Raises NotLevelled when that process crashed or used up what it may.
    """
    request = {
        "network": _network(network),
        "notices": [_notice(notice) for notice in table.notices.values()],
        "limit": limit,
        "seed": seed,
        "objective": objective,
    }
    return _answer(json.loads(_said(request, limit * PATIENCE + GRACE_SECONDS)))


def _said(request: Json, seconds: float) -> bytes:
    """Have the request answered by a process that may last so long."""
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    # The child may import what this process may import, and looks nowhere else.
    places = os.pathsep.join(place for place in sys.path if place)
    environment |= {"PYTHONPATH": places, "PYTHONUTF8": "1"}
    try:
        # The command is this very module under this very interpreter; nothing of it is foreign.
        done = subprocess.run(  # noqa: S603 -- see above
            [sys.executable, "-P", "-s", "-m", __name__],
            input=json.dumps(request).encode(),
            capture_output=True,
            env=environment,
            cwd="/",
            timeout=seconds,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise NotLevelled("机器繁忙，规定时间内没有算完，请稍后再试或选较短的时限。") from None
    if done.returncode != 0:
        raise NotLevelled("计算中断，内存或时间不足，请减少资源后再试。")
    return done.stdout


def _network(network: Network) -> Json:
    """Write the network as :func:`network_from` reads it."""
    return {
        "calendars": {name: _calendar(spec) for name, spec in network.calendars.items()},
        "status_date": _iso(network.status_date),
        "activities": [_activity(row) for row in network.activities],
        "links": [
            {
                "from": link.predecessor,
                "to": link.successor,
                "type": link.type,
                "lag": link.lag,
                "lag_calendar": link.lag_calendar,
            }
            for link in network.links
        ],
        "deadlines": [
            {"activity": one.activity, "finish": _iso(one.finish)} for one in network.deadlines
        ],
        "resources": resource_rows(network),
    }


def _calendar(spec: CalendarSpec) -> Json:
    return {
        "base": spec.base,
        "stop": [[f"{m:02d}-{d:02d}" for m, d in window] for window in spec.stop],
        "off": [_iso(date.fromordinal(day)) for day in sorted(spec.off)],
        "work": [_iso(date.fromordinal(day)) for day in sorted(spec.work)],
    }


def _activity(row: Activity) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "duration": row.duration,
        "calendar": row.calendar,
        "splittable": row.splittable,
        "valid_days": row.valid_days,
        "needs": dict(row.needs),
        "parent": row.parent,
        "start_no_earlier": _iso(row.start_no_earlier),
        "fixed_start": _iso(row.fixed_start),
        "actual_start": _iso(row.actual_start),
        "actual_finish": _iso(row.actual_finish),
        "remaining": row.remaining,
        "leave": [
            {"from": _iso(one.first), "to": _iso(one.last), "kind": one.kind} for one in row.leave
        ],
        "allowed_starts": None if row.allowed_starts is None else [*map(_iso, row.allowed_starts)],
    }


def _notice(notice: YearNotice) -> Json:
    return {
        "year": notice.year,
        "off": sorted(notice.off),
        "work": sorted(notice.work),
        "source": notice.source,
        "provisional": notice.provisional,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _answer(told: Json) -> Answer:
    days = told["days"]
    return Answer(
        status=told["status"],
        makespan=told["makespan"],
        bound=told["bound"],
        cut_by_clock=told["cut_by_clock"],
        reasons=tuple(told["reasons"]),
        days=None
        if days is None
        else {
            key: (date.fromisoformat(first), date.fromisoformat(last))
            for key, (first, last) in days.items()
        },
    )


def _table(rows: list[Json]) -> DayTable:
    notices = {
        row["year"]: YearNotice(
            year=row["year"],
            off=frozenset(row["off"]),
            work=frozenset(row["work"]),
            source=row["source"],
            provisional=row["provisional"],
        )
        for row in rows
    }
    return replace(shipped_table(), notices=notices)


def _levelled(request: Json) -> Json:
    from guatu.engines.schedule.levelling import level  # noqa: PLC0415 -- in the child alone

    answer = level(
        network_from(request["network"]),
        limit=request["limit"],
        seed=request["seed"],
        objective=request["objective"],
        table=_table(request["notices"]),
    )
    return {
        "status": answer.status.value,
        "makespan": answer.makespan,
        "bound": answer.bound,
        "cut_by_clock": answer.cut_by_clock,
        "reasons": list(answer.reasons),
        "days": None
        if answer.starts is None
        else {key: [_iso(first), _iso(last)] for key, (first, last) in answer.starts.items()},
    }


def _bound(limit: float) -> None:
    """Give up for good what levelling does not need; called in the child only."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, int(limit * PATIENCE + GRACE_SECONDS)),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        # A lower limit of the surrounding system stays in force.
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def main() -> int:
    """Answer the one request on standard input; the child's whole life."""
    request = json.load(sys.stdin.buffer)
    _bound(request["limit"])
    try:
        answer = _levelled(request)
    except (BadNetwork, MemoryError):
        return 1
    sys.stdout.buffer.write(json.dumps(answer).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
