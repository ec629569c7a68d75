"""Withdrawing payloads: lawful erasure that leaves its own trace.

The event keeps its place, columns and digest; only what it said is emptied. The act of withdrawing
is an event that names what it covers, so an emptied payload without one is a fault.
"""

from collections.abc import Iterable
from itertools import pairwise

from django.db import transaction

from guatu.register.enums import Effect
from guatu.register.errors import Invalid
from guatu.register.models.events import Event
from guatu.register.policies import require
from guatu.register.recording import Act, Json, write_events

VERB = "event.withdraw"
CHUNK = 500


def withdraw_payload(act: Act, event: Event, reason: str) -> Event:
    """Empty one event's payload; returns the event that records it.

    Raises Invalid without a reason, for a withdrawal itself, and for what is withdrawn already.
    """
    require(act.standing, VERB, event)
    if not reason.strip():
        raise Invalid("请填写撤回原因和依据。", "reason")
    if event.verb == VERB:
        raise Invalid("撤回记录本身不能撤回。")
    if event.withdrawn_by_id is not None:
        raise Invalid("这条事件的内容已经撤回。")
    return withdraw_many(act, [event.pk], reason)


def withdraw_many(act: Act, events: Iterable[int], reason: str) -> Event:
    """Empty the payloads of many events (keys) by one recorded act, as sample removal does."""
    require(act.standing, VERB)
    keys = sorted(set(events))
    if not keys:
        raise Invalid("没有要撤回的事件。")
    with transaction.atomic():
        first = Event.objects.get(pk=keys[0])
        spans: Json = [list(span) for span in spans_of(keys)]
        write_events(act.because(reason), VERB, [(first, {"events": [None, spans]})], Effect.NOTED)
        record = Event.objects.filter(verb=VERB, batch=act.batch).latest("pk")
        for start in range(0, len(keys), CHUNK):
            Event.objects.filter(pk__in=keys[start : start + CHUNK]).exclude(verb=VERB).update(
                changes={}, reason="", withdrawn_by=record
            )
    return record


class Withdrawals:
    """Looks up whether an emptied event is covered by the act it names; remembers what it read."""

    def __init__(self) -> None:
        self._spans: dict[int, list[list[int]]] = {}

    def cover(self, event: Event) -> bool:
        """Tell whether ``event`` is empty and named by its withdrawal."""
        key = event.withdrawn_by_id
        if key is None or event.changes or event.reason:
            return False
        if key not in self._spans:
            record = Event.objects.filter(pk=key, verb=VERB).first()
            self._spans[key] = record.changes["events"][1] if record else []
        return any(low <= event.pk <= high for low, high in self._spans[key])


def spans_of(keys: list[int]) -> list[tuple[int, int]]:
    """Runs of consecutive keys.

    >>> spans_of([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    breaks = [index for index, (a, b) in enumerate(pairwise(keys), 1) if b != a + 1]
    edges = [0, *breaks, len(keys)]
    return [(keys[low], keys[high - 1]) for low, high in pairwise(edges)]
