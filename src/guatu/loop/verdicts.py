"""Judging a subject by the dates of its nodes: a colour, the node that decided, and why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.loop.enums import Colour


@dataclass(frozen=True)
class NodeDates:
    """What a lamp needs to know of one node; ``owner`` is the unit's or post's name.

    ``promised`` tells whether its day is a promise of its own: a node, or a deadline of the plan.
    """

    key: int
    code: str
    name: str
    due: dt.date | None
    finished: dt.date | None
    owner: str = ""
    promised: bool = True


@dataclass(frozen=True)
class Verdict:
    """A colour, the due date it counts from, the node that decided, and why in words.

    The words name dates, never days left: days are counted at reading time, so a lamp is stored
    again only when its colour or its node changes. ``margin`` and ``p_late`` are those of `Lamp`.
    """

    colour: Colour
    since: dt.date | None
    node: NodeDates | None
    words: str
    margin: int | None = None
    p_late: float | None = None


def judge(nodes: Sequence[NodeDates], day: dt.date, limits: Mapping[str, int]) -> Verdict:
    """Judge a subject on ``day`` by its earliest open dated node.

    ``limits`` is the value of the dated rule ``lamp.node``: ``red_from_days_late`` and
    ``amber_within_days``, in calendar days. Without an open dated node the light is green only
    when everything is finished; otherwise it is 未评, because nothing can be judged.
    """
    dated = [node for node in nodes if node.finished is None and node.due is not None]
    if not dated:
        return _without_dates(nodes)
    worst = min(dated, key=lambda node: node.due or day)
    due = worst.due or day
    left = (due - day).days
    if -left >= limits["red_from_days_late"]:
        words = f"「{worst.name}」应于 {due} 前完成，尚未完成。"
        return Verdict(Colour.RED, due, worst, words)
    if left <= limits["amber_within_days"]:
        words = f"「{worst.name}」应于 {due} 前完成，已临近期限。"
        return Verdict(Colour.AMBER, due, worst, words)
    words = f"最近的节点「{worst.name}」应于 {due} 前完成，尚有余量。"
    return Verdict(Colour.GREEN, due, worst, words)


def _without_dates(nodes: Sequence[NodeDates]) -> Verdict:
    if not nodes:
        return Verdict(Colour.UNRATED, None, None, "尚未排定节点，无法评判。")
    if all(node.finished for node in nodes):
        return Verdict(Colour.GREEN, None, None, "全部节点已完成。")
    if any(node.due for node in nodes):
        return Verdict(Colour.UNRATED, None, None, "已定日期的节点均已完成，其余节点日期待定。")
    return Verdict(Colour.UNRATED, None, None, "各节点日期待定，无法评判。")
