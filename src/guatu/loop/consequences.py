"""What followed from an act on a plan: lamp, deadlines, duties and chance, before and after."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guatu.loop.enums import Colour
from guatu.loop.models import Activity, Duty, Lamp, Timing
from guatu.loop.node_duties import VERBS
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.computing import compute
from guatu.loop.plan.order import contradictions
from guatu.loop.plan.sketch import Sketch, sketches_of
from guatu.loop.plan.slippage import Agreed, Slipped, slipped
from guatu.loop.queries.plan import agreed_on
from guatu.register.models import Event
from guatu.register.recording import Act

if TYPE_CHECKING:
    from guatu.engines.schedule import OutOfOrder


@dataclass(frozen=True)
class LampSeen:
    """A lamp as it was shown."""

    colour: Colour
    words: str


@dataclass(frozen=True)
class Seen:
    """How a subject's plan stood at one moment; ``chance`` of keeping its deadlines, 0…1.

    ``planned``: first and last days by key.
    """

    lamp: LampSeen
    chance: float | None
    planned: Agreed
    promised: Mapping[str, tuple[str, dt.date, bool]]


@dataclass(frozen=True)
class Broken:
    """A promised day the plan no longer keeps, or keeps less; days in the calendar.

    ``firm`` = a deadline the plan is scheduled back from. ``days`` None: never finished.
    ``because`` names whose delay it is, where that is known.
    """

    key: str
    name: str
    due: dt.date
    firm: bool
    finish: dt.date | None
    days: int | None
    days_before: int
    because: str = ""

    @property
    def words(self) -> str:
        """The deadline as one clause, with whose delay it is."""
        return f"{self.missed}，{self.because}" if self.because else self.missed

    @property
    def missed(self) -> str:
        """By how much it is missed."""
        if self.finish is None or self.days is None:
            return f"「{self.name}」无法在期限 {self.due} 前完成"
        more = f"（原晚 {self.days_before} 天）" if self.days_before else ""
        return f"「{self.name}」预计 {self.finish} 完成，比期限 {self.due} 晚 {self.days} 天{more}"


@dataclass(frozen=True)
class DutyChange:
    """A duty the plan made, moved, withdrew or took up again; ``what`` in words."""

    duty: Duty
    what: str
    due_before: dt.date | None
    reason: str


@dataclass(frozen=True)
class Consequences:
    """Everything an act on one activity led to; ``disorder``: the links it contradicts."""

    activity: Activity
    lamp_before: LampSeen
    lamp_after: LampSeen
    chance_before: float | None
    chance_after: float | None
    broken: tuple[Broken, ...]
    duties: tuple[DutyChange, ...]
    disorder: "tuple[OutOfOrder, ...]" = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What changed, a clause each; empty when nothing did."""
        return tuple(self._words())

    def _words(self) -> Iterator[str]:
        before, after = self.lamp_before, self.lamp_after
        if before.colour != after.colour:
            yield f"灯由{before.colour.label}变{after.colour.label}：{after.words}"
        yield from (one.words for one in self.broken)
        chances = (self.chance_before, self.chance_after)
        if chances[0] != chances[1]:
            old, new = ("未知" if one is None else f"{one:.0%}" for one in chances)
            yield f"按期完成的把握 {old} → {new}"
        yield from (f"{one.what}：{one.duty.title}" for one in self.duties)
        yield from (one.reason for one in self.disorder)


def seen(subject: int) -> Seen:
    """Read how a subject's plan stands; three queries."""
    lamp = Lamp.objects.filter(subject=subject).first()
    timing = Timing.objects.filter(subject=subject, known_to=None).first()
    rows = timing.dates if timing else {}
    promised = Activity.objects.filter(subject=subject, due__isnull=False, finished=None)
    return Seen(
        lamp=_lamp(lamp),
        chance=None if lamp is None or lamp.p_late is None else 1 - lamp.p_late,
        planned={key: (row.early_start, row.early_finish) for key, row in rows.items()},
        promised={
            key: (name, due, firm)
            for key, name, due, firm in promised.values_list("node", "name", "due", "firm")
            if due is not None
        },
    )


def consequences(act: Act, activity: Activity, before: Seen) -> Consequences:
    """Compare with how it stands now; the duties are those of this act's batch."""
    after = seen(activity.subject_id)
    sketch = sketches_of([activity.subject_id]).get(activity.subject_id, Sketch({}))
    calendars, day = calendars_on(), act.business_date
    disorder = contradictions(sketch, calendars, day, activity.node)
    broken = tuple(_broken(before, after))
    if broken:
        computed = compute(sketch, calendars, day)
        slips = slipped(computed, agreed_on(activity.subject_id))
        if not all(one.key in slips for one in broken):
            # Not behind its baseline, as a deadline drawn nearer: behind what was planned.
            slips = slipped(computed, before.planned) | slips
        broken = tuple(_explained(one, slips) for one in broken)
    return Consequences(
        activity=activity,
        lamp_before=before.lamp,
        lamp_after=after.lamp,
        chance_before=before.chance,
        chance_after=after.chance,
        broken=broken,
        duties=tuple(_duties(act)),
        disorder=disorder,
    )


def _lamp(row: Lamp | None) -> LampSeen:
    if row is None:
        return LampSeen(Colour.UNRATED, "尚未排定节点，无法评判。")
    return LampSeen(Colour(row.colour), str(row.reason.get("words", "")))


def _broken(before: Seen, after: Seen) -> Iterator[Broken]:
    """Promised days that are now missed by more than before, the worst first."""
    found = []
    for key, (name, due, firm) in after.promised.items():
        if key not in after.planned:
            continue
        finish = after.planned[key][1]
        days = _late(finish, due)
        old = _late(before.planned[key][1] if key in before.planned else due, due) or 0
        if days is None or days > old:
            found.append(Broken(key, name, due, firm, finish, days, old))
    return iter(sorted(found, key=lambda one: (not one.firm, -(one.days or 0), one.key)))


def _explained(one: Broken, slips: Mapping[str, Slipped]) -> Broken:
    return replace(one, because=slips[one.key].words) if one.key in slips else one


def _late(finish: dt.date | None, due: dt.date) -> int | None:
    return None if finish is None else max((finish - due).days, 0)


def _duties(act: Act) -> Iterator[DutyChange]:
    told = Event.objects.filter(batch=act.batch, model="loop.Duty", verb__in=VERBS).order_by("pk")
    events = list(told)
    duties = Duty.objects.in_bulk([event.row for event in events if event.row is not None])
    for event in events:
        duty = duties.get(event.row or 0)
        if duty is not None:
            old = event.changes.get("due", [None])[0]
            yield DutyChange(duty, VERBS[event.verb], _day(old), event.reason)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
