"""Projects of the reserve that fit the words; those begun are found among the projects."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from guatu.campaign.search.business import Columns, Row, of_unit
from guatu.campaign.search.conditions import projects_named
from guatu.campaign.search.hits import NOTHING, Asked, Hit, Kind, Matches
from guatu.investment.enums import AdmissionState
from guatu.investment.models import Admission, Project
from guatu.register.policies import in_sight, may
from guatu.register.versions import rows_as_of


def reserves(asked: Asked) -> Matches:
    """Projects of the reserve in sight, by names, short names and codes."""
    if not may(asked.standing, "reserve.list"):
        return NOTHING
    kept = rows_as_of(Admission, asked.as_of).exclude(state=AdmissionState.UNDERWAY)
    own = kept.filter(subject_id=OuterRef("subject_id")).values("state")
    seen: QuerySet[Any] = (
        rows_as_of(Project, asked.as_of)
        .filter(in_sight(asked.standing, "subject__"), subject_id__in=kept.values("subject_id"))
        .annotate(state=Subquery(own[:1]))
    )
    columns = Columns(
        "name",
        ("subject__code", "gbt_code"),
        "subject__initials",
        ("subject__public_id", "name", "subject__code", *of_unit("subject"), "state"),
    )

    def show(rows: Sequence[Row]) -> Mapping[Row, Hit]:
        return {
            row: Hit(
                Kind.RESERVE,
                key,
                name,
                code,
                f"{short or unit or '责任单位待定'} · {AdmissionState(state).label}",
            )
            for row in rows
            for _, key, name, code, short, unit, state in [row]
        }

    return Matches(columns.ranked(asked, seen, projects_named(asked.words, asked.units)), show)
