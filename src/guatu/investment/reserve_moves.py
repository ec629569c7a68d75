"""The life of an admission as a table: which act leads from which states to which, and who may.

谋划 → 待初审 → 待终审 → 已储备 → 已转实施. Either review may return it; from 退回修改 it is
submitted again to 待初审. It may be withdrawn only while it is being reviewed. 退库 and 恢复 stand
beside.
"""

from django.db.models import QuerySet

from guatu.investment.enums import IN_REVIEW, AdmissionState, OpinionVerdict, ReviewStep
from guatu.investment.models import Admission, AdmissionOpinion
from guatu.register.errors import Invalid
from guatu.register.lives import Life, Move
from guatu.register.models import Subject
from guatu.register.policies import Standing

IDEA, FIRST, FINAL = AdmissionState.IDEA, AdmissionState.FIRST, AdmissionState.FINAL
RETURNED, RESERVED = AdmissionState.RETURNED, AdmissionState.RESERVED
UNDERWAY, REMOVED = AdmissionState.UNDERWAY, AdmissionState.REMOVED


REVIEWS = {
    (FIRST, OpinionVerdict.AGREE): "pass_first",
    (FIRST, OpinionVerdict.RETURN): "return_first",
    (FINAL, OpinionVerdict.AGREE): "pass_final",
    (FINAL, OpinionVerdict.RETURN): "return_final",
}
STEP_OF = {FIRST: ReviewStep.FIRST, FINAL: ReviewStep.FINAL}


class AdmissionLife(Life[AdmissionState, Admission]):
    """Nobody reviews what they submitted, nor twice."""

    def open_to(self, standing: Standing, thing: Admission) -> list[Move[AdmissionState]]:
        """Acts the officer may do now."""
        found = super().open_to(standing, thing)
        if not barred(standing, thing):
            return found
        return [move for move in found if move.action not in REVIEWS.values()]


def barred(standing: Standing, admission: Admission) -> str:
    """Why this officer may not judge the submission whatever their post; empty when they may.

    Asks the database who judged it first where its reader has not (``judged_first``).
    """
    if admission.submitted_by_id == standing.officer.pk:
        return "本件由您报送，须由其他人审核。"
    if admission.submitted_post_id is not None and all(
        post.pk == admission.submitted_post_id for post in standing.posts
    ):
        return "本件由您所在岗位报送，须由其他岗位审核。"
    if admission.state == FINAL and _judged_first(standing, admission):
        return "初审和终审须由不同的人办理，本件初审是您办的。"
    return ""


def first_judgements(standing: Standing) -> QuerySet[AdmissionOpinion]:
    """First judgements this officer gave."""
    return AdmissionOpinion.objects.filter(step=ReviewStep.FIRST, officer=standing.officer)


def _judged_first(standing: Standing, admission: Admission) -> bool:
    known: bool | None = getattr(admission, "judged_first", None)
    if known is not None:
        return known
    own = first_judgements(standing)
    return own.filter(subject=admission.subject_id, round=admission.round).exists()


OWN = frozenset({IDEA, RETURNED})
LIFE = AdmissionLife(
    AdmissionState,
    (
        Move("edit", "修改", OWN | {RESERVED}, None, "reserve.edit"),
        Move("submit", "报送审核", OWN, FIRST, "reserve.edit"),
        Move("withdraw", "撤回", frozenset(IN_REVIEW), IDEA, "reserve.edit"),
        Move("pass_first", "初审同意", frozenset({FIRST}), FINAL, "reserve.review_first"),
        Move("return_first", "初审退回", frozenset({FIRST}), RETURNED, "reserve.review_first"),
        Move("pass_final", "终审同意", frozenset({FINAL}), RESERVED, "reserve.review_final"),
        Move("return_final", "终审退回", frozenset({FINAL}), RETURNED, "reserve.review_final"),
        Move("transfer", "转为实施项目", frozenset({RESERVED}), UNDERWAY, "reserve.transfer"),
        Move("remove", "退库", OWN | {RESERVED}, REMOVED, "reserve.remove"),
        Move("restore", "恢复", frozenset({REMOVED}), None, "reserve.remove", resumes=True),
    ),
    called=str,
)
begin, open_moves = LIFE.begin, LIFE.open_to


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
