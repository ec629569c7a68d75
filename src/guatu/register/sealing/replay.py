"""Replaying events: what they add up to must be the versions and the rows that stand there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max, Q

from guatu.register.enums import Effect
from guatu.register.models.events import Event
from guatu.register.recording import Json, plain
from guatu.register.sealing.outcome import Fault, Verification
from guatu.register.values import vacant
from guatu.register.versions import VERSIONS, Versioned, tracked

CHUNK = 1_000
STEPS = (Effect.CREATED, Effect.CHANGED)
Values = dict[str, Any]
Chosen = Callable[[str], Q]


def check_rows(result: Verification) -> None:
    """Replay every row of every recorded model, a thousand rows at a time."""
    labels = set(Event.objects.filter(effect__in=STEPS).values_list("model", flat=True).distinct())
    labels |= {model._meta.label for model in VERSIONS}
    for label in sorted(labels):
        for low in range(0, _last_key(label) + 1, CHUNK):
            if result.full:
                return
            chosen = partial(_between, low, low + CHUNK - 1)
            result.faults.extend(_check_some(result, label, chosen))


def check_rows_of(result: Verification, events: Iterable[Event]) -> None:
    """Replay the rows that ``events`` changed."""
    touched: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.effect in STEPS and event.row is not None:
            touched[event.model].add(event.row)
    for label, keys in sorted(touched.items()):
        result.faults.extend(_check_some(result, label, partial(_among, keys)))


def _between(low: int, high: int, key: str) -> Q:
    return Q(**{f"{key}__gte": low, f"{key}__lte": high})


def _among(keys: set[int], key: str) -> Q:
    return Q(**{f"{key}__in": keys})


def _last_key(label: str) -> int:
    """Highest key that the row, its events or its versions name; -1 where there is none."""
    model = _model(label)
    highest = [Event.objects.filter(model=label).aggregate(top=Max("row"))["top"]]
    if model is not None:
        highest.append(model._default_manager.aggregate(top=Max("pk"))["top"])
    if model in VERSIONS:
        highest.append(VERSIONS[model]._default_manager.aggregate(top=Max("row_id"))["top"])
    # A table this system lacks is looked at all the same: that is a fault.
    return max((key for key in highest if key is not None), default=0 if model is None else -1)


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _check_some(result: Verification, label: str, chosen: Chosen) -> Iterator[Fault]:
    model = _model(label)
    if model is None:
        yield Fault("events", f"事件提到的表 {label} 在本系统中不存在。", model=label)
        return
    past = _Past(model, chosen)
    result.rows += len(past.keys)
    for key in past.keys:
        if past.complaint(key) is None:
            continue
        # A writer may have come between the three readings: look again while holding the row.
        with transaction.atomic():
            list(model._default_manager.select_for_update().filter(pk=key))
            settled = _Past(model, partial(_among, {key}))
            words = settled.complaint(key)
        if words is not None:
            yield _fault(model, key, words)


class _Past:
    """Events, versions and rows of some keys of one model, as plain values."""

    def __init__(self, model: type[models.Model], chosen: Chosen) -> None:
        self.model = model
        self.versioned = issubclass(model, Versioned)
        self.columns = {field.attname: field for field in tracked(model)}
        self.begun = _begun(model)
        lock = ("revision", "known_from") if self.versioned else ()
        self.events: dict[int, list[Values]] = defaultdict(list)
        found = Event.objects.filter(chosen("row"), model=model._meta.label, effect__in=STEPS)
        for event in found.order_by("pk").values(
            "row", "at", "effect", "changes", "withdrawn_by_id"
        ):
            self.events[int(event["row"] or 0)].append({**event})
        self.versions: dict[int, list[Values]] = defaultdict(list)
        if model in VERSIONS:
            states = VERSIONS[model]._default_manager.filter(chosen("row_id"))
            for state in states.order_by("revision", "pk").values(
                "row_id", *self.columns, *lock, "known_to"
            ):
                self.versions[state["row_id"]].append(state)
        rows = model._default_manager.filter(chosen("pk")).values("pk", *self.columns, *lock)
        self.rows: dict[int, Values] = {row["pk"]: row for row in rows}
        recorded = set(self.events) | set(self.versions)
        # Rows without versions need not have been recorded at all.
        self.keys = sorted(recorded | set(self.rows)) if self.versioned else sorted(recorded)

    def complaint(self, key: int) -> str | None:
        """Say what is wrong with one row, or None."""
        events = self.events[key]
        if any(event["withdrawn_by_id"] is not None for event in events):
            return None  # what was withdrawn can be neither proved nor disproved
        if not events:
            return "没有任何事件记录，却出现在数据库中"
        states, broken = self._states(events)
        if broken:
            return broken
        row = self.rows.get(key)
        if row is None:
            return "有事件记录，但该行已从数据库中消失"
        wrong = self._differences(states[-1], row)
        if wrong:
            return f"现存的值与事件重放的结果不同（{'、'.join(wrong)}）"
        return self._history(events, states, self.versions[key], row) if self.versioned else None

    def _states(self, events: list[Values]) -> tuple[list[dict[str, Json]], str | None]:
        """State after each event; the second part tells where events do not follow each other."""
        state: dict[str, Json] = {}
        states: list[dict[str, Json]] = []
        for number, event in enumerate(events):
            if event["effect"] == Effect.CREATED:
                if number:
                    return states, "有两次新增事件"
                state = dict(self.begun)
            elif self.versioned and not number:
                return states, "缺少新增事件"
            for name, (old, new) in event["changes"].items():
                if event["effect"] == Effect.CHANGED and state.get(name, old) != old:
                    return states, f"事件前后不衔接（{name}）"
                state[name] = new
            states.append(dict(state))
        return states, None

    def _history(
        self,
        events: list[Values],
        states: list[dict[str, Json]],
        versions: list[Values],
        row: Values,
    ) -> str | None:
        """Compare each version with the state after its event; the row closes the line."""
        if len(versions) != len(events):
            return f"应有 {len(events)} 个历史版本，实有 {len(versions)} 个"
        if row["revision"] != len(events) or row["known_from"] != events[-1]["at"]:
            return "修订号或生效时间与事件不同"
        ends = [*(event["at"] for event in events[1:]), None]
        for number, version in enumerate(versions):
            wrong = self._differences(states[number], version)
            if wrong:
                return f"第 {number + 1} 个历史版本与事件重放的结果不同（{'、'.join(wrong)}）"
            span = (version["revision"], version["known_from"], version["known_to"])
            if span != (number + 1, events[number]["at"], ends[number]):
                return f"第 {number + 1} 个历史版本的起止时间与事件不同"
        return None

    def _differences(self, state: dict[str, Json], found: Values) -> list[str]:
        return [
            name for name in self.columns if name in state and plain(found[name]) != state[name]
        ]


def _begun(model: type[models.Model]) -> dict[str, Json]:
    """Values a new row has in the columns its first event does not name.

    A column that can be neither null nor empty text is always named, and so is one that follows
    from others wherever it says anything; where such a one is not, it is younger than the event
    and cannot be judged.
    """
    derived = model.derived if issubclass(model, Versioned) else {}
    return {
        column.attname: vacant(column)
        for column in tracked(model)
        if column.attname not in derived
        and (column.null or isinstance(column, models.CharField | models.TextField))
    }


def _fault(model: type[models.Model], key: int, words: str) -> Fault:
    label = model._meta.label
    row = model._default_manager.filter(pk=key).first()
    name = f"「{row}」" if row is not None else ""
    public_id = getattr(row, "public_id", None)
    kind = "versions" if "历史版本" in words else "row"
    return Fault(
        kind,
        f"{label} 第 {key} 行{name}：{words}。",
        public_id=str(public_id) if public_id else None,
        model=label,
        row=key,
    )
