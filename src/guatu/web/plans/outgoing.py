"""A plan as files of other tools show it: stages, what work needs, what was agreed before. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from guatu.loop.models import Baseline
from guatu.loop.plan.capacity import periods_of
from guatu.loop.plan.sketch import Sketch

if TYPE_CHECKING:
    from guatu.engines.schedule import Network

    Agreed = dict[str, tuple[dt.date | None, dt.date | None]]

EARLIER = 10
"""Baselines other tools keep beside the one that holds."""


def numbered(known: Sequence[Baseline]) -> "dict[int, Agreed]":
    """Number baselines as Microsoft Project does: 0 holds, 1 to 10 are older, the first one first.

    ``known`` begins with the first ever agreed; of more than eleven the oldest are left out.
    """
    last, before = known[-1:], known[:-1][-EARLIER:]
    return {
        number: {key: (_day(first), _day(until)) for key, (first, until) in one.rows.items()}
        for number, one in enumerate([*last, *before])
    }


def needing(network: "Network", sketch: Sketch, resources: Mapping[str, Any]) -> "Network":
    """Return the network with what its work needs, by the names of the resources.

    ``resources``: rows by code, or past states of them. Where more of one is needed than there is
    they go without their numbers: a plan may be ahead of the crew it asks for.
    """
    from guatu.engines.schedule import Resource as Capacity  # noqa: PLC0415 -- numpy, as needed

    needs = {
        key: {resources[code].name: number for code, number in step.needs.items()}
        for key, step in sketch.steps.items()
        if step.needs and all(code in resources for code in step.needs)
    }
    most: dict[str, int] = {}
    for row in network.activities:
        for name, number in needs.get(row.id, {}).items():
            most[name] = max(most.get(name, 0), number)
    lacking = any(row.peak < most.get(row.name, 0) for row in resources.values())
    return replace(
        network,
        activities=tuple(replace(row, needs=needs.get(row.id, {})) for row in network.activities),
        resources=tuple(
            Capacity(row.name, row.capacity, periods_of(row))
            for row in resources.values()
            if row.name in most and not lacking
        ),
    )


def stages_of(sketch: Sketch, names: Mapping[str, str]) -> dict[str, str]:
    """Name of the stage of each activity that has one."""
    told = {key: names.get(step.stage, "") for key, step in sketch.steps.items()}
    return {key: name for key, name in told.items() if name}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
