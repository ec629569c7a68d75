"""Items of a paper → drafts: what each would become, and what stands around it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from guatu.campaign.reading.names import subjects_alike, subjects_named
from guatu.campaign.reading.units import UnitNames, unit_names
from guatu.engines.intake.paper.model import Item
from guatu.register.enums import DraftKind, SubjectKind, Verdict
from guatu.register.models import Batch, Draft, Quote, Subject
from guatu.register.recording import BATCH, Json

Thing = TypeVar("Thing")

ACTIONS = {
    "project": (DraftKind.PROJECT, "add_project"),
    "enterprise": (DraftKind.ENTERPRISE, "add_enterprise"),
    "quantity": (DraftKind.QUANTITY, "add_quota"),
    "target": (DraftKind.TARGET, "add_target"),
    "commitment": (DraftKind.COMMITMENT, "add_duty"),
}
"""Kinds of items that become something, and the act that accepts them."""

NAMED = {"project": SubjectKind.PROJECT, "enterprise": SubjectKind.ENTERPRISE}
LARGEST_QUOTA = 1_000
"""Most places a counted group is given; a larger count is a figure, not a list to fill."""


_ABSTRACT = re.compile(
    r"方面|大类"
    r"|(?:领域|环节|维度|关键|重点|工作|任务|举措|措施|制度|机制|政策|改革|行动|要求|要点)$"
)
"""What is counted and is neither a firm nor a project: 四个方面, 十项重点工作."""


def becomes_something(item: Item) -> bool:
    """Whether an item is drafted; the others are shown as highlights only."""
    if item.kind == "quantity":
        counted = "of" in item.attrs and count_of(item.attrs.get("value")) is not None
        return counted and can_be_listed(item.text)
    return item.kind in ACTIONS


def can_be_listed(words: str) -> bool:
    """Whether a counted group is of things with names of their own, so that it has places.

    >>> can_be_listed("9户亿元企业"), can_be_listed("四个方面的目标任务"), can_be_listed("3项工作")
    (True, False, False)
    """
    return _ABSTRACT.search(words) is None


def count_of(value: object) -> int | None:
    """How many are counted, when it is a number of things one could list.

    >>> count_of(9), count_of("15"), count_of(100000000), count_of(1.5), count_of(None)
    (9, 15, None, None, None)
    """
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 1 <= number <= LARGEST_QUOTA else None


def draft_items(
    batch: Batch,
    items: Sequence[Item],
    drafted: Sequence[Item],
    quotes: Mapping[tuple[int, int], Quote],
) -> list[Draft]:
    """Save a draft for each item of ``drafted``; ``items`` are all of the paper."""
    names = {
        kind: subjects_named(subject_kind, {item.text for item in drafted if item.kind == kind})
        for kind, subject_kind in NAMED.items()
    }
    alike = subjects_alike(
        {i.text for i in drafted if i.kind == "project"} - names["project"].keys()
    )
    drafts = []
    for order, item in enumerate(drafted):
        kind, action = ACTIONS[item.kind]
        is_known = item.text in names.get(item.kind, {})
        drafts.append(
            Draft(
                batch=batch,
                order=order,
                kind=kind,
                action=action,
                payload={"text": item.text, **item.attrs, **_alike(item, alike)},
                verdict=Verdict.UNCHANGED if is_known else Verdict.NEW,
                quote=quotes[item.start, item.end],
            )
        )
    _relate(drafts, drafted, items)
    return Draft.objects.bulk_create(drafts, batch_size=BATCH)


def _alike(item: Item, alike: Mapping[str, Subject]) -> dict[str, Json]:
    """The project of the ledger a new name may stand for, by its public id."""
    found = alike.get(item.text) if item.kind == "project" else None
    return {"alike": str(found.public_id)} if found else {}


def _relate(drafts: Sequence[Draft], drafted: Sequence[Item], items: Sequence[Item]) -> None:
    """Give promises the names and dates inside them, and the rest the promise around it."""
    units = unit_names()
    names = _Spans([(i, d) for i, d in zip(drafted, drafts, strict=True) if i.kind in NAMED])
    dates = _Spans([(i, i) for i in items if i.kind == "date"])
    around = [(i, d) for i, d in zip(drafted, drafts, strict=True) if i.kind == "commitment"]
    for item, draft in zip(drafted, drafts, strict=True):
        if item.kind in {"commitment", "target"}:
            draft.payload["named"] = _once(names.inside(item))
            draft.payload["due_text"] = _due_words(dates.inside(item), draft.payload)
        promise = _around(item, around)
        for name in ("domain", "strength"):
            if promise is not None and draft.payload.get(name) is None:
                draft.payload[name] = promise.payload.get(name)
        if draft.payload.get("owner"):
            draft.payload["owner_unit"] = _unit_key(units, str(draft.payload["owner"]))
        if helpers := draft.payload.get("co_owners"):
            draft.payload["co_owner_units"] = [
                key for name in helpers if (key := _unit_key(units, str(name))) is not None
            ]


class _Spans(Generic[Thing]):
    """Things by where they start, asked for what lies inside an item."""

    def __init__(self, things: Sequence[tuple[Item, Thing]]) -> None:
        self.things = sorted(things, key=lambda pair: pair[0].start)
        self.starts = [item.start for item, _ in self.things]

    def inside(self, item: Item) -> list[Thing]:
        first = bisect_left(self.starts, item.start)
        last = bisect_right(self.starts, item.end - 1)
        return [thing for inner, thing in self.things[first:last] if inner.end <= item.end]


def _once(drafts: Sequence[Draft]) -> list[Json]:
    """Public ids of drafts, the first of each name."""
    first: dict[str, Json] = {}
    for draft in drafts:
        first.setdefault(str(draft.payload["text"]), str(draft.public_id))
    return list(first.values())


def _due_words(dates: Sequence[Item], payload: Mapping[str, object]) -> str:
    """The paper's own words for the due date."""
    due = payload.get("due") or payload.get("by")
    words = [d.text for d in dates if due and due in {d.attrs.get("iso"), d.attrs.get("by")}]
    return words[0][:60] if words else ""


def _around(item: Item, around: Sequence[tuple[Item, Draft]]) -> Draft | None:
    """The promise an item stands in."""
    at = bisect_right(around, item.start, key=lambda pair: pair[0].start) - 1
    if at < 0 or around[at][0].end < item.end:
        return None
    return around[at][1]


def _unit_key(units: UnitNames, name: str) -> Json:
    unit = units.named(name)
    return str(unit.public_id) if unit else None
