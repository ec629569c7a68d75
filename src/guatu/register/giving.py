"""Giving many rows that hang on subjects to another unit or leader: planned, then written at once.

The unit stands on the subject, the leader on the row itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from guatu.register.bulk_plans import Judge, Plan, Row, planned
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.recording import Act, change_many

ON_SUBJECT = frozenset({"unit", "district_code"})


def unit_of(row: Row) -> Organisation | None:
    """Unit of the subject a row hangs on."""
    unit: Organisation | None = row.subject.unit
    return unit


def plan_giving(
    act: Act,
    rows: Sequence[Row],
    policy: str,
    judge: Judge,
    *,
    thing_of: Callable[[Row], object] = lambda row: row,
    **named: Organisation | Post | None,
) -> Plan:
    """Give rows to the ``unit``, ``leader_post`` or other column ``named``; None leaves what is.

    ``judge`` adds what follows of one row and raises what stands in its way. Rows have their
    ``subject__unit`` joined. Raises Invalid where nothing is given, without a reason, and for a
    leader who is none.
    """
    given = {name: value for name, value in named.items() if value is not None}
    if not given:
        raise Invalid("请选择要改成什么。")
    if not act.reason.strip():
        raise Invalid("请写明理由。", "reason")
    leader_post = given.get("leader_post")
    if isinstance(leader_post, Post) and (
        leader_post.role != Role.LEADER or not leader_post.active
    ):
        raise Invalid("包保领导须为在用的区领导岗位。", "leader_post")

    def judged(row: Row) -> Mapping[str, Any]:
        if all(_held(row, name) == value.pk for name, value in given.items()):
            raise Invalid("已经如此，没有变化")
        return {**given, **judge(row)}

    return planned(act, rows, policy, judged, unit_of=unit_of, thing_of=thing_of)


def _held(row: Row, name: str) -> int | None:
    held: int | None = getattr(row.subject if name in ON_SUBJECT else row, f"{name}_id")
    return held


def give(plan: Plan, verb: str) -> int:
    """Write what a plan gives; returns how many rows it gave.

    Raises Stale when one of the rows was changed since the plan was made, and then gives none.
    """
    with transaction.atomic():
        for act, verdicts in plan.parts():
            rows, subjects = [], []
            for one in verdicts:
                told = one.told.items()
                rows.append((one.row, {k: v for k, v in told if k not in ON_SUBJECT}))
                subjects.append((one.row.subject, {k: v for k, v in told if k in ON_SUBJECT}))
            change_many(act, verb, rows)
            change_many(act, "subject.edit", subjects)
    return len(plan.moving)
