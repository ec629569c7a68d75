"""Work that waits for itself, and how a sentence names it.

A plan of 100,000 activities takes several times as long to build and check row by row as to read.
Whoever has tied one in a circle is told before that: from the bare rows of the file.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from guatu.engines.schedule.activity import BadNetwork
from guatu.engines.schedule.levels import Ints, find_cycle

NAMED = 12
"""Members of a circle that a sentence names before it only counts the rest."""


def self_link(label: str) -> BadNetwork:
    """Say that an activity is linked to itself."""
    return BadNetwork(f"工作{label}不能联系到自己。")


def circle(labels: Sequence[str]) -> BadNetwork:
    """Say which activities wait for each other, in the direction of their links."""
    named = list(labels)
    if len(named) > NAMED:
        named = [*named[: NAMED - 1], f"……（共{len(labels)}项）"]
    return BadNetwork("这些工作互为前置，成了循环：" + "→".join([*named, labels[0]]) + "。")


def refuse_circles(activities: object, links: object) -> None:
    """Raise BadNetwork when the links of a file, as they are written, run in a circle.

    Nothing else is judged: rows that are not written as they should be, and circles that close
    only through what lies under a summary row, are left to the whole check.
    """
    try:
        names, source, target = _ends(activities, links)
    except (KeyError, TypeError):
        return
    selves = np.flatnonzero(source == target)
    if len(selves):
        raise self_link(f"「{names[source[selves[0]]]}」")
    if cycle := find_cycle(len(names), source, target):
        raise circle([f"「{names[place]}」" for place in cycle])


def _ends(activities: object, links: object) -> tuple[list[str], Ints, Ints]:
    """Return names and the two ends of each link; KeyError, TypeError for rows left alone."""
    rows, ties = _rows(activities), _rows(links)
    places = {row["id"]: place for place, row in enumerate(rows)}
    if len(places) < len(rows):
        raise KeyError("id")
    source, target = (
        np.fromiter((places[row[end]] for row in ties), dtype=np.int64, count=len(ties))
        for end in ("from", "to")
    )
    return [row.get("name") or row["id"] for row in rows], source, target


def _rows(value: object) -> list[Mapping[str, str]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise TypeError(value)
    return value
