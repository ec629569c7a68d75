"""What stands in a project's way, and what usually does for its category in this district."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.investment.models import Project
from guatu.loop.blocker_days import BlockerRow, days_of
from guatu.loop.enums import COUNTED_BLOCKERS
from guatu.loop.office_days import office_days
from guatu.loop.queries.blocker_sums import Cost, OpenBlocker, costs_of
from guatu.loop.queries.blockers import NAMED, blockers_in_sight, open_on
from guatu.loop.removers import Spot
from guatu.register.policies import Standing

MOST = 3


@dataclass(frozen=True)
class ProjectBlockers:
    """Open blockers of a project, the costliest first; and what its category usually meets.

    ``usual`` are the costliest causes of the category's blockers in sight, this project's among
    them, ``key`` being the cause; empty without a category, or where no other project met any.
    """

    open: Sequence[OpenBlocker] = ()
    usual: Sequence[Cost] = ()


def project_blockers(
    standing: Standing, project: Project, as_of: dt.date | None = None
) -> ProjectBlockers:
    """Gather both in four queries, two where there is nothing to tell."""
    in_sight = blockers_in_sight(standing, as_of)
    own = list(open_on(in_sight, Spot(project.subject)).select_related(*NAMED))
    met = _of_category(standing, project, as_of)
    if not own and not met:
        return ProjectBlockers()
    days, day = office_days(as_of), as_of or standing.today
    found = [OpenBlocker(row, days_of(row, day, days) or 0) for row in own]
    return ProjectBlockers(
        sorted(found, key=lambda one: (-one.days, one.blocker.code)),
        costs_of(met, day, days)[:MOST],
    )


def _of_category(standing: Standing, project: Project, as_of: dt.date | None) -> list[BlockerRow]:
    if project.category_id is None:
        return []
    rows = blockers_in_sight(standing, as_of).filter(
        subject__project__category_id=project.category_id, state__in=COUNTED_BLOCKERS
    )
    columns = ("subject_id", "cause", "state", "stood_since", "halted", "counted_days", "days_lost")
    found = list(rows.only(*columns))
    others = any(row.subject_id != project.subject_id for row in found)
    return found if others else []
