"""What changed about a target: its own figures, and the opening sprint's, kept as observations."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from guatu.campaign.targets.account import key_of
from guatu.loop.models import Target
from guatu.loop.target_kinds import Sprint
from guatu.register.enums import Basis, Effect
from guatu.register.models import Event, Observation
from guatu.web.components import Change
from guatu.web.history import events_of, history_of
from guatu.web.history.lines import actor_words, day_apart
from guatu.web.targets.faces import trimmed

TARGET, FIGURE = Target._meta.label, Observation._meta.label


def changes_of(target: Target, sprint: Sprint, as_of: dt.date | None) -> list[Change]:
    """Lines of a target's history, newest first."""
    figures = Observation.objects.filter(subject_id=target.subject_id, basis=Basis.PLAN)
    keys = figures.values_list("pk", flat=True)
    rows = [(TARGET, key_of(target)), *((FIGURE, key) for key in keys)]
    events = list(events_of(rows=rows, as_of=as_of))
    told = history_of(event for event in events if event.model == TARGET)
    told += _sprints([event for event in events if event.model == FIGURE], target, sprint)
    return sorted(told, key=lambda line: line.at, reverse=True)


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
