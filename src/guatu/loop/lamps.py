"""Lamps: a subject's light computed from the dates of its nodes, with the reason.

:func:`judge` is pure; :func:`recompute` reads nodes, judges, and stores what changed. Nobody types
a lamp. Better engines change the rule, not the table.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from guatu.loop.enums import Colour
from guatu.loop.models import Activity, Lamp
from guatu.register.models import Rule
from guatu.register.recording import BATCH, Act, Json, change_many, create_many, plain
from guatu.register.rules import Holding, rule_on

RULE = "lamp.node"


@dataclass(frozen=True)
class NodeDates:
    """What a lamp needs to know of one node; ``owner`` is the unit's or post's name."""

    key: int
    code: str
    name: str
    due: dt.date | None
    finished: dt.date | None
    owner: str = ""


@dataclass(frozen=True)
class Verdict:
    """A colour, the due date it counts from, the node that decided, and why in words.

    The words name dates, never days left: days are counted at reading time, so a lamp is stored
    again only when its colour or its node changes.
    """

    colour: Colour
    since: dt.date | None
    node: NodeDates | None
    words: str


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


def recompute(act: Act, subjects: Iterable[int] | None = None) -> int:
    """Compute the lamps of ``subjects`` (keys; None = all with nodes) and store what changed.

    Returns how many lamps changed. A subject without nodes gets no row: no lamp reads as 未评. A
    constant number of statements per 500 subjects.
    """
    keys = None if subjects is None else sorted(set(subjects))
    if keys is not None and not keys:
        return 0
    rule = rule_on(RULE, act.business_date)
    stored = Rule.objects.filter(key=RULE, valid_from=rule.valid_from)
    rule_key = stored.values_list("pk", flat=True).first()
    changed = 0
    for part in [None] if keys is None else _parts(keys):
        nodes = _nodes(part)
        known = {lamp.subject_id: lamp for lamp in _lamps(part)}
        wanted = {
            key: judge(nodes.get(key, ()), act.business_date, rule.value)
            for key in {*nodes, *known}
        }
        changed += _store(act, rule, rule_key, known, wanted)
    return changed


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _lamps(subjects: list[int] | None) -> Iterable[Lamp]:
    lamps = Lamp.objects.all()
    return lamps if subjects is None else lamps.filter(subject_id__in=subjects)


def _nodes(subjects: list[int] | None) -> dict[int, list[NodeDates]]:
    """Nodes by subject, in their order; one query."""
    rows = Activity.objects.order_by("subject_id", "sequence", "id")
    if subjects is not None:
        rows = rows.filter(subject_id__in=subjects)
    columns = rows.values_list(
        "subject_id",
        "pk",
        "node",
        "name",
        "due",
        "finished",
        "owner_unit__short_name",
        "owner_unit__name",
        "owner_post__title",
        "subject__unit__short_name",
        "subject__unit__name",
    )
    return {
        subject: [
            NodeDates(key, code, name, due, done, _owner(names))
            for _, key, code, name, due, done, *names in group
        ]
        for subject, group in groupby(columns.iterator(chunk_size=2000), key=lambda row: row[0])
    }


def _owner(names: Sequence[str | None]) -> str:
    """Name of who answers for a node: its own unit and post, else the subject's unit."""
    short, full, post, own_short, own_full = names
    unit = short or full or own_short or own_full or ""
    return f"{unit}{post or ''}"


def reason_of(verdict: Verdict, rule: Holding) -> dict[str, Json]:
    """Reason as it is stored and shown: rule, node, owner, words."""
    node = verdict.node
    return {
        "rule": {**rule.cited(), "value": rule.value},
        "node": {"code": node.code, "name": node.name, "due": plain(node.due)} if node else None,
        "owner": {"name": node.owner} if node and node.owner else None,
        "words": verdict.words,
    }


def _store(
    act: Act,
    rule: Holding,
    rule_key: int | None,
    known: Mapping[int, Lamp],
    wanted: Mapping[int, Verdict],
) -> int:
    """Create missing lamps and change those whose light or reason differs."""
    fresh: list[Lamp] = []
    changes: list[tuple[Lamp, dict[str, Any]]] = []
    for subject, verdict in wanted.items():
        values: dict[str, Any] = {
            "colour": verdict.colour.value,
            "since": verdict.since,
            "activity_id": verdict.node.key if verdict.node else None,
            "reason": reason_of(verdict, rule),
            "rule_id": rule_key,
        }
        stamp = {"computed_at": act.at, "business_date": act.business_date}
        lamp = known.get(subject)
        if lamp is None:
            fresh.append(Lamp(subject_id=subject, **values, **stamp))
        elif any(getattr(lamp, name) != value for name, value in values.items()):
            changes.append((lamp, values | stamp))
    create_many(act, "lamp.compute", fresh)
    return len(fresh) + change_many(act, "lamp.compute", changes)
