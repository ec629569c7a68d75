"""Reads of the investment chapter."""

from guatu.investment.queries.page import ProjectPage, find_project, project_page
from guatu.investment.queries.sight import listed_projects, projects_in_sight, with_leaders
from guatu.investment.queries.wall import WallRow, wall_rows

__all__ = [
    "ProjectPage",
    "WallRow",
    "find_project",
    "listed_projects",
    "project_page",
    "projects_in_sight",
    "wall_rows",
    "with_leaders",
]
