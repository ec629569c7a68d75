"""Urging: a record of who pressed whom, at most once a working day."""

from guatu.loop.models import Blocker, Duty, Urge
from guatu.loop.moves import check_revision
from guatu.loop.office_days import office_days
from guatu.loop.urge_rights import Thing, Urging, rights_on, urging
from guatu.register.errors import Invalid
from guatu.register.policies import require
from guatu.register.recording import Act, create

WORDS_LENGTH = 300


def urge(act: Act, thing: Thing, *, words: str = "", expected_revision: int | None = None) -> Urge:
    """Press who owes the next step on a duty or blocker.

    Whom is found by the rule ``urge.rights``. Raises Invalid for an urge upward, where there is
    nobody to urge, and for a second one before another working day has begun; Stale; Forbidden.
    """
    require(act.standing, "duty.urge" if isinstance(thing, Duty) else "blocker.urge", thing)
    check_revision(thing.revision, expected_revision)
    if act.standing is None:
        raise Invalid("催办须由具体岗位提出。")
    if len(words.strip()) > WORDS_LENGTH:
        raise Invalid(f"催办的话请控制在 {WORDS_LENGTH} 字以内。", "words")
    found = urging(act.standing, thing, rights_on(act.business_date))
    row = Urge(
        duty=thing if isinstance(thing, Duty) else None,
        blocker=thing if isinstance(thing, Blocker) else None,
        officer=act.standing.officer,
        post=found.post,
        to_unit=found.whom.unit,
        to_post=found.whom.post,
        words=words.strip() or "请尽快办理并反馈。",
        on=act.business_date,
        at=act.at,
    )
    _check_pace(act, row, found)
    return create(act, "urge.make", row)


def _check_pace(act: Act, row: Urge, found: Urging) -> None:
    same = Urge.objects.filter(
        duty=row.duty,
        blocker=row.blocker,
        post=row.post,
        to_unit=row.to_unit,
        to_post=row.to_post,
    )
    last = same.order_by("-on").values_list("on", flat=True).first()
    if last is not None and office_days().between(last, act.business_date) < 1:
        raise Invalid(f"已于 {last} 催办过「{found.whom}」，同一事项每个工作日只催一次。")
