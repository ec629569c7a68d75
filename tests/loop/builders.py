"""A small district with everyone a duty needs, and duties at any point of their life."""

import datetime as dt
from dataclasses import dataclass

import pytest

from guatu.loop.actions import (
    ClaimGiven,
    draft_duty,
    issue,
    report,
    submit_for_review,
)
from guatu.loop.enums import DutySource
from guatu.loop.models import Claim, Duty
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import Act
from guatu.register.rules import load_shipped
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_subject,
    make_unit,
)

DUE = dt.date(2025, 3, 31)


@dataclass(frozen=True)
class District:
    """Who stands where: ``owner`` holds ``owner_post`` of ``unit``, ``stranger`` is elsewhere."""

    root: Organisation
    unit: Organisation
    owner_post: Post
    owner: Standing
    office: Standing
    leader: Standing
    leader_post: Post
    stranger: Standing
    stranger_post: Post
    subject: Subject


def make_loop() -> District:
    """District with rules and campaign loaded; the subject belongs to the owner's unit."""
    load_shipped()
    root = make_district()
    make_campaign(root)
    unit = make_unit(root, "示例工信局")
    posts = {
        "owner": make_post(unit),
        "office": make_post(make_unit(root, "示例专班"), Role.OFFICE),
        "leader": make_post(make_unit(root, "示例区政府"), Role.LEADER, "副区长"),
        "stranger": make_post(make_unit(root, "示例住建局")),
    }
    held = {name: standing_of(make_officer(post), TODAY) for name, post in posts.items()}
    return District(
        root=root,
        unit=unit,
        owner_post=posts["owner"],
        leader_post=posts["leader"],
        stranger_post=posts["stranger"],
        subject=make_subject(unit),
        **held,
    )


def drafted(
    place: District,
    due: dt.date | None = DUE,
    kind: str = "task",
    *,
    title: str = "推进示例事项",
    owner_post: Post | None = None,
    subject: Subject | None = None,
) -> Duty:
    """Duty drafted by the office for the owner post."""
    return draft_duty(
        act_of(place.office),
        kind=kind,
        subject=subject or place.subject,
        title=title,
        source=DutySource.MEETING,
        owner_post=owner_post or place.owner_post,
        leader_post=place.leader_post,
        due=due,
    )


def issued(place: District, due: dt.date | None = DUE, kind: str = "task", **more: object) -> Duty:
    """Duty the owner owes."""
    return issue(act_of(place.office), drafted(place, due, kind, **more))  # type: ignore[arg-type]


def doing(place: District, due: dt.date | None = DUE, kind: str = "task") -> Duty:
    """Duty with a first report and nothing claimed."""
    duty = issued(place, due, kind)
    report(act_of(place.owner), duty, text="已完成前期摸排")
    return duty


def submitted(place: District, due: dt.date | None = DUE) -> tuple[Duty, Claim]:
    """Duty waiting for review, with the claim that it is done."""
    duty = issued(place, due)
    report(act_of(place.owner), duty, text="已全部办完", claims=[ClaimGiven("办结", closes=True)])
    submit_for_review(act_of(place.owner), duty)
    return duty, Claim.objects.get(report__duty=duty)


def on(standing: Standing, days: int = 1) -> Act:
    """Act of an officer some days after the tests' noon."""
    at = NOON + dt.timedelta(days=days)
    return Act(standing, at, TODAY + dt.timedelta(days=days))


def refusal(caught: pytest.ExceptionInfo[Invalid]) -> tuple[str, str | None]:
    """Sentence and field of a refusal."""
    return str(caught.value), caught.value.field
