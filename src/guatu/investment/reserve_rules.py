"""The dated rules of the reserve: where projects come from, and what each step must know."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from guatu.investment.enums import AdmissionState
from guatu.investment.fields import label
from guatu.investment.models import Project
from guatu.register.rules import Holding, rules_on

STEPS = {"first": "报初审", "final": "送终审", "transfer": "转为实施项目"}
"""Steps of the rule ``reserve.requirements`` and what they are called, in their order."""

AHEAD: dict[str, tuple[str, ...]] = {
    AdmissionState.IDEA: ("first", "final"),
    AdmissionState.RETURNED: ("first", "final"),
    AdmissionState.FIRST: ("final",),
    AdmissionState.FINAL: ("final",),
    AdmissionState.RESERVED: ("transfer",),
}
"""State → steps of the rule that lie ahead."""


@dataclass(frozen=True)
class ReserveRules:
    """Both as they hold on a day: code → name, and step → fields of the project it needs."""

    origins: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    requirements: Holding

    def missing(self, project: Project, step: str) -> list[str]:
        """Chinese names of what a step still needs; 0 is known, blank is not."""
        return [label(name) for name in self.needs.get(step, ()) if not is_known(project, name)]


def reserve_rules(day: dt.date) -> ReserveRules:
    """Read the rules of ``day``; one query. Raises LookupError where one is missing."""
    origins, needs = rules_on(("reserve.origins", "reserve.requirements"), day)
    told = {step: tuple(map(str, names)) for step, names in needs.value.items()}
    return ReserveRules(dict(origins.value), told, needs)


def is_known(project: Project, name: str) -> bool:
    """Tell whether a field of a project, or its unit, has a value."""
    if name == "unit":
        return project.subject.unit_id is not None
    found = getattr(project, f"{name}_id" if name == "category" else name)
    return found not in (None, "", [])


def lacking(rules: ReserveRules, project: Project, state: str) -> list[tuple[str, list[str]]]:
    """What the steps ahead still need, by their names; a step that lacks nothing is left out."""
    found = [(STEPS[step], rules.missing(project, step)) for step in AHEAD.get(state, ())]
    return [(name, fields) for name, fields in found if fields]
