"""Rows of the wall: projects with all their nodes, worst slack first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from guatu.loop.queries.timetable import nodes_of


@dataclass(frozen=True)
class WallRow:
    """One project of the wall with its nodes in path order."""

    project: Any
    nodes: Sequence[Any]

    @property
    def slack(self) -> int | None:
        """Days to its worst open node, negative when late; None when nothing is dated."""
        due = self.project.next_due
        return None if due is None else int((due - self.project.on_day).days)


def by_slack(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Order listed projects by slack; what has no dated node comes last, in protocol order."""
    return rows.order_by(F("next_due").asc(nulls_last=True), "unit_order", "subject_id")


def wall_rows(projects: Sequence[Any], as_of: dt.date | None = None) -> list[WallRow]:
    """Fetch the nodes of listed projects; one query."""
    nodes = nodes_of([project.subject_id for project in projects], as_of)
    return [WallRow(project, nodes.get(project.subject_id, [])) for project in projects]
