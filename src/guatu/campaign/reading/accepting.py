"""What each kind of draft becomes, through the actions of the chapter that owns it."""

from collections.abc import Callable

from guatu.campaign.reading.drafting import can_be_listed, count_of
from guatu.campaign.reading.names import plain_name, subjects_named
from guatu.campaign.reading.proposals import OF_DRAFT, Proposal, code_of, proposal_of
from guatu.campaign.reading.stated import stage_stated
from guatu.investment.actions import add_project
from guatu.investment.models import Stage
from guatu.loop.actions import draft_duty, issue, make_quota, set_target
from guatu.loop.actions.deciding import adopt, meeting_of
from guatu.loop.enums import DutySource, Strength
from guatu.loop.models import Duty, Quota
from guatu.register.campaign import current
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import DraftKind, DraftState, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Draft, Sourced, Subject
from guatu.register.recording import Act, mark_sample, note
from guatu.register.sealing import marked


def accept_as(act: Act, draft: Draft) -> Draft:
    """Make the draft's fact, point it to its quote, and mark the draft accepted.

    Runs inside the caller's transaction with the draft's row held.
    """
    proposal = proposal_of(draft)
    draft.subject = MAKERS[draft.action](act, draft, proposal)
    draft.state = DraftState.ACCEPTED
    draft.officer = act.standing.officer if act.standing else None
    draft.decided_at = act.at
    draft.save(update_fields=["subject", "state", "officer", "decided_at"])
    pointers = Sourced.objects.filter(quote=draft.quote_id, at=act.at)
    kept = marked({Sourced: pointers.values_list("pk", flat=True)})
    note(act, "draft.accept", draft, {"state": [DraftState.PENDING, DraftState.ACCEPTED], **kept})
    return draft


def _accept_project(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    subject = _chosen_or_named(proposal, SubjectKind.PROJECT)
    if subject is None:
        said = words_said(draft)
        project = add_project(
            act,
            name=proposal.title,
            unit=proposal.owner_unit,
            stage=_stage(draft),
            stage_said=said,
        )
        subject = project.subject
        if said:
            _source(act, subject, "project.stage_said", draft)
    _source(act, subject, "project.name", draft)
    return subject


def words_said(draft: Draft) -> str:
    """What the paper says of a project, its wish before its deed: 力争…签约."""
    said = str(draft.payload.get("action") or draft.payload.get("stage") or "")
    strength = Strength(code) if (code := strength_around(draft)) else None
    wished = strength is not None and strength != Strength.ENSURE and strength.label not in said
    return f"{strength.label}…{said}"[:60] if strength and wished and said else said[:60]


def strength_around(draft: Draft) -> str:
    """Strength of the promise a draft stands in."""
    return code_of(Strength, draft.payload.get("strength"))


def _stage(draft: Draft) -> Stage | None:
    """Stage the paper states; what is only promised is no stage a project has reached."""
    read = draft.payload
    code = stage_stated(
        str(read.get("stage") or ""), str(read.get("action") or ""), strength_around(draft)
    )
    return Stage.objects.filter(code=code).first() if code else None


def _accept_enterprise(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    subject = _chosen_or_named(proposal, SubjectKind.ENTERPRISE)
    if subject is None:
        firm = add_enterprise(act, name=proposal.title, unit=proposal.owner_unit)
        subject = firm.subject
    _source(act, subject, "enterprise.name", draft)
    return subject


def _accept_quantity(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    """A counted group: its places, the named ones taken; with an owner, filling it is a duty."""
    stated, quote = count_of(draft.payload.get("value")), draft.quote
    if stated is None or quote is None or not can_be_listed(str(draft.payload["text"])):
        raise Invalid("这个数量不是可以逐项落实的清单，请选择不采纳。")
    subject = _campaign_subject()
    quota = Quota.objects.filter(quote=quote).first()
    if quota is None:
        quota = make_quota(
            act,
            title=proposal.title[:200],
            of=str(draft.payload.get("of") or "")[:100],
            stated=stated,
            unit=str(draft.payload.get("unit") or "")[:20],
            quote=quote,
            domain=proposal.domain,
            members=_members(act, draft)[:stated],
        )
    if proposal.owner_unit is not None or proposal.owner_post is not None:
        _add_duty(act, draft, proposal, subject, quota)
    _source(act, subject, "quota.stated", draft)
    return subject


def _accept_target(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    subject = _subject_of(act, draft, proposal)
    year = draft.batch.document.plan_year if draft.batch.document else None
    set_target(
        act,
        subject=subject,
        title=proposal.title,
        domain=proposal.domain,
        strength=proposal.strength,
        period=str(year or ""),
        owner_unit=proposal.owner_unit,
        quote=draft.quote,
    )
    _source(act, subject, "target.title", draft)
    return subject


def _accept_commitment(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    subject = _subject_of(act, draft, proposal)
    _add_duty(act, draft, proposal, subject)
    _source(act, subject, "duty.title", draft)
    return subject


def _add_duty(
    act: Act, draft: Draft, proposal: Proposal, subject: Subject, quota: Quota | None = None
) -> Duty:
    """Draft the duty with its quote; with an owner post it is issued, else the office keeps it.

    What the minutes of a meeting say is a decision of that meeting, and of nobody unknown.
    """
    meeting = meeting_of(draft.batch.document)
    if meeting is not None:
        _check_owner(draft, proposal)
    duty = draft_duty(
        act,
        kind="quota" if quota else "commitment",
        subject=subject,
        title=proposal.title,
        what=str(draft.payload["text"]),
        domain=proposal.domain,
        strength=proposal.strength,
        source=DutySource.MEETING if meeting else DutySource.PAPER,
        quote=draft.quote,
        quota=quota,
        owner_unit=proposal.owner_unit,
        owner_post=proposal.owner_post,
        leader_post=proposal.leader_post,
        co_owners=proposal.co_owners,
        due=proposal.due,
        due_text=proposal.due_text,
    )
    if meeting is not None:
        adopt(act, meeting, duty)
    return issue(act, duty) if proposal.owner_post is not None else duty


def _check_owner(draft: Draft, proposal: Proposal) -> None:
    """Raise Invalid where the minutes name a unit nobody knows and no person chose another."""
    named = str(draft.payload.get("owner") or "")
    if named and proposal.owner_unit is None and proposal.owner_post is None:
        message = f"纪要写由「{named}」负责，组织机构里没有这个单位，请先改选责任单位。"
        raise Invalid(message, "owner_unit")


MAKERS: dict[str, Callable[[Act, Draft, Proposal], Subject]] = {
    "add_project": _accept_project,
    "add_enterprise": _accept_enterprise,
    "add_quota": _accept_quantity,
    "add_target": _accept_target,
    "add_duty": _accept_commitment,
}


def _chosen_or_named(proposal: Proposal, kind: SubjectKind) -> Subject | None:
    """The subject a person chose, else the one of that name; a draft never makes a second one."""
    if proposal.subject and not proposal.subject.startswith(OF_DRAFT):
        chosen = Subject.objects.filter(public_id=proposal.subject).first()
        if chosen is None or chosen.kind != kind:
            raise Invalid("所选的项目或企业与这一条的种类不符。", "subject")
        return chosen
    return subjects_named(kind, [proposal.title]).get(proposal.title)


def _subject_of(act: Act, draft: Draft, proposal: Proposal) -> Subject:
    """What a target or a duty is about; accepts the draft that makes it when it is still open."""
    if not proposal.subject:
        return _campaign_subject()
    if proposal.subject.startswith(OF_DRAFT):
        key = proposal.subject.removeprefix(OF_DRAFT)
        named = draft.batch.drafts.select_related("subject").filter(public_id=key).first()
        return _made_by(act, named) or _campaign_subject()
    return Subject.objects.get(public_id=proposal.subject)


def _made_by(act: Act, named: Draft | None) -> Subject | None:
    """Subject of a project or enterprise draft; a rejected one makes none."""
    if named is None or named.state == DraftState.REJECTED:
        return None
    if named.state == DraftState.PENDING:
        held = Draft.objects.select_for_update(of=("self",)).select_related("batch", "quote")
        return accept_as(act, held.get(pk=named.pk)).subject
    return named.subject


def _members(act: Act, draft: Draft) -> list[Subject]:
    """Subjects of the members a counted group names, in their order, each once."""
    names = [str(name) for name in draft.payload.get("members") or []]
    kinds = (DraftKind.ENTERPRISE, DraftKind.PROJECT)
    beside = {
        plain_name(str(other.payload["text"])): other
        for other in draft.batch.drafts.filter(kind__in=kinds).select_related("subject")
    }
    found: dict[int, Subject] = {}
    for name in names:
        subject = _made_by(act, beside.get(plain_name(name)))
        if subject is not None:
            found[subject.pk] = subject
    return list(found.values())


def _campaign_subject() -> Subject:
    campaign = current()
    if campaign is None:
        raise Invalid("还没有建立攻坚行动，不能下达责任事项。")
    return campaign.subject


def _source(act: Act, subject: Subject, field: str, draft: Draft) -> None:
    """Point a field of the subject to the draft's quote."""
    row = Sourced.objects.create(subject=subject, field=field, quote=draft.quote, at=act.at)
    if act.sample:
        mark_sample([row])
