"""Recording a visit of a leader or a specialist, what was found, and what came of it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.blocking import raise_blocker
from guatu.loop.actions.dispatches import Attending, campaign_now, check_day
from guatu.loop.actions.drafting import draft_duty
from guatu.loop.actions.issuing import issue
from guatu.loop.actions.letters import reason_given
from guatu.loop.enums import DutySource
from guatu.loop.letter_text import checked_text
from guatu.loop.models import (
    Blocker,
    Companion,
    Duty,
    Finding,
    FindingEvidence,
    Outcome,
    Visit,
)
from guatu.loop.queries.visits import PLACES, verdicts_on
from guatu.loop.removers import Spot
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Invalid
from guatu.register.evidence import FileAdmitted, FileGiven, admit_file, keep_evidence
from guatu.register.keys import code as readable
from guatu.register.lives import check_revision
from guatu.register.models import Campaign, Party, Post, Subject
from guatu.register.policies import require, sees
from guatu.register.recording import Act, change, change_many, create, create_many

TEXT_LENGTH = 2000


def record_visit(
    act: Act,
    *,
    on: dt.date,
    leader_post: Post,
    subject: Subject,
    text: str,
    verdict: str,
    companions: Sequence[Attending] = (),
    note: str = "",
    files: Sequence[FileGiven] = (),
) -> Visit:
    """Record a visit with its first finding.

    ``leader_post`` is who was there: a leader, or the specialist of the firm. A visit of the same
    day is carried on rather than begun anew. Raises Invalid for a day to come or outside of the
    campaign, a post that is neither, an unknown verdict and no words.
    """
    require(act.standing, "visit.record", subject)
    campaign = campaign_now()
    _check_day(act, on, campaign)
    _check_visitor(act, leader_post, subject)
    finding = _finding(act, subject, text, verdict)
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        list(Campaign.objects.select_for_update().values_list("pk"))
        visit = Visit.objects.filter(on=on, leader_post=leader_post, withdrawn=False).first()
        if visit is None:
            last = Visit.objects.aggregate(last=Max("pk"))["last"] or 0
            visit = Visit(
                district_code=campaign.district.district_code,
                code=readable("DB", last + 1),
                subject=campaign.subject,
                on=on,
                leader_post=leader_post,
                note=checked_text(note, "备注", "note", TEXT_LENGTH),
                officer=act.standing.officer if act.standing else None,
            )
            create(act, "visit.record", visit)
        _keep(act, visit, finding, admitted)
        known = set(visit.companions.filter(ended=False).values_list("unit_id", "post_id"))
        rows = _companions(visit, companions)
        fresh = [row for row in rows if (row.unit_id, row.post_id) not in known]
        create_many(act, "visit.accompany", fresh)
    return visit


def add_finding(
    act: Act,
    visit: Visit,
    *,
    subject: Subject,
    text: str,
    verdict: str,
    files: Sequence[FileGiven] = (),
    expected_revision: int | None = None,
) -> Finding:
    """Add what was found at another place of the same visit."""
    _begin(act, visit, expected_revision)
    _check_visitor(act, visit.leader_post, subject)
    finding = _finding(act, subject, text, verdict)
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        return _keep(act, visit, finding, admitted)


def edit_finding(
    act: Act, finding: Finding, *, text: str, verdict: str, expected_revision: int | None = None
) -> Finding:
    """Tell a finding better; what was told before stays in the history."""
    _begin(act, finding.visit, None)
    check_revision(finding.revision, expected_revision)
    told = _finding(act, finding.subject, text, verdict)
    return change(act, "finding.edit", finding, text=told.text, verdict=told.verdict)


def edit_visit(
    act: Act,
    visit: Visit,
    *,
    on: dt.date,
    leader_post: Post,
    companions: Sequence[Attending],
    note: str,
    expected_revision: int | None = None,
) -> Visit:
    """Change day, leader, companions or note. Raises Invalid, Stale."""
    _begin(act, visit, expected_revision)
    _check_day(act, on, campaign_now())
    if leader_post.pk != visit.leader_post_id:
        _check_leader(act, leader_post)
    rows = {
        (row.unit_id, row.post_id): row
        for row in Companion.objects.filter(visit=visit, ended=False)
    }
    wanted = {(row.unit_id, row.post_id): row for row in _companions(visit, companions)}
    over = [(row, {"ended": True}) for key, row in rows.items() if key not in wanted]
    words = checked_text(note, "备注", "note", TEXT_LENGTH)
    with transaction.atomic():
        change(act, "visit.edit", visit, on=on, leader_post=leader_post, note=words)
        change_many(act, "visit.unaccompany", over)
        create_many(act, "visit.accompany", [row for key, row in wanted.items() if key not in rows])
    return visit


def withdraw_visit(
    act: Act, visit: Visit, *, reason: str, expected_revision: int | None = None
) -> Visit:
    """Take a visit back that was recorded by mistake; duties and blockers from it stay."""
    _begin(act, visit, expected_revision)
    why = reason_given(reason, "撤回")
    return change(act.because(why), "visit.withdraw", visit, withdrawn=True, withdrawn_reason=why)


def charge(act: Act, finding: Finding, *, title: str, **told: Any) -> Duty:  # noqa: ANN401 -- those of draft_duty
    """Charge somebody with what a visit found: the duty is drafted, issued and tied to it."""
    _begin(act, finding.visit, None)
    with transaction.atomic():
        duty = draft_duty(
            act,
            kind="task",
            subject=finding.subject,
            title=title,
            source=DutySource.VISIT,
            **told,
        )
        issue(act, duty)
        create(act, "outcome.take", Outcome(finding=finding, duty=duty, at=act.at))
    return duty


def raise_from(
    act: Act,
    finding: Finding,
    cause: str,
    **said: Any,  # noqa: ANN401 -- those of raise_blocker
) -> Blocker:
    """Raise a blocker that a visit found, tied to the finding.

    Files come with the finding itself: what they are refused for must outlive this transaction.
    """
    _begin(act, finding.visit, None)
    with transaction.atomic():
        blocker = raise_blocker(act, Spot(finding.subject), cause, **said)
        create(act, "outcome.take", Outcome(finding=finding, blocker=blocker, at=act.at))
    return blocker


def _begin(act: Act, visit: Visit, expected_revision: int | None) -> None:
    require(act.standing, "visit.edit", visit)
    check_revision(visit.revision, expected_revision)
    if visit.withdrawn:
        raise Invalid(f"督帮 {visit.code} 已撤回，不能再改。")


def _finding(act: Act, subject: Subject, text: str, verdict: str) -> Finding:
    if act.standing is not None and not sees(act.standing, subject):
        raise Invalid("没有找到这个项目或企业。", "subject")
    if subject.kind not in PLACES:
        raise Invalid("督帮记在项目或企业上。", "subject")
    if verdict not in verdicts_on(act.business_date):
        raise Invalid("请点选一个结论。", "verdict")
    words = checked_text(text, "发现", "text", TEXT_LENGTH)
    if not words:
        raise Invalid("请写一句看到的情况。", "text")
    return Finding(subject=subject, text=words, verdict=verdict)


def _keep(act: Act, visit: Visit, finding: Finding, admitted: Sequence[FileAdmitted]) -> Finding:
    if Finding.objects.filter(visit=visit, subject=finding.subject).exists():
        message = f"{visit.on} 的这次督帮已记过「{finding.subject.title}」，请在原记录上修改。"
        raise Invalid(message, "subject")
    finding.visit = visit
    create(act, "finding.add", finding)
    kept = [keep_evidence(act, finding.subject, file) for file in admitted]
    shown = [FindingEvidence(finding=finding, evidence=evidence) for evidence in kept]
    create_many(act, "finding.show", shown)
    return finding


def _companions(visit: Visit, companions: Sequence[Attending]) -> list[Companion]:
    rows = []
    for who in dict.fromkeys(companions):
        unit, post = (who.organisation, who) if isinstance(who, Post) else (who, None)
        if post is None or post.pk != visit.leader_post_id:
            rows.append(Companion(visit=visit, unit=unit, post=post))
    return rows


def _check_day(act: Act, on: dt.date | None, campaign: Campaign) -> None:
    check_day(on, campaign, "督帮")
    if on is not None and on > act.business_date:
        raise Invalid(f"督帮日期 {on} 还没有到。", "on")


def _check_visitor(act: Act, post: Post, subject: Subject) -> None:
    """Raise Invalid for who neither leads nor serves the firm, or speaks for somebody else."""
    if post.role == Role.LEADER:
        _check_leader(act, post)
        return
    mine = act.standing is None or act.standing.has(Role.OFFICE) or post in act.standing.posts
    named = Party.objects.filter(subject=subject, role=PartyRole.SPECIALIST, ended=False)
    if not mine or not post.active or not named.filter(post=post).exists():
        raise Invalid("走访由服务这家企业的专员记录；督帮请选择区领导。", "leader_post")


def _check_leader(act: Act, post: Post) -> None:
    if post.role != Role.LEADER or not post.active:
        raise Invalid("请选择督帮的区领导。", "leader_post")
    if act.standing is not None and not act.standing.has(Role.OFFICE, Role.LEADER):
        raise Invalid("区领导的督帮由专班或区领导记录。", "leader_post")
