"""What usually stands in the way of projects of a category in this district."""

import datetime as dt

from guatu.investment.models import Project
from guatu.loop.enums import COUNTED_BLOCKERS
from guatu.loop.queries.blocker_sums import Cost, costs
from guatu.loop.queries.blockers import blockers_in_sight, counted
from guatu.register.policies import Standing

MOST = 3


def usual_causes(standing: Standing, project: Project, as_of: dt.date | None = None) -> list[Cost]:
    """Causes that projects of the category met, the costliest first; ``key`` is the cause.

    Counted over blockers in sight, this project's among them; empty without a category, or where no
    other project of it met any.
    """
    if project.category_id is None:
        return []
    of_category = blockers_in_sight(standing, as_of).filter(
        subject__project__category_id=project.category_id, state__in=COUNTED_BLOCKERS
    )
    if not of_category.exclude(subject_id=project.subject_id).exists():
        return []
    return costs(counted(of_category, standing, as_of), "cause")[:MOST]
