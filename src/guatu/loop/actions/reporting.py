"""Reporting on a duty: change in words, 无变化, what helpers add, and asking for review."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from guatu.loop.enums import ClaimState, ExtensionState
from guatu.loop.models import Blocker, Claim, ClaimEvidence, Duty, Extension, Report
from guatu.loop.moves import begin
from guatu.loop.queries.duties import CLOSED_BY_CLAIM, NOT_BEGUN, kinds_on, planned_words
from guatu.register.errors import Invalid
from guatu.register.evidence import FileAdmitted, FileGiven, admit_file, keep_evidence
from guatu.register.models import Evidence, Post
from guatu.register.recording import Act, change, change_many, create, create_many

CLAIM_LENGTH = 300


class ClaimGiven(NamedTuple):
    """What a report asserts as achieved; ``closes`` = with this the duty is done.

    It stands on evidence kept already, and on ``files`` kept with the report.
    """

    text: str
    closes: bool = False
    evidence: Sequence[Evidence] = ()
    files: Sequence[FileGiven] = ()


def report(
    act: Act,
    duty: Duty,
    *,
    text: str,
    claims: Sequence[ClaimGiven] = (),
    submit: bool = False,
    blocker: Blocker | None = None,
    expected_revision: int | None = None,
) -> Report:
    """Tell what changed; the first report takes the duty from 已下达 to 办理中.

    ``submit`` asks for review in the same act; ``blocker`` names what stands in the way. An earlier
    return counts as answered. Raises Invalid for an empty text or claim or a blocker of something
    else, Stale.
    """
    move = begin(act, duty, "report", expected_revision)
    row = _told(act, duty, text, claims)
    if blocker is not None and blocker.duty_id != duty.pk:
        raise Invalid("所选堵点不属于这一事项。", "blocker")
    row.blocker = blocker
    files = _admitted(act, claims)
    with transaction.atomic():
        create(act, "report.make", row)
        change(
            act,
            "duty.report",
            duty,
            state=move.after(duty),
            progress=row.text,
            reported_on=act.business_date,
            returned_reason="",
        )
        _claim(act, row, claims, files)
        if submit:
            submit_for_review(act, duty)
    return row


def supplement(
    act: Act,
    duty: Duty,
    *,
    text: str,
    claims: Sequence[ClaimGiven] = (),
    expected_revision: int | None = None,
) -> Report:
    """Add what a co-owner has to say; the owner's words and clock stay as they are.

    Raises Invalid for an empty text, or for a claim that the duty is done: that is the owner's.
    """
    begin(act, duty, "supplement", expected_revision)
    if any(claim.closes for claim in claims):
        raise Invalid("是否完成由责任单位报告，配合单位可补充情况和材料。", "claims")
    row = _told(act, duty, text, claims)
    row.supplement = True
    files = _admitted(act, claims)
    with transaction.atomic():
        create(act, "report.supplement", row)
        _claim(act, row, claims, files)
    return row


def report_no_change(act: Act, duties: Sequence[Duty]) -> list[Report]:
    """Affirm the last words of each duty: all or none.

    A duty never reported on affirms 尚未开展. Raises Invalid for one that was returned (a return
    asks for an answer) or was reported on today already. Those done for another post are recorded
    as such apart.
    """
    rows: list[Report] = []
    parts: dict[int | None, tuple[Act, list[Report]]] = {}
    for duty in duties:
        own = act.afresh()
        begin(own, duty, "affirm")
        if why := unaffirmed(act, duty):
            raise Invalid(f"「{duty.title}」{why}。")
        row = _row(own, duty, changed=False, affirmed=affirmed_words(duty))
        rows.append(row)
        behalf = own.standing.behalf.post if own.standing else None
        parts.setdefault(behalf.pk if behalf else None, (own, []))[1].append(row)
    told = {"reported_on": act.business_date}
    with transaction.atomic():
        for one, part in parts.values():
            create_many(one, "report.affirm", part)
            change_many(one, "duty.affirm", [(row.duty, told) for row in part])
    return rows


def unaffirmed(act: Act, duty: Duty) -> str:
    """Why 无变化 is no answer now; empty where it is one."""
    if duty.returned_reason:
        return "已被退回，请说明整改情况，不能报「无变化」"
    if duty.reported_on == act.business_date:
        return "今天已经报告过，不必重复"
    return ""


def affirmed_words(duty: Duty) -> str:
    """What a 无变化 would affirm now; shown before it is pressed."""
    return duty.progress or NOT_BEGUN


def submit_for_review(act: Act, duty: Duty, *, expected_revision: int | None = None) -> Duty:
    """办理中 → 待核. Raises Invalid while an extension waits, or without the claim that closes."""
    move = begin(act, duty, "submit", expected_revision)
    if Extension.objects.filter(duty=duty, state=ExtensionState.PENDING).exists():
        raise Invalid("延期申请还在等批复，批复后再提请核验。")
    closers = kinds_on(act.business_date)[duty.kind]["closes_by"]
    claimed = Claim.objects.filter(report__duty=duty, closes=True).exclude(state=ClaimState.REFUSED)
    if CLOSED_BY_CLAIM & set(closers) and not claimed.exists():
        raise Invalid("请先在报告中写明完成了什么，再提请核验。", "claims")
    on = act.business_date
    return change(act, "duty.submit", duty, state=move.after(duty), submitted_on=on)


def _told(act: Act, duty: Duty, text: str, claims: Sequence[ClaimGiven]) -> Report:
    if not text.strip():
        raise Invalid("请写明有什么变化；没有变化请点「无变化」。", "text")
    if any(not claim.text.strip() for claim in claims):
        raise Invalid("请写明完成了什么。", "claim")
    if any(len(claim.text.strip()) > CLAIM_LENGTH for claim in claims):
        raise Invalid(f"完成情况请控制在 {CLAIM_LENGTH} 字以内，细节写在进展里。", "claim")
    return _row(act, duty, changed=True, text=text.strip())


def _row(act: Act, duty: Duty, *, changed: bool, text: str = "", affirmed: str = "") -> Report:
    return Report(
        duty=duty,
        changed=changed,
        text=text,
        affirmed=affirmed,
        planned=planned_words(duty, act.business_date),
        officer=act.standing.officer if act.standing else None,
        post=_speaking_post(act, duty),
        at=act.at,
        business_date=act.business_date,
    )


def _speaking_post(act: Act, duty: Duty) -> Post | None:
    """Post in which the officer speaks: the owner post, one of the owner unit, else the first.

    Who stands in for the owner post speaks in it.
    """
    if act.standing is None or act.standing.behalf.post == duty.owner_post:
        return duty.owner_post
    posts = act.standing.posts
    own = [post for post in posts if post.pk == duty.owner_post_id]
    unit = [post for post in posts if post.organisation_id == duty.owner_unit_id]
    return next(iter([*own, *unit, *posts]), None)


def _admitted(act: Act, claims: Sequence[ClaimGiven]) -> list[list[FileAdmitted]]:
    """Look at the files of each claim before anything is written."""
    return [[admit_file(act, file) for file in claim.files] for claim in claims]


def _claim(
    act: Act,
    row: Report,
    claims: Sequence[ClaimGiven],
    files: Sequence[Sequence[FileAdmitted]],
) -> None:
    saved = create_many(
        act,
        "claim.make",
        [Claim(report=row, text=given.text.strip(), closes=given.closes) for given in claims],
    )
    supports = [
        ClaimEvidence(claim=claim, evidence=evidence)
        for claim, given, brought in zip(saved, claims, files, strict=True)
        for evidence in [
            *given.evidence,
            *(keep_evidence(act, row.duty.subject, file) for file in brought),
        ]
    ]
    if any(support.evidence.subject_id != row.duty.subject_id for support in supports):
        raise Invalid("佐证材料属于别的对象。", "evidence")
    create_many(act, "claim.support", supports)
