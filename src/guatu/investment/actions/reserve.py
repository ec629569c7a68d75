"""A project's way through the reserve: proposed, submitted, judged twice, taken out, begun."""

from typing import Any

from django.db import transaction

from guatu.investment.actions.nodes import make_timetable
from guatu.investment.actions.projects import add_project, edit_project
from guatu.investment.enums import AdmissionState, OpinionVerdict, ReviewStep
from guatu.investment.gates import path_of, stages_of
from guatu.investment.models import Admission, AdmissionOpinion, Category, Project
from guatu.investment.policies import KEEPERS
from guatu.investment.reserve_moves import REVIEWS, STEP_OF, barred, begin
from guatu.investment.reserve_rules import STEPS, reserve_rules
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def propose(
    act: Act,
    *,
    name: str,
    unit: Organisation | None,
    origin: str = "",
    category: Category | None = None,
    area: Organisation | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Project, checked by name
) -> Admission:
    """Add a project that is no more than an idea yet; what is not told stays unknown.

    Raises Invalid for an unknown origin and as :func:`add_project` does.
    """
    require(act.standing, "reserve.propose", unit)
    with transaction.atomic():
        project = add_project(act, name=name, unit=unit, category=category, area=area, **values)
        return enter_reserve(act, project, origin)


def enter_reserve(act: Act, project: Project, origin: str = "") -> Admission:
    """Begin the record of a project just added without a stage. Raises Invalid for another one."""
    require(act.standing, "project.edit", project)
    if project.stage_id is not None:
        raise Invalid("项目已进入实施阶段，不能放入储备库。", "stage")
    _check_origin(act, origin)
    row = Admission(subject=project.subject, origin=origin, since=act.business_date)
    return create(act, "reserve.propose", row)


def _check_origin(act: Act, origin: str) -> None:
    if origin and origin not in reserve_rules(act.business_date).origins:
        raise Invalid("请选择项目来源。", "origin")


def edit_reserve(
    act: Act,
    admission: Admission,
    *,
    origin: str | None = None,
    reason: str = "",
    expected_admission: int | None = None,
    **values: Any,  # noqa: ANN401 -- as :func:`edit_project` takes them
) -> Admission:
    """Change what is known of a reserve project; not while it is being judged.

    ``expected_revision`` among the values is that of the project; ``origin`` None keeps it.
    Overwriting something known needs a reason. Raises Invalid, Stale.
    """
    begin(act, admission, "edit", expected_admission)
    project = admission.subject.project
    with transaction.atomic():
        edit_project(act, project, reason=reason, **values)
        if origin is not None and origin != admission.origin:
            _check_origin(act, origin)
            if admission.origin and not reason.strip():
                raise Invalid("改动已有内容（项目来源）须写明理由。", "reason")
            change(act.because(reason.strip()), "reserve.edit", admission, origin=origin)
    return admission


def submit(act: Act, admission: Admission, *, expected_revision: int | None = None) -> Admission:
    """谋划 or 退回修改 → 待初审. Raises Invalid naming what is still missing."""
    move = begin(act, admission, "submit", expected_revision)
    _check_known(act, admission, "first")
    return change(
        act,
        "reserve.submit",
        admission,
        state=move.after(admission),
        since=act.business_date,
        reason="",
        round=admission.round + 1,
        plan_year=act.business_date.year + 1,
        submitted_on=act.business_date,
        submitted_by=act.standing.officer if act.standing else None,
        submitted_post=_submitting_post(act, admission),
    )


def _submitting_post(act: Act, admission: Admission) -> Post | None:
    """The post of the project's own unit, else the first that may keep projects."""
    keepers = [
        post for post in (act.standing.posts if act.standing else ()) if post.role in KEEPERS
    ]
    unit = admission.subject.unit_id
    own = [post for post in keepers if post.organisation_id == unit]
    return next(iter((*own, *keepers)), None)


def withdraw(
    act: Act, admission: Admission, *, reason: str = "", expected_revision: int | None = None
) -> Admission:
    """待初审 or 待终审 → 谋划: only while it is being judged."""
    move = begin(act, admission, "withdraw", expected_revision)
    reason = reason.strip()
    return change(
        act.because(reason),
        "reserve.withdraw",
        admission,
        state=move.after(admission),
        since=act.business_date,
        reason=reason,
    )


def review(
    act: Act,
    admission: Admission,
    verdict: OpinionVerdict,
    *,
    words: str = "",
    expected_revision: int | None = None,
) -> Admission:
    """Judge what was submitted: 同意 leads on, 退回修改 back, with words.

    Never by who submitted it, and the two steps by two persons. Raises Forbidden, Stale, Invalid
    naming what 终审 still needs.
    """
    here = AdmissionState(admission.state)
    step = STEP_OF.get(here)
    if step is None:
        raise Invalid(f"「{admission}」现在是{here.label}，没有待审核的报送。")
    move = begin(act, admission, REVIEWS[here, verdict], expected_revision)
    if act.standing is not None and (sentence := barred(act.standing, admission)):
        raise Invalid(sentence)
    words = words.strip()
    if verdict == OpinionVerdict.RETURN and not words:
        raise Invalid("退回修改须写明要改什么。", "words")
    if verdict == OpinionVerdict.AGREE:
        _check_known(act, admission, "final", "；请退回补充")
    returned = verdict == OpinionVerdict.RETURN
    admitted = (
        {"reserved_on": act.business_date} if step == ReviewStep.FINAL and not returned else {}
    )
    with transaction.atomic():
        change(
            act.because(words),
            "reserve.judge",
            admission,
            state=move.after(admission),
            since=act.business_date,
            reason=words if returned else "",
            **admitted,
        )
        create(act, "reserve.opine", _opinion(act, admission, step, verdict, words))
    return admission


def _opinion(
    act: Act, admission: Admission, step: ReviewStep, verdict: OpinionVerdict, words: str
) -> AdmissionOpinion:
    standing = act.standing
    roles = ("office", "unit") if step == ReviewStep.FIRST else ("leader", "office")
    posts = [post for post in (standing.posts if standing else ()) if post.role in roles]
    other = [post for post in posts if post.pk != admission.submitted_post_id]
    return AdmissionOpinion(
        subject=admission.subject,
        round=admission.round,
        step=step,
        verdict=verdict,
        words=words,
        on=act.business_date,
        at=act.at,
        officer=standing.officer if standing else None,
        post=next(iter(other), None),
        project_revision=admission.subject.project.revision,
    )


def _check_known(act: Act, admission: Admission, step: str, remedy: str = "") -> None:
    lacking = reserve_rules(act.business_date).missing(admission.subject.project, step)
    if lacking:
        raise Invalid(f"{STEPS[step]}还缺：{'、'.join(lacking)}{remedy}。")


def remove_reserve(
    act: Act, admission: Admission, *, reason: str, expected_revision: int | None = None
) -> Admission:
    """Take it out of the reserve (退库), for a reason; nothing of it is lost."""
    move = begin(act, admission, "remove", expected_revision)
    if not reason.strip():
        raise Invalid("退库须写明理由。", "reason")
    return change(
        act.because(reason.strip()),
        "reserve.remove",
        admission,
        resume_state=admission.state,
        state=move.after(admission),
        since=act.business_date,
        reason=reason.strip(),
    )


def restore_reserve(
    act: Act, admission: Admission, *, reason: str = "", expected_revision: int | None = None
) -> Admission:
    """已退库 → where it stood before."""
    move = begin(act, admission, "restore", expected_revision)
    return change(
        act.because(reason.strip()),
        "reserve.restore",
        admission,
        state=move.after(admission),
        resume_state="",
        since=act.business_date,
        reason=reason.strip(),
    )


def transfer(act: Act, admission: Admission, *, expected_revision: int | None = None) -> Project:
    """已储备 → an implementation project: its path's first stage, and its nodes without days.

    The same project goes on, with its history and its admission. Raises Invalid naming what is
    missing, as its category.
    """
    move = begin(act, admission, "transfer", expected_revision)
    _check_known(act, admission, "transfer")
    project = admission.subject.project
    steps = path_of(project)
    if not steps:
        raise Invalid("请先确定项目类别，再转为实施项目。", "category")
    with transaction.atomic():
        change(
            act,
            "reserve.transfer",
            admission,
            state=move.after(admission),
            since=act.business_date,
            reason="",
        )
        change(act, "project.begin", project, stage=stages_of(steps)[0])
        make_timetable(act, project, {})
    return project
