"""Everything the page of one project shows, as it is or as it was known on a past day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from guatu.investment.gates import Missing, missing_in, path_of, stages_of
from guatu.investment.models import MonthlyImage, PathStep, Project, Stage
from guatu.investment.queries.money import figures_of
from guatu.investment.queries.sight import projects_in_sight
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_on
from guatu.loop.queries.timetable import lamps_of, nodes_of
from guatu.register.enums import PartyRole
from guatu.register.models import Event, Evidence, Observation, Party, Place, Sourced, Subject
from guatu.register.observations import places_as_of
from guatu.register.policies import Standing
from guatu.register.versions import end_of, rows_as_of

NEXT_NODES = 3
MOST_EVENTS = 60
PARTY_ORDER = {
    role: place for place, role in enumerate(dict.fromkeys((PartyRole.LEADER, *PartyRole)))
}


@dataclass(frozen=True)
class ProjectPage:
    """One project; ``project`` and ``subject`` may be past states, ``subject_id`` is the key."""

    project: Any
    subject: Any
    lamp: Any | None
    steps: Sequence[PathStep]
    stages: Sequence[Stage]
    nodes: Sequence[Any]
    missing: Sequence[Missing]
    parties: Sequence[Any]
    figures: Sequence[Observation]
    images: Sequence[Any]
    parts: Sequence[Any]
    sources: dict[str, Sourced]
    duties: Sequence[Duty]
    evidence: Sequence[Evidence]
    places: Sequence[Place]
    events: Sequence[Event]

    @property
    def coming(self) -> list[Any]:
        """Next open nodes: dated ones by day, then the others in path order."""
        waiting = [node for node in self.nodes if node.finished is None]
        waiting.sort(key=lambda node: (node.due is None, node.due or dt.date.min, node.sequence))
        return waiting[:NEXT_NODES]


def find_project(
    standing: Standing, public_id: UUID, as_of: dt.date | None = None
) -> Project | None:
    """Return the project, or its state of a past day, when the officer may see it; else None."""
    rows = projects_in_sight(standing, as_of).filter(subject__public_id=public_id)
    found: Project | None = rows.select_related(
        "subject__unit", "category", "stage", "parent__subject"
    ).first()
    return found


def project_page(standing: Standing, project: Project, as_of: dt.date | None = None) -> ProjectPage:
    """Gather the page; a constant number of queries."""
    key = project.subject_id
    steps = path_of(project)
    nodes = nodes_of([key], as_of).get(key, [])
    missing = _missing(project, steps, nodes)
    return ProjectPage(
        project=project,
        subject=_subject(project, as_of),
        lamp=lamps_of([key], as_of).get(key),
        steps=steps,
        stages=stages_of(steps),
        nodes=nodes,
        missing=missing,
        parties=_parties(key, as_of),
        figures=figures_of(key, as_of),
        images=list(_hanging(MonthlyImage, key, as_of).order_by("month")),
        parts=_parts(standing, project, as_of),
        sources=_sources(key, as_of),
        duties=duties_on(standing, key, as_of),
        evidence=_evidence(key, as_of),
        places=list(places_as_of(key, as_of)),
        events=_events(key, as_of),
    )


def _missing(project: Project, steps: Sequence[PathStep], nodes: Sequence[Any]) -> list[Missing]:
    unset = [
        Missing("field", name, words)
        for name, words in (("category", "项目类别"), ("stage", "所处阶段"))
        if getattr(project, f"{name}_id") is None
    ]
    if unset or project.stage is None:
        return unset
    return missing_in(project.stage, project, steps, nodes)


def _hanging(model: Any, key: int, as_of: dt.date | None) -> Any:  # noqa: ANN401 -- versioned rows
    way = "subject_id" if as_of is None else "row__subject_id"
    return rows_as_of(model, as_of).filter(**{way: key})


def _subject(project: Project, as_of: dt.date | None) -> Any:  # noqa: ANN401 -- row or version
    if as_of is None:
        return project.subject
    past = rows_as_of(Subject, as_of).filter(row_id=project.subject_id).select_related("unit")
    return past.first() or project.subject


def _parties(key: int, as_of: dt.date | None) -> list[Any]:
    """Parties by role, inside a role in protocol order."""
    rows = (
        _hanging(Party, key, as_of).filter(ended=False).select_related("post__organisation", "unit")
    )
    return sorted(rows, key=_protocol)


def _protocol(party: Any) -> tuple[int, str, int, int]:  # noqa: ANN401 -- row or version
    unit = party.unit or (party.post.organisation if party.post else None)
    rank = party.post.rank if party.post else 0
    return (PARTY_ORDER[party.role], unit.order_path if unit else "~", rank, party.pk)


def _parts(standing: Standing, project: Project, as_of: dt.date | None) -> list[Any]:
    key = getattr(project, "row_id", project.pk)
    rows = projects_in_sight(standing, as_of).filter(parent_id=key)
    return list(rows.select_related("subject", "stage").order_by("subject__code"))


def _sources(key: int, as_of: dt.date | None) -> dict[str, Sourced]:
    """Latest source of each field."""
    rows = Sourced.objects.filter(subject_id=key)
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    rows = rows.select_related("quote__document", "cell__workbook").order_by("at", "pk")
    return {row.field: row for row in rows}


def _evidence(key: int, as_of: dt.date | None) -> list[Evidence]:
    rows = Evidence.objects.filter(subject_id=key)
    if as_of is not None:
        rows = rows.filter(added_at__lt=end_of(as_of))
    return list(rows.select_related("file").order_by("-added_at"))


def _events(key: int, as_of: dt.date | None) -> list[Event]:
    own_page = Q(model__startswith="loop.Duty") | Q(model__startswith="loop.Blocker")
    rows = Event.objects.filter(subject_id=key).exclude(own_page | Q(model="loop.Urge"))
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.select_related("officer").order_by("-at", "-pk")[:MOST_EVENTS])
