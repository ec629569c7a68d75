"""Lamps: a subject's light computed from its network, else from the dates of its nodes.

:func:`recompute` reads, computes, judges, and stores what changed, with the reason. Nobody types a
lamp. Better engines change the rule, not the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from itertools import groupby
from operator import itemgetter
from typing import Any

from guatu.engines.uncollected import uncollected
from guatu.loop.models import Activity, Lamp
from guatu.loop.network_verdicts import judge_network
from guatu.loop.node_duties import RULE as DUTY_RULE
from guatu.loop.node_duties import align_duties
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.chances import RULE as FORECAST_RULE
from guatu.loop.plan.storing import recompute_plans
from guatu.loop.verdicts import NodeDates, Verdict, judge
from guatu.register.raw_rows import raw_rows
from guatu.register.recording import BATCH, Act, Json, change_many, create_many, plain
from guatu.register.rules import Holding, rules_on

Judged = tuple[Verdict, Holding]

NODE_RULE, NETWORK_RULE = "lamp.node", "lamp.network"
RULES = (NODE_RULE, NETWORK_RULE, FORECAST_RULE, DUTY_RULE)


def recompute(
    act: Act, subjects: Iterable[int] | None = None, calendars: Calendars | None = None
) -> int:
    """Compute plans, their duties and lamps of ``subjects`` (keys; None = all with nodes).

    Stores what changed and returns how many lamps did. A subject without nodes gets no row: no lamp
    reads as 未评. A constant number of statements per 500 subjects, but for duties that move.
    ``calendars`` where the caller has read them already.
    """
    keys = None if subjects is None else sorted(set(subjects))
    if keys is not None and not keys:
        return 0
    rules = dict(zip(RULES, rules_on(RULES, act.business_date), strict=True))
    with uncollected() if keys is None else nullcontext():
        parts = [None] if keys is None else _parts(keys)
        return sum(_recompute(act, part, rules, calendars) for part in parts)


def _recompute(
    act: Act,
    part: list[int] | None,
    rules: Mapping[str, Holding],
    calendars: Calendars | None,
) -> int:
    by_nodes, by_network = rules[NODE_RULE], rules[NETWORK_RULE]
    outlooks = recompute_plans(act, part, rules[FORECAST_RULE].value, calendars)
    align_duties(act, outlooks, rules[DUTY_RULE].value)
    nodes = _nodes(part)
    known = {lamp.subject_id: lamp for lamp in _lamps(part)}
    wanted: dict[int, Judged] = {}
    for key in {*nodes, *known}:
        own, outlook = nodes.get(key, ()), outlooks.get(key)
        verdict = outlook and judge_network(own, outlook, act.business_date, by_network.value)
        if verdict:
            wanted[key] = (verdict, by_network)
        else:
            wanted[key] = (judge(own, act.business_date, by_nodes.value), by_nodes)
    return _store(act, known, wanted)


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
        "kind",
        "firm",
        "owner_unit__short_name",
        "owner_unit__name",
        "owner_post__title",
        "subject__unit__short_name",
        "subject__unit__name",
    )
    return {
        subject: [
            NodeDates(key, code, name, due, done, _owner(names), promised=not kind or firm)
            for _, key, code, name, due, done, kind, firm, *names in group
        ]
        for subject, group in groupby(raw_rows(columns), key=itemgetter(0))
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
    known: Mapping[int, Lamp],
    wanted: Mapping[int, Judged],
) -> int:
    """Create missing lamps and change those whose light or reason differs."""
    fresh: list[Lamp] = []
    changes: list[tuple[Lamp, dict[str, Any]]] = []
    for subject, (verdict, rule) in wanted.items():
        values: dict[str, Any] = {
            "colour": verdict.colour.value,
            "since": verdict.since,
            "activity_id": verdict.node.key if verdict.node else None,
            "reason": reason_of(verdict, rule),
            "rule_id": rule.row,
            "margin": verdict.margin,
            "p_late": verdict.p_late,
        }
        stamp = {"computed_at": act.at, "business_date": act.business_date}
        lamp = known.get(subject)
        if lamp is None:
            fresh.append(Lamp(subject_id=subject, **values, **stamp))
        elif any(getattr(lamp, name) != value for name, value in values.items()):
            changes.append((lamp, values | stamp))
    create_many(act, "lamp.compute", fresh)
    return len(fresh) + change_many(act, "lamp.compute", changes)
