"""Leads, reserve projects, meetings, visits and targets of the small district."""

import datetime as dt
from typing import Any

from guatu.attraction.actions import Next, add_lead, follow_up
from guatu.attraction.models import FollowUp, Lead
from guatu.investment.actions import propose
from guatu.investment.models import Admission, Project
from guatu.loop.actions.visits import record_visit
from guatu.loop.models import Visit
from guatu.register.models import Post, Subject
from guatu.register.recording import create
from tests.factories import TODAY, act_of, make_subject, system_act
from tests.loop.builders import District
from tests.loop.gatherings import called

DUE = dt.date(2025, 4, 1)


def unit_named(place: District) -> dict[str, str]:
    """The owner's unit as answers name it."""
    return {"id": str(place.unit.public_id), "name": place.unit.name}


def lead(place: District, name: str = "示例冷链线索", **facts: Any) -> Lead:  # noqa: ANN401 -- columns of Lead
    """Lead of the owner's unit."""
    return add_lead(act_of(place.owner), name=name, unit=place.unit, **facts)


def followed(place: District, row: Lead, post: Post | None = None) -> FollowUp:
    """Contact of the owner with a next step."""
    return follow_up(
        act_of(place.owner),
        row,
        way="phone",
        said="示例：有意设厂",
        with_whom="李经理",
        next_step=Next("示例：送交资料", DUE, post or place.owner_post),
    )


def reserve(place: District, name: str = "示例储备项目", **facts: Any) -> Admission:  # noqa: ANN401 -- columns of Project
    """Idea of the owner's unit."""
    return propose(act_of(place.owner), name=name, unit=place.unit, **facts)


def visited(place: District, subject: Subject, on: dt.date = TODAY) -> Visit:
    """Visit of the leader at ``subject``."""
    return record_visit(
        act_of(place.leader),
        on=on,
        leader_post=place.leader_post,
        subject=subject,
        text="示例：现场有序",
        verdict="normal",
    )


def furnished(place: District, mark: str) -> None:
    """One thing more of each kind but targets, of which there are as many as the rules name."""
    subject = make_subject(place.unit, title=f"示例工程{mark}")
    create(system_act(), "project.add", Project(subject=subject, name=subject.title))
    followed(place, lead(place, f"示例线索{mark}"))
    reserve(place, f"示例储备{mark}")
    called(place, title=f"示例调度会{mark}")
    visited(place, subject, TODAY - dt.timedelta(days=len(mark)))
