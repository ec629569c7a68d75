"""Dispatch meetings, visits and reforms among what is found; there are few of each."""

from guatu.campaign.search.hits import NOTHING, Asked, Hit, Kind, Matches, told
from guatu.loop.queries.dispatches import dispatches_in_sight
from guatu.loop.queries.reforms import reforms_in_sight
from guatu.loop.queries.visits import visits_in_sight
from guatu.register.policies import may


def reforms(asked: Asked) -> Matches:
    """Reforms in sight, by name and code."""
    if not may(asked.standing, "reform.list"):
        return NOTHING
    rows = reforms_in_sight(asked.standing, asked.as_of)
    columns = rows.order_by("subject__code").values_list(
        "subject__public_id", "subject__title", "subject__code", "subject__unit__name"
    )
    return told(
        (
            asked.rank_of(title, code=code),
            Hit(Kind.REFORM, key, title, code, unit or "责任单位未定"),
        )
        for key, title, code, unit in columns
    )


def meetings(asked: Asked) -> Matches:
    """Meetings in sight, by title and code, the latest first."""
    if not may(asked.standing, "dispatch.list"):
        return NOTHING
    rows = dispatches_in_sight(asked.standing, asked.as_of)
    columns = rows.order_by("-on", "-pk").values_list("public_id", "title", "code", "on")
    return told(
        (asked.rank_of(title, code=code), Hit(Kind.MEETING, key, title, code, f"{on}"))
        for key, title, code, on in columns
    )


def visits(asked: Asked) -> Matches:
    """Visits in sight, by code and leader, the latest first."""
    if not may(asked.standing, "visit.list"):
        return NOTHING
    rows = visits_in_sight(asked.standing, asked.as_of).order_by("-on", "-pk")
    columns = rows.values_list("public_id", "code", "on", "leader_post__title")
    return told(
        (
            asked.rank_of(f"{leader}督帮", code=code),
            Hit(Kind.VISIT, key, f"{leader}督帮", code, f"{on}"),
        )
        for key, code, on, leader in columns
    )
