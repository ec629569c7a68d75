"""Levelling: schedules that share scarce resources, as short as a search can make them, with a gap.

Importing this loads numba and OR-Tools: only what levels imports it.
"""

from guatu.engines.schedule.levelling.answer import Levelled, LevelledProject, Outcome, Status
from guatu.engines.schedule.levelling.level import Objective, level
from guatu.engines.schedule.levelling.project import level_project

__all__ = [
    "Levelled",
    "LevelledProject",
    "Objective",
    "Outcome",
    "Status",
    "level",
    "level_project",
]
