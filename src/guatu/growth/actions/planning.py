"""Account plans (一企一策): aims of a year, and measures that are duties on the firm."""

import datetime as dt

from django.db import transaction

from guatu.growth.models import AccountPlan, Measure
from guatu.growth.values import check_firm, check_revision, line, words
from guatu.loop.actions import draft_duty, issue
from guatu.loop.enums import DutySource
from guatu.register.enums import Domain, Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

YEARS = range(2020, 2101)


def make_plan(
    act: Act, firm: Subject, *, year: int, aims: str, leader_post: Post | None = None
) -> AccountPlan:
    """Open the plan of a firm for a year; one a year."""
    require(act.standing, "firm.keep", firm)
    check_firm(firm)
    if year not in YEARS:
        raise Invalid(f"年度应在 {YEARS[0]} 至 {YEARS[-1]} 之间。", "year")
    if AccountPlan.objects.filter(subject=firm, year=year).exists():
        raise Invalid(f"这家企业已有 {year} 年的一企一策。", "year")
    _check_leader(leader_post)
    plan = AccountPlan(
        subject=firm,
        year=year,
        aims=words(aims, "目标", "aims"),
        leader_post=leader_post,
        officer=act.standing.officer if act.standing else None,
    )
    return create(act, "firm_plan.make", plan)


def edit_plan(
    act: Act,
    plan: AccountPlan,
    *,
    aims: str,
    leader_post: Post | None = None,
    reason: str = "",
    expected_revision: int | None = None,
) -> AccountPlan:
    """Change aims and leader; other aims need their reason. Measures change as duties do."""
    require(act.standing, "firm.keep", plan.subject)
    check_revision(plan.revision, expected_revision)
    _check_leader(leader_post)
    new = words(aims, "目标", "aims")
    why = line(reason, "修改理由", "reason", 300, needed=new != plan.aims)
    return change(act.because(why), "firm_plan.edit", plan, aims=new, leader_post=leader_post)


def charge_measure(
    act: Act,
    plan: AccountPlan,
    *,
    title: str,
    due: dt.date | None,
    owner_unit: Organisation | None = None,
    owner_post: Post | None = None,
    what: str = "",
) -> Measure:
    """Issue a duty on the firm as a measure of its plan; its owner answers for it as for any."""
    require(act.standing, "firm_plan.charge", plan)
    if due is None:
        raise Invalid("请写明完成期限。", "due")
    if due < act.business_date:
        raise Invalid(f"完成期限 {due} 早于业务日期 {act.business_date}。", "due")
    with transaction.atomic():
        duty = draft_duty(
            act,
            kind="task",
            subject=plan.subject,
            title=title,
            what=words(what, "要求", "what", needed=False),
            source=DutySource.PLAN,
            domain=Domain.STEADY_GROWTH,
            owner_unit=owner_unit,
            owner_post=owner_post,
            leader_post=plan.leader_post,
            due=due,
        )
        issue(act, duty)
        return create(act, "firm_plan.charge", Measure(plan=plan, duty=duty))


def _check_leader(post: Post | None) -> None:
    if post is not None and post.role != Role.LEADER:
        raise Invalid("包保领导须为区领导岗位。", "leader_post")
