"""Projects of the reserve that fit the words; those begun are found among the projects."""

from collections.abc import Mapping, Sequence

from guatu.campaign.search.business import Columns
from guatu.campaign.search.conditions import projects_named
from guatu.campaign.search.hits import NOTHING, Asked, Hit, Kind, Matches
from guatu.investment.enums import AdmissionState
from guatu.investment.queries.reserve import reserves_in_sight
from guatu.register.policies import may


def reserves(asked: Asked) -> Matches:
    """Projects of the reserve in sight, by names, short names and codes."""
    if not may(asked.standing, "reserve.list"):
        return NOTHING
    seen = reserves_in_sight(asked.standing, asked.as_of).exclude(state=AdmissionState.UNDERWAY)
    columns = Columns("name", ("subject__code", "gbt_code"), "subject__initials")

    def show(keys: Sequence[int]) -> Mapping[int, Hit]:
        rows = seen.filter(pk__in=keys).select_related("subject__unit")
        return {
            row.pk: Hit(
                Kind.RESERVE,
                row.subject.public_id,
                row.name,
                row.subject.code,
                f"{row.subject.unit or '责任单位待定'} · {AdmissionState(row.state).label}",
            )
            for row in rows
        }

    return Matches(columns.ranked(asked, seen, projects_named(asked.words)), show)
