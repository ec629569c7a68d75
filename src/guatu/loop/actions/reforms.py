"""Reforms: adding one, changing what is said of it, giving it to another unit."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction

from guatu.loop.actions.dispatches import campaign_now
from guatu.loop.enums import ReformState
from guatu.loop.letter_text import checked_line, checked_text
from guatu.loop.models import Reform
from guatu.register.enums import Role, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create
from guatu.register.subjects import add_subject

NAME_LENGTH, TEXT_LENGTH = 200, 4000


class ReformSaid(TypedDict, total=False):
    """What is said of a reform besides name and unit."""

    domain: str
    content: str
    result: str
    leader_post: Post | None
    state: str
    due: dt.date | None
    progress: str


def add_reform(
    act: Act, *, name: str, unit: Organisation | None = None, **said: Unpack[ReformSaid]
) -> Reform:
    """Add a reform with its subject. Raises Invalid for a name there is, and a day long past."""
    require(act.standing, "reform.add")
    told = _checked(name, said)
    if Subject.objects.filter(kind=SubjectKind.REFORM, title=told["name"], active=True).exists():
        raise Invalid(f"已有改革任务「{told['name']}」。", "name")
    with transaction.atomic():
        subject = add_subject(
            act,
            kind=SubjectKind.REFORM,
            title=str(told.pop("name")),
            unit=unit,
            domain=str(told.pop("domain", "")),
        )
        return create(act, "reform.add", Reform(subject=subject, **told))


def edit_reform(
    act: Act,
    reform: Reform,
    *,
    name: str,
    unit: Organisation | None = None,
    expected_revision: int | None = None,
    expected_subject: int | None = None,
    **said: Unpack[ReformSaid],
) -> Reform:
    """Change what is said of a reform; sight follows its unit at once. Raises Invalid, Stale.

    ``expected_subject`` is the revision of its subject, which bears name, unit and domain.
    """
    require(act.standing, "reform.edit", reform.subject)
    check_revision(reform.revision, expected_revision)
    check_revision(reform.subject.revision, expected_subject)
    told = _checked(name, said)
    subject = reform.subject
    same = Subject.objects.filter(kind=SubjectKind.REFORM, title=told["name"], active=True)
    if same.exclude(pk=subject.pk).exists():
        raise Invalid(f"已有改革任务「{told['name']}」。", "name")
    about: dict[str, object] = {"title": told.pop("name"), "unit": unit}
    if "domain" in told:
        about["domain"] = told.pop("domain")
    with transaction.atomic():
        change(act, "subject.edit", subject, **about)
        change(act, "reform.edit", reform, **told)
    return reform


def _checked(name: str, said: ReformSaid) -> dict[str, object]:
    return checked_reform(name, said, campaign_now().year)


def checked_reform(name: str, said: ReformSaid, year: int | None) -> dict[str, object]:
    """What is said of a reform as it is kept. Raises Invalid at the first thing that cannot be.

    ``year`` is the campaign's, before which no reform is due.
    """
    told: dict[str, object] = dict(said)
    told["name"] = checked_line(name, "任务名称", "name", NAME_LENGTH)
    for field, label in (("content", "改革内容"), ("result", "预期成果"), ("progress", "进展")):
        if field in told:
            told[field] = checked_text(str(told[field]), label, field, TEXT_LENGTH)
    leader = said.get("leader_post")
    if leader is not None and leader.role != Role.LEADER:
        raise Invalid("包保领导须为区领导岗位。", "leader_post")
    if "state" in said and said["state"] not in ReformState.values:
        raise Invalid("请选择状态。", "state")
    due = said.get("due")
    if due is not None and year is not None and due.year < year:
        raise Invalid(f"完成期限 {due} 早于 {year} 年的攻坚行动，请核对年份。", "due")
    return told
