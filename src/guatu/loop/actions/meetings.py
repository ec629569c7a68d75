"""Acts on review bodies: whatever waits for their days is computed again at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.loop.actions.calendars import (
    CODE,
    NAME_LENGTH,
    SOURCE_LENGTH,
    checked_dates,
    checked_reason,
)
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, ReviewMeeting
from guatu.loop.plan.command_fields import FIRST_YEAR, LAST_YEAR
from guatu.register.enums import RuleStatus
from guatu.register.errors import Invalid, Stale
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

MOST_WEEKS, LAST_WEEKDAY = 52, 7


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a review body is to be; ``weekday`` 1 Monday … 7; days ISO."""

    name: str
    since: dt.date
    weeks: int
    weekday: int
    cancelled: Sequence[str] = ()
    added: Sequence[str] = ()
    status: RuleStatus = RuleStatus.PENDING
    source: str = ""


def add_meeting(act: Act, said: Said, *, code: str, reason: str) -> ReviewMeeting:
    """Add a body plans can wait for from now on. Raises Invalid naming what is wrong."""
    require(act.standing, "calendar.change")
    if not CODE.fullmatch(code):
        raise Invalid("代码以小写字母开头，只含小写字母、数字、- 和 _，不超过 40 位。", "code")
    if ReviewMeeting.objects.filter(code=code).exists():
        raise Invalid(f"代码「{code}」已用于另一个评审会。", "code")
    row = ReviewMeeting(code=code, **_checked(said))
    return create(act.because(checked_reason(reason)), "meeting.add", row)


def change_meeting(
    act: Act,
    meeting: ReviewMeeting,
    said: Said,
    *,
    reason: str,
    expected_revision: int | None = None,
) -> int:
    """Change a body and compute the plans that wait for it; returns how many lamps changed.

    Raises Invalid naming what is wrong, Stale.
    """
    require(act.standing, "calendar.change", meeting)
    if expected_revision is not None and expected_revision != meeting.revision:
        raise Stale("这个评审会刚被别人改过。")
    values = _checked(said)
    act = act.because(checked_reason(reason))
    with transaction.atomic():
        change(act, "meeting.change", meeting, **values)
        waiting = Activity.objects.filter(duration__isnull=False, meeting=meeting.code)
        return recompute(act, waiting.values_list("subject_id", flat=True).distinct())


def _checked(said: Said) -> dict[str, object]:
    """Columns of the body; Invalid names what cannot be."""
    name, source = said.name.strip(), said.source.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"请填写评审会名称，不超过 {NAME_LENGTH} 字。", "name")
    if len(source) > SOURCE_LENGTH:
        raise Invalid(f"来源不超过 {SOURCE_LENGTH} 字。", "source")
    if not FIRST_YEAR <= said.since.year <= LAST_YEAR:
        raise Invalid(f"{said.since} 不在 {FIRST_YEAR}—{LAST_YEAR} 年之内。", "since")
    if not 1 <= said.weeks <= MOST_WEEKS:
        raise Invalid(f"间隔须为 1 到 {MOST_WEEKS} 周。", "weeks")
    if not 1 <= said.weekday <= LAST_WEEKDAY:
        raise Invalid("请选周一到周日中的一天。", "weekday")
    cancelled = checked_dates(said.cancelled, "取消的会期", "cancelled")
    added = checked_dates(said.added, "增加的会期", "added")
    both = sorted(set(cancelled) & set(added))
    if both:
        raise Invalid(f"{both[0]} 既取消又增加，请核对。", "added")
    return {
        "name": name,
        "since": said.since,
        "weeks": said.weeks,
        "weekday": said.weekday,
        "cancelled": cancelled,
        "added": added,
        "status": said.status,
        "source": source,
    }
