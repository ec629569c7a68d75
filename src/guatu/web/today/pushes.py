"""An activity to push today as rows show it: what pushing it saves, or what leaving it costs."""

import datetime as dt
from dataclasses import dataclass

from guatu.loop.queries.plan import ActToday, act_today
from guatu.register.policies import Standing

ON_DESK = 3


@dataclass(frozen=True)
class Push:
    """One activity as shown."""

    act: ActToday
    number: int

    @property
    def owner(self) -> str:
        """Who answers for it: its own post or unit, else the project's unit."""
        activity = self.act.activity
        return str(activity.owner_post or activity.owner_unit or self.act.subject.unit or "待定")

    @property
    def spare(self) -> str:
        """How the deadline stands, as things are."""
        days = self.act.spare
        return f"差 {-days} 天" if days < 0 else f"余 {days} 天" if days else "没有余量"

    @property
    def is_late(self) -> bool:
        """Whether the deadline is missed as things stand."""
        return self.act.spare < 0

    @property
    def saves(self) -> bool:
        """Whether a day less of it brings the deadline nearer; else it only must not lie."""
        return self.act.saved > 0

    @property
    def effect(self) -> str:
        """Why it is worth pushing, in the days of its deadline."""
        if self.saves:
            return f"早一天能省 {self.act.saved} 天"
        return f"再拖五天要误 {self.act.lost} 天"


def pushes_for(standing: Standing, as_of: dt.date | None, most: int) -> list[Push]:
    """What to push among the projects in sight, the most days saved first; four queries."""
    found = act_today(standing, as_of, most)
    return [Push(act, number) for number, act in enumerate(found, start=1)]
