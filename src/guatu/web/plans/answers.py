"""The answer to "does it hold?": sentence, key dates, conflict and repairs of one reckoned plan."""

from dataclasses import dataclass

from guatu.web.plans.faces import KeyDate, Verdict, first_step, key_dates, stop_words, verdict
from guatu.web.plans.reading import Reckoned

CONFLICT_KINDS = {
    "deadline": "期限",
    "link": "前后关系",
    "duration": "工期",
    "calendar_stop": "停工",
    "status_date": "今天",
    "fixed_start": "固定开始",
    "validity": "有效期",
}


@dataclass(frozen=True)
class Clash:
    """One thing of the minimal conflict set."""

    kind: str
    words: str


@dataclass(frozen=True)
class Answer:
    """What a page says before anything else."""

    verdict: Verdict
    keys: list[KeyDate]
    first: KeyDate | None
    stops: list[tuple[str, str]]
    clashes: list[Clash]
    missed: list[str]
    provisional: bool


def answer(plan: Reckoned) -> Answer:
    """Put the answer of a reckoned plan into words."""
    names = plan.calendars.names
    used = {step.calendar for step in plan.sketch.steps.values() if step.networked}
    stops = [
        (names.get(code, code), stop_words(windows))
        for code, windows in plan.stops.items()
        if code in used
    ]
    computed = plan.computed
    if computed is None:
        return Answer(
            Verdict("broken", "算不出", plan.refusal), [], None, stops, [], [], provisional=False
        )
    said = verdict(plan.sketch, plan.dates, feasible=plan.feasible, late_by=plan.late_by)
    clashes = [
        Clash(CONFLICT_KINDS.get(item.kind, item.kind), item.reason)
        for item in computed.schedule.conflict
    ]
    missed = [
        f"「{plan.sketch.steps[one.key].name}」的期限 {one.due} 已过" for one in computed.missed
    ]
    return Answer(
        said,
        key_dates(plan.sketch, plan.dates),
        first_step(plan.sketch, plan.dates),
        stops,
        clashes,
        missed,
        provisional=computed.schedule.provisional,
    )
