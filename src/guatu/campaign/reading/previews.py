"""Rows of a project ledger held against the projects as they stand."""

from collections.abc import Sequence
from dataclasses import replace

from guatu.campaign.reading.ledger_rows import Books, LedgerRow
from guatu.campaign.reading.people import post_names
from guatu.campaign.reading.units import unit_names
from guatu.engines.intake.sheet import Column
from guatu.investment.ledger import Known, ProjectDiff, diff_projects, match, read_known
from guatu.investment.stages import vocabulary
from guatu.register.campaign import current
from guatu.register.enums import Role
from guatu.register.models import Organisation
from guatu.register.recording import Act, Json


def books_for(act: Act) -> Books:
    """Read what names are looked up in; a constant number of queries."""
    campaign = current()
    return Books(
        year=campaign.year if campaign else act.business_date.year,
        units=unit_names(),
        leaders=post_names(act, Role.LEADER),
        specialists=post_names(act, Role.SPECIALIST),
        words=vocabulary(),
    )


def column_of(plain: dict[str, Json]) -> Column:
    """Build a column again from what the batch keeps of it."""
    return Column(
        id=str(plain["cell"]),
        header=str(plain["header"]),
        field=None if plain["field"] is None else str(plain["field"]),
        cell=str(plain["cell"]),
        period=None if plain["period"] is None else str(plain["period"]),
    )


def compared(act: Act, rows: Sequence[LedgerRow]) -> tuple[list[ProjectDiff], Known]:
    """Hold rows against the projects there are, which are given back beside the differences.

    Sets each row's project as it would be imported: one that names no unit keeps the unit of its
    project; a new one gets that of the uploading clerk.
    """
    known = read_known([row.project for row in rows])
    own = own_unit(act)
    for row in rows:
        if not row.errors and "unit" not in row.project.values and own is not None:
            found, doubt = match(row.project, known)
            if found is None and not doubt:
                row.project = replace(row.project, values={**row.project.values, "unit": own})
    return diff_projects([row.project for row in rows], known, act.standing), known


def own_unit(act: Act) -> Organisation | None:
    """Unit of the uploading clerk; the office brings in everyone's projects and owns none."""
    if act.standing is None:
        return None
    clerks = {Role.UNIT, Role.ATTRACTION}
    posts = [post for post in act.standing.posts if post.role in clerks]
    return posts[0].organisation if posts else None
