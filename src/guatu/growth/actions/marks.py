"""Marks of a firm: 压舱石 and what it is cultivated for, each with its source."""

import datetime as dt

from guatu.growth.models import Mark
from guatu.growth.rules import marks_on
from guatu.growth.values import check_firm, line, past_day
from guatu.register.errors import Invalid
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def mark_firm(
    act: Act, firm: Subject, *, mark: str, source: str, goal: str = "", since: dt.date | None = None
) -> Mark:
    """Mark the firm by a paper or list (``source``); ``goal`` says what is cultivated."""
    require(act.standing, "firm.keep", firm)
    check_firm(firm)
    names = marks_on(act.business_date)
    if mark not in names:
        raise Invalid("请选择标记。", "mark")
    if Mark.objects.filter(subject=firm, mark=mark, ended_on=None).exists():
        raise Invalid(f"已标为「{names[mark]}」。", "mark")
    row = Mark(
        subject=firm,
        mark=mark,
        goal=line(goal, "培育目标", "goal", 300, needed=False),
        source=line(source, "依据（文件或名单）", "source", 300),
        since=past_day(since or act.business_date, act.business_date, "起始日期", "since"),
    )
    return create(act, "mark.set", row)


def end_mark(act: Act, row: Mark, *, reason: str) -> Mark:
    """Take a mark off, for a reason; the row stays."""
    require(act.standing, "firm.keep", row.subject)
    if row.ended_on is not None:
        raise Invalid(f"这项标记已于 {row.ended_on} 取消。")
    why = line(reason, "理由", "reason", 300)
    day = max(act.business_date, row.since)
    return change(act.because(why), "mark.end", row, ended_on=day, reason=why)
