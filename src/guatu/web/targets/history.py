"""What changed about a target and its parts: figures old → new, kept as observations."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.campaign.targets.account import key_of
from guatu.loop.actions.apportioning import place_name
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import Sprint
from guatu.register.enums import Basis, Effect
from guatu.register.models import Event, Observation
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import end_of
from guatu.web.components import Change
from guatu.web.history import events_of, history_of
from guatu.web.history.lines import actor_words, day_apart
from guatu.web.targets.faces import trimmed

TARGET, FIGURE, PART = Target._meta.label, Observation._meta.label, TargetPart._meta.label
GIVEN_OUT, TAKEN_BACK = "target.decompose", "target.take_back"
UNKNOWN = "未报"
MOST_EVENTS = 400


@dataclass(frozen=True)
class Moved:
    """One figure of a part that an act changed; ``place`` as in a share, or ``3月完成``."""

    figure: Observation
    place: str
    old: Decimal | None
    first: bool


def changes_of(
    target: Target, sprint: Sprint, standing: Standing, as_of: dt.date | None
) -> list[Change]:
    """Lines of a target's history, newest first; what units in sight were given is told by unit."""
    figures = Observation.objects.filter(subject_id=target.subject_id, basis=Basis.PLAN)
    keys = figures.values_list("pk", flat=True)
    parts = list(
        TargetPart.objects.filter(in_sight(standing, "subject__"), target=key_of(target))
        .select_related("unit")
        .order_by("unit__order_path", "unit_id")
    )
    rows = [(TARGET, key_of(target)), *((FIGURE, key) for key in keys)]
    rows += [(PART, part.pk) for part in parts]
    events = list(events_of(rows=rows, as_of=as_of, limit=MOST_EVENTS))
    moved = _moved([part.subject_id for part in parts], (Basis.PLAN, Basis.STRETCH), as_of)
    told: list[Change] = []
    for event in events:
        if event.model == TARGET:
            told += _given_out(event, parts, moved, events) or history_of([event])
    told += _sprints([event for event in events if event.model == FIGURE], target, sprint)
    return sorted(told, key=lambda line: line.at, reverse=True)


def part_changes_of(part: TargetPart, target: Target, as_of: dt.date | None) -> list[Change]:
    """Lines of the history of a unit's part: what it was given and what it reported."""
    key = key_of(part)
    rows = [(TARGET, key_of(target)), (PART, key)]
    events = list(events_of(rows=rows, as_of=as_of, limit=MOST_EVENTS))
    moved = _moved([part.subject_id], (Basis.PLAN, Basis.STRETCH), as_of)
    living = TargetPart(pk=key, unit=part.unit, subject_id=part.subject_id)
    told: list[Change] = []
    for event in events:
        if event.model == TARGET:
            told += _given_out(event, [living], moved, events)
    for one in _moved([part.subject_id], (Basis.PERIOD,), as_of):
        figure = one.figure
        who = figure.officer.name if figure.officer else "系统"
        old = None if one.first else _value(one.old)
        what = f"{int(figure.period[-2:])}月完成"
        told.append(Change(figure.vintage, who, what, old, _value(figure.value), figure.source))
    return sorted(told, key=lambda line: line.at, reverse=True)


def _moved(subjects: Collection[int], bases: Sequence[Basis], as_of: dt.date | None) -> list[Moved]:
    """Every figure ever told of some parts with the one before it, oldest first; one query."""
    found = Observation.objects.filter(subject_id__in=subjects, basis__in=bases)
    if as_of is not None:
        found = found.filter(vintage__lt=end_of(as_of))
    before: dict[tuple[int, str, str], Decimal | None] = {}
    told = []
    for figure in found.select_related("officer").order_by("vintage", "pk"):
        key = (figure.subject_id, figure.period, figure.basis)
        place = _place(figure)
        told.append(Moved(figure, place, before.get(key), key not in before))
        before[key] = figure.value
    return told


def _place(figure: Observation) -> str:
    if figure.basis == Basis.STRETCH:
        return "stretch"
    _, _, month = figure.period.partition("-")
    return str(int(month)) if month else "year"


def _given_out(
    event: Event, parts: Iterable[TargetPart], moved: Iterable[Moved], events: Iterable[Event]
) -> list[Change]:
    """Lines of one decomposition, a unit each; none for another act."""
    if event.verb != GIVEN_OUT:
        return []
    figures: dict[int, list[Moved]] = defaultdict(list)
    for one in moved:
        if one.figure.vintage == event.at:
            figures[one.figure.subject_id].append(one)
    gone = {e.row for e in events if (e.verb, e.at, e.model) == (TAKEN_BACK, event.at, PART)}
    lines = []
    for part in parts:
        told = sorted(figures.get(part.subject_id, []), key=_order)
        known = any(not one.first for one in told)
        old = _words((one.place, one.old) for one in told) if known else None
        new = _words((one.place, one.figure.value) for one in told)
        if part.pk in gone:
            old, new = _held(part, moved, event), "不再分给"
        if new:
            what = f"分给{part.unit}"
            lines.append(Change(event.at, actor_words(event), what, old, new, event.reason))
    return lines


def _held(part: TargetPart, moved: Iterable[Moved], event: Event) -> str | None:
    """What a part was given before ``event``."""
    held: dict[str, Decimal | None] = {}
    for one in moved:
        if one.figure.subject_id == part.subject_id and one.figure.vintage < event.at:
            held[one.place] = one.figure.value
    pairs = sorted(held.items(), key=lambda pair: _rank(pair[0]))
    return _words(pair for pair in pairs if pair[1] is not None) or None


def _order(one: Moved) -> int:
    return _rank(one.place)


def _rank(place: str) -> int:
    return {"year": -2, "stretch": -1}.get(place, int(place) if place.isdecimal() else 0)


def _words(pairs: Iterable[tuple[str, Decimal | None]]) -> str:
    """Figures by place, months of the same figure that follow each other as one.

    >>> _words([("year", Decimal(3)), ("1", Decimal(0)), ("2", Decimal(0)), ("3", None)])
    '年度目标 3、1—2月 0、3月 未报'
    """
    runs: list[tuple[str, str, str]] = []
    for place, figure in pairs:
        value = _value(figure)
        first, last, same = runs[-1] if runs else ("", "", "")
        follows = place.isdecimal() and last.isdecimal() and int(last) + 1 == int(place)
        if follows and same == value:
            runs[-1] = (first, place, value)
        else:
            runs.append((place, place, value))
    return "、".join(
        f"{place_name(first)} {value}" if first == last else f"{first}—{last}月 {value}"
        for first, last, value in runs
    )


def _value(value: Decimal | None) -> str:
    return UNKNOWN if value is None else trimmed(value)


def _sprints(events: Sequence[Event], target: Target, sprint: Sprint) -> Iterator[Change]:
    """The sprint's own figures, old → new; the one that follows tells that one was superseded."""
    period, before = sprint.period(int(target.period)), None
    for event in reversed(events):
        said = {column: pair[1] for column, pair in event.changes.items()}
        if event.effect != Effect.CREATED or said.get("period") != period:
            continue
        value = said.get("value")
        words = None if value is None else f"{trimmed(Decimal(str(value)))} {target.unit}"
        who, on = actor_words(event), day_apart(event)
        yield Change(event.at, who, f"{sprint.name}目标", before, words, event.reason, on)
        before = words
