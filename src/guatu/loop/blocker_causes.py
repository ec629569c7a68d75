"""Causes of blockers as the dated rule ``blocker.causes`` has them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from guatu.loop.enums import RemoverKind
from guatu.register.errors import Invalid
from guatu.register.rules import Holding, rule_on

RULE = "blocker.causes"


@dataclass(frozen=True)
class BlockerCause:
    """One cause: its chapter, and who usually removes it.

    ``words`` find the department of the kind ``unit`` by its name. ``kinds`` are kinds of subjects
    that usually meet it, ``nodes`` causes of delay of the activities that do.
    """

    code: str
    name: str
    chapter: str
    remover: RemoverKind
    words: tuple[str, ...]
    kinds: frozenset[str]
    nodes: frozenset[str]


def causes_on(day: dt.date) -> dict[str, BlockerCause]:
    """Causes by code, in the order of the rule of ``day``; one query."""
    return causes_in(rule_on(RULE, day))


def causes_in(rule: Holding) -> dict[str, BlockerCause]:
    """Causes by code as a rule that was read already has them."""
    return {
        row["code"]: BlockerCause(
            code=row["code"],
            name=row["name"],
            chapter=row["chapter"],
            remover=RemoverKind(row["remover"]),
            words=tuple(row.get("words", ())),
            kinds=frozenset(row.get("kinds", ())),
            nodes=frozenset(row.get("nodes", ())),
        )
        for row in rule.value
    }


def known_cause(causes: Mapping[str, BlockerCause], code: str) -> BlockerCause:
    """Return the cause of a code. Raises Invalid, naming those there are, for any other."""
    if code not in causes:
        told = "、".join(f"{cause.code} {cause.name}" for cause in causes.values())
        raise Invalid(f"请选择堵点成因：{told}。", "cause")
    return causes[code]


def name_of(causes: Mapping[str, BlockerCause], code: str) -> str:
    """Name of a cause; a code that the rule no longer has is shown as it is."""
    cause = causes.get(code)
    return cause.name if cause else code
