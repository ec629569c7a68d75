"""What a plan page reads of one project: plan, calendars, computed dates, names of stages."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from guatu.investment.models import Project, Stage
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.chances import sampled
from guatu.loop.plan.computing import Computed, compute, compute_all
from guatu.loop.plan.order import contradictions
from guatu.loop.plan.sketch import Sketch, sketches_of
from guatu.loop.plan.slippage import Agreed, Slipped, furthest, slipped
from guatu.loop.queries.plan import agreed_on, earlier_forecasts
from guatu.register.errors import Invalid
from guatu.register.rules import rule_on
from guatu.web.plans.dated import Dated, dated
from guatu.web.plans.drawing import Stops
from guatu.web.projects.views import seen
from guatu.web.requests import OfficerRequest

if TYPE_CHECKING:
    from guatu.engines.schedule import Forecast as RiskForecast
    from guatu.engines.schedule import OutOfOrder


@dataclass(frozen=True)
class Reckoned:
    """A sketch and what the engine says of it, computed when it is first asked for.

    Not ``explained`` saves the time to find what drives each date and what conflicts.
    """

    sketch: Sketch
    calendars: Calendars
    today: dt.date
    explained: bool = True

    @classmethod
    def of(cls, computed: Computed, sketch: Sketch) -> "Reckoned":
        """What was computed already, shown for ``sketch``."""
        found = cls(sketch, computed.calendars, computed.day)
        found.__dict__["_answer"] = computed
        return found

    @cached_property
    def _answer(self) -> Computed | Invalid:
        given = (self.calendars, self.today)
        if not self.explained:
            answers = compute_all({0: self.sketch}, *given)
            return answers.computed.get(0) or answers.refused[0]
        try:
            return compute(self.sketch, *given)
        except Invalid as refusal:
            return refusal

    @property
    def computed(self) -> Computed | None:
        """What the engine says; None where it refuses."""
        return None if isinstance(self._answer, Invalid) else self._answer

    @property
    def refusal(self) -> str:
        """Why it cannot be computed."""
        return str(self._answer) if isinstance(self._answer, Invalid) else ""

    @cached_property
    def dates(self) -> dict[str, Dated]:
        """Computed dates by key; none where the plan cannot be computed."""
        if self.computed is None:
            return {}
        return dated(self.computed.schedule.activities, self.disorder, holds=self.computed.feasible)

    @cached_property
    def disorder(self) -> "tuple[OutOfOrder, ...]":
        """What began or ended before a link allows."""
        return contradictions(self.sketch, self.calendars, self.today)

    @property
    def retained(self) -> str:
        """How such a plan is computed; empty where all is in order."""
        from guatu.engines.schedule import RETAINED  # noqa: PLC0415 -- numpy, when first needed

        return RETAINED if self.disorder else ""

    @cached_property
    def risk(self) -> "RiskForecast | None":
        """Chances drawn again as stored ones were, explained; None where nothing is open."""
        computed = self.computed
        if computed is None or not any(step.finished is None for step in computed.sketch.deadlines):
            return None
        return sampled(computed, rule_on("forecast.refresh", self.today).value, explain=True)

    @cached_property
    def path(self) -> frozenset[str]:
        """Open steps that set the earliest finish of a deadline, one by the other; if explained.

        Some of them may have a few days of float: a holiday or a meeting takes up the difference.
        """
        if self.computed is None:
            return frozenset()
        rows, steps = self.computed.schedule.activities, self.sketch.steps
        waiting = [step.key for step in self.sketch.deadlines if step.finished is None]
        found: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key in found or key not in rows or steps[key].finished is not None:
                continue
            found.add(key)
            ends = (rows[key].drivers.early_start, rows[key].drivers.early_finish)
            waiting += [one.link.partition(">")[0] for one in ends if one is not None and one.link]
        return frozenset(found)

    def slipped(self, agreed: Agreed) -> dict[str, Slipped]:
        """Steps behind their baseline and whose delay that is, by key; of an explained plan."""
        return slipped(self.computed, agreed) if self.computed else {}

    def slip(self, agreed: Agreed) -> str:
        """Say whose delay the deadline furthest behind its baseline is; empty where none is."""
        return furthest(self.slipped(agreed), self.sketch)

    @property
    def feasible(self) -> bool:
        """Whether every deadline holds."""
        return self.computed is not None and self.computed.feasible

    @property
    def late_by(self) -> int | None:
        """Calendar days missing, None when a day never comes."""
        return self.computed.late_by if self.computed else None

    @property
    def stops(self) -> Stops:
        """Seasonal stops by calendar code."""
        return {code: spec.stop for code, spec in self.calendars.specs.items() if spec.stop}


@dataclass(frozen=True)
class Read:
    """A project in sight, its plan and the day it is read on; ``plan`` None before there is one."""

    project: Project
    today: dt.date
    as_of: dt.date | None
    calendars: Calendars
    plan: Reckoned | None

    @property
    def key(self) -> uuid.UUID:
        """Public id used in addresses."""
        found: uuid.UUID = self.project.subject.public_id
        return found

    @property
    def sketch(self) -> Sketch:
        """The plan; empty before there is one."""
        return self.plan.sketch if self.plan else Sketch({})


def read(request: OfficerRequest, key: uuid.UUID) -> Read:
    """Read a project's plan as of the day asked for, or 404; four queries beside the project's."""
    project = seen(request, key)
    today = request.as_of or request.standing.today
    calendars = calendars_on(request.as_of)
    subject = project.subject_id
    sketch = sketches_of([subject], request.as_of).get(subject)
    plan = Reckoned(sketch, calendars, today) if sketch else None
    return Read(project, today, request.as_of, calendars, plan)


def stage_names() -> dict[str, str]:
    """Names of the province's stages by code, in their order; one query."""
    return dict(Stage.objects.order_by("order").values_list("code", "name"))


def agreed_of(found: Read) -> Agreed:
    """First and last days by key as last agreed on the day read; one query."""
    return agreed_on(found.project.subject_id, found.as_of)


def forecasts_of(found: Read) -> dict[str, list[Any]]:
    """Forecasts by the key of their deadline, the newest first, as known then; one query."""
    told: dict[str, list[Any]] = {}
    for row in earlier_forecasts(found.project.subject_id, found.as_of):
        told.setdefault(row.activity.node, []).append(row)
    return told


def plan_url(project: Any, name: str = "plan", **words: object) -> str:  # noqa: ANN401 -- a project or a past state
    """Address of a page of the project's plan."""
    return reverse(f"plans:{name}", kwargs={"key": project.subject.public_id, **words})


def calendar_name(names: Mapping[str, str], code: str) -> str:
    """Name of a calendar; its code where nobody named it."""
    return names.get(code, code)
