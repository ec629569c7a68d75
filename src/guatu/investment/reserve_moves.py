"""The life of an admission as a table: which act leads from which states to which, and who may.

谋划 → 待初审 → 待终审 → 已储备 → 已转实施. Either review may return it; from 退回修改 it is
submitted again to 待初审. It may be withdrawn only while it is being reviewed. 退库 and 恢复 stand
beside.
"""

from dataclasses import dataclass

from guatu.investment.enums import IN_REVIEW, AdmissionState, OpinionVerdict, ReviewStep
from guatu.investment.models import Admission
from guatu.loop.moves import check_revision
from guatu.register.errors import Invalid
from guatu.register.models import Subject
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act

IDEA, FIRST, FINAL = AdmissionState.IDEA, AdmissionState.FIRST, AdmissionState.FINAL
RETURNED, RESERVED = AdmissionState.RETURNED, AdmissionState.RESERVED
UNDERWAY, REMOVED = AdmissionState.UNDERWAY, AdmissionState.REMOVED


@dataclass(frozen=True)
class AdmissionMove:
    """One act. ``target`` None keeps the state; ``resumes`` goes back to ``resume_state``."""

    action: str
    name: str
    sources: frozenset[AdmissionState]
    target: AdmissionState | None
    policy: str
    resumes: bool = False

    def after(self, admission: Admission) -> AdmissionState:
        """State the admission has once this act is done."""
        if self.resumes:
            return AdmissionState(admission.resume_state)
        return self.target or AdmissionState(admission.state)


OWN = frozenset({IDEA, RETURNED})
TABLE = (
    AdmissionMove("edit", "修改", OWN | {RESERVED}, None, "reserve.edit"),
    AdmissionMove("submit", "报送审核", OWN, FIRST, "reserve.edit"),
    AdmissionMove("withdraw", "撤回", frozenset(IN_REVIEW), IDEA, "reserve.edit"),
    AdmissionMove("pass_first", "初审同意", frozenset({FIRST}), FINAL, "reserve.review_first"),
    AdmissionMove("return_first", "初审退回", frozenset({FIRST}), RETURNED, "reserve.review_first"),
    AdmissionMove("pass_final", "终审同意", frozenset({FINAL}), RESERVED, "reserve.review_final"),
    AdmissionMove("return_final", "终审退回", frozenset({FINAL}), RETURNED, "reserve.review_final"),
    AdmissionMove("transfer", "转为实施项目", frozenset({RESERVED}), UNDERWAY, "reserve.transfer"),
    AdmissionMove("remove", "退库", OWN | {RESERVED}, REMOVED, "reserve.remove"),
    AdmissionMove("restore", "恢复", frozenset({REMOVED}), None, "reserve.remove", resumes=True),
)
MOVES = {move.action: move for move in TABLE}
REVIEWS = {
    (FIRST, OpinionVerdict.AGREE): "pass_first",
    (FIRST, OpinionVerdict.RETURN): "return_first",
    (FINAL, OpinionVerdict.AGREE): "pass_final",
    (FINAL, OpinionVerdict.RETURN): "return_final",
}
STEP_OF = {FIRST: ReviewStep.FIRST, FINAL: ReviewStep.FINAL}


def begin(
    act: Act, admission: Admission, action: str, expected_revision: int | None = None
) -> AdmissionMove:
    """Check who acts, which revision they saw and where it stands; return the move.

    Raises Forbidden, Stale or Invalid, in this order.
    """
    move = MOVES[action]
    require(act.standing, move.policy, admission)
    check_revision(admission.revision, expected_revision)
    if closed := closed_to(admission, action):
        raise Invalid(f"「{admission}」{closed}。")
    return move


def closed_to(admission: Admission, action: str) -> str:
    """Why an act cannot be done as the project stands; empty where it can."""
    move = MOVES[action]
    if admission.state in move.sources:
        return ""
    return f"现在是{AdmissionState(admission.state).label}，不能{move.name}"


def open_moves(standing: Standing, admission: Admission) -> list[AdmissionMove]:
    """Acts the officer may do now, in the order of the table; reviews not by who submitted."""
    return [
        move
        for move in TABLE
        if admission.state in move.sources
        and may(standing, move.policy, admission)
        and not (move.action in REVIEWS.values() and barred(standing, admission))
    ]


def barred(standing: Standing, admission: Admission) -> str:
    """Why this officer may not judge the submission whatever their post; empty when they may."""
    if admission.submitted_by_id == standing.officer.pk:
        return "本件由您报送，须由其他人审核。"
    if admission.submitted_post_id is not None and all(
        post.pk == admission.submitted_post_id for post in standing.posts
    ):
        return "本件由您所在岗位报送，须由其他岗位审核。"
    return ""


def refuse_in_review(subject: Subject) -> None:
    """Raise Invalid while reviewers judge the project: what they judge must stay what it is."""
    found = Admission.objects.filter(subject=subject, state__in=IN_REVIEW).first()
    if found is not None:
        here = AdmissionState(found.state).label
        raise Invalid(f"储备项目{here}，内容不能改；请先撤回，或由审核人退回修改。")


def refuse_in_reserve(subject: Subject) -> None:
    """Raise Invalid for a project that has not left the reserve: it has neither stage nor nodes."""
    found = Admission.objects.filter(subject=subject).exclude(state=UNDERWAY).first()
    if found is not None:
        here = AdmissionState(found.state).label
        raise Invalid(f"项目还在储备项目库（{here}），转为实施项目后才有阶段和节点。")
