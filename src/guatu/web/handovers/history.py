"""The history of a hand-over: its own changes line by line, acts on many of its items as one."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Max, QuerySet

from guatu.loop.models import Handover, HandoverItem
from guatu.register.models import Event
from guatu.register.versions import end_of
from guatu.web.components import Change
from guatu.web.history import events_of, history_of, verb_name
from guatu.web.history.lines import EMPTY, actor_words, day_apart

ACTS_SHOWN = 50


def handover_history(
    handover: int, items: Collection[int], as_of: dt.date | None = None
) -> list[Change]:
    """Newest lines first; what was done to several items in one act is told with their number."""
    acts = _acts(items, as_of)
    newest = {
        event.pk: event
        for event in Event.objects.filter(pk__in=list(acts)).select_related(
            "officer", "behalf__organisation"
        )
    }
    own = list(events_of(rows=[(Handover._meta.label, handover)], as_of=as_of))
    alone = [event for key, event in newest.items() if acts[key] == 1]
    lines = history_of([*own, *alone])
    lines += [_line(newest[key], count) for key, count in acts.items() if count > 1]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _acts(items: Collection[int], as_of: dt.date | None) -> dict[int, int]:
    """Acts on the items, the newest first: key of the last event of each, and how many it has."""
    events: QuerySet[Event] = Event.objects.filter(model=HandoverItem._meta.label, row__in=items)
    if as_of is not None:
        events = events.filter(at__lt=end_of(as_of))
    told = events.values("batch", "verb").annotate(last=Max("pk"), count=Count("pk"))
    found = told.order_by("-last").values_list("last", "count")[:ACTS_SHOWN]
    return {last: count for last, count in found if last is not None}


def _line(event: Event, count: int) -> Change:
    what = verb_name(event.verb).partition("：")[2]
    who, on = actor_words(event), day_apart(event)
    return Change(event.at, who, what, EMPTY, f"{count} 项", event.reason, on)
