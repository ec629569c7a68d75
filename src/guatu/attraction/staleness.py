"""久未跟进: computed from the last contact and the dated limit of the stage, with its reason."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from guatu.attraction.rules import LeadRules


@dataclass(frozen=True)
class Quiet:
    """How long nobody followed a lead up, and whether its stage allows that.

    ``limit`` None: nobody is asked in this stage. ``reason`` = ``{"rule", "since", "today",
    "words"}``. The same boundary as ``listed_leads``.
    """

    days: int
    limit: int | None
    reason: dict[str, Any]

    @property
    def stale(self) -> bool:
        """Tell whether it is 久未跟进."""
        return self.limit is not None and self.days > self.limit

    @property
    def words(self) -> str:
        """Why, in one sentence."""
        return str(self.reason["words"])


def quiet_of(lead: Any, rules: LeadRules, today: dt.date) -> Quiet:  # noqa: ANN401 -- a row of listed_leads
    """Judge a lead that bears ``last_on`` and ``quiet_since``."""
    stage = rules.stages[lead.stage]
    days = (today - lead.quiet_since).days
    if lead.last_on is not None:
        began = f"上次跟进 {lead.last_on}"
    elif lead.first_on is not None:
        began = f"首次接触 {lead.first_on}，没有跟进记录"
    else:
        began = f"{lead.stage_since} 进入本阶段，没有跟进记录"
    words = f"{began}，距今 {days} 天"
    if stage.stale_days is None:
        words = f"{began}；「{stage.name}」阶段不再催问"
    elif days > stage.stale_days:
        words += f"，超过「{stage.name}」阶段 {stage.stale_days} 天的时限"
    else:
        words += f"（「{stage.name}」阶段时限 {stage.stale_days} 天）"
    reason = {
        "rule": rules.stage_rule.cited(),
        "since": lead.quiet_since.isoformat(),
        "today": today.isoformat(),
        "words": words,
    }
    return Quiet(days, stage.stale_days, reason)
