"""The lamp and the chances a plan would have: the same rules and samples as the stored ones."""

from dataclasses import dataclass
from functools import cached_property

from guatu.loop.enums import Colour
from guatu.loop.network_verdicts import judge_network
from guatu.loop.plan.chances import sampled
from guatu.loop.plan.storing import Outlook
from guatu.loop.verdicts import NodeDates, judge
from guatu.register.rules import rule_on
from guatu.web.plans.deadlines import percent
from guatu.web.plans.reading import Reckoned


@dataclass(frozen=True)
class Outlooked:
    """A reckoned plan with its chances; nothing of it is stored."""

    plan: Reckoned

    @cached_property
    def chances(self) -> dict[str, float]:
        """Chance of keeping each open deadline (0…1), by key; 0 for one that has passed."""
        computed = self.plan.computed
        if computed is None or not any(step.finished is None for step in computed.sketch.deadlines):
            return {}
        rule = rule_on("forecast.refresh", self.plan.today).value
        answer = sampled(computed, rule, explain=False)
        drawn = {
            finish.activity: finish.on_time
            for finish in answer.finishes
            if finish.on_time is not None
        }
        return drawn | {missed.key: 0.0 for missed in computed.missed}

    @property
    def chance(self) -> float | None:
        """Chance of the deadline likeliest to be missed."""
        return min(self.chances.values(), default=None)

    @property
    def percent(self) -> str:
        """That chance in words."""
        return "—" if self.chance is None else percent(self.chance)

    @cached_property
    def lamp(self) -> tuple[Colour, str]:
        """Colour and reason the lamp would have."""
        nodes = [
            NodeDates(0, step.key, step.name, step.due, step.finished, promised=promised)
            for step in self.plan.sketch.steps.values()
            if (promised := not step.kind or step.firm) or step.networked
        ]
        p_late = None if self.chance is None else 1 - self.chance
        outlook = Outlook(self.plan.sketch, self.plan.computed, self.plan.refusal, p_late)
        bounds = rule_on("lamp.network", self.plan.today).value
        found = judge_network(nodes, outlook, self.plan.today, bounds)
        found = found or judge(nodes, self.plan.today, rule_on("lamp.node", self.plan.today).value)
        return found.colour, found.words
