"""What a letter says before anyone edits it, drawn from what is recorded; and what it may hold."""

import datetime as dt

from guatu.engines.official import chinese_day, unprintable
from guatu.loop.blocker_days import days_of
from guatu.loop.letter_kinds import LetterKind
from guatu.loop.models import Blocker, Duty, Report
from guatu.loop.office_days import office_days
from guatu.register.errors import Invalid

TITLE_LENGTH = 120
BODY_LENGTH = 8000
LINE_LENGTH = 120
QUOTED = 200
"""Characters of a quote or report that a letter repeats."""


def body_for(kind: LetterKind, duty: Duty | None, blocker: Blocker | None, day: dt.date) -> str:
    """Write what the cause gives, else what the kind asks for."""
    if duty is not None:
        return body_of(duty, kind, day)
    if blocker is not None:
        cost = days_of(blocker, day, office_days()) or 0
        return body_about_blocker(blocker, kind, day, cost)
    return kind.ask


def body_of(duty: Duty, kind: LetterKind, day: dt.date) -> str:
    """Write what is owed, where it was said, how late it is, what was reported, what is asked."""
    said = [_owed(duty), _source(duty), _standing(duty, day), kind.ask]
    return "\n".join(words for words in said if words)


def body_about_blocker(blocker: Blocker, kind: LetterKind, day: dt.date, days: int) -> str:
    """Write what stands in the way, since when and at what cost, and what is asked.

    ``days`` are the working days it has cost by ``day``.
    """
    since = f"“{flat(blocker.title)}”自{chinese_day(blocker.raised_on)}上报，请你单位解决。"
    cost = f"截至{chinese_day(day)}，已影响{days}个工作日，尚未解决。"
    told = f"具体情况：{_short(blocker.what)}。" if blocker.what.strip() else ""
    asked = f"请求解决的事项：{_short(blocker.asked)}。" if blocker.asked.strip() else ""
    return "\n".join(words for words in (since, told, asked, cost, kind.ask) if words)


def _owed(duty: Duty) -> str:
    post = f"，责任岗位为{duty.owner_post.title}" if duty.owner_post else ""
    words = f"“{flat(duty.title)}”由你单位负责办理{post}"
    if duty.due is not None:
        return f"{words}，应于{chinese_day(duty.due)}前完成。"
    stated = f"（原文：{flat(duty.due_text)}）" if duty.due_text else ""
    return f"{words}，完成期限待定{stated}。"


def _source(duty: Duty) -> str:
    if duty.quote is None or duty.document is None:
        return ""
    return f"该事项出自《{flat(duty.document.title)}》：“{_short(duty.quote.text)}”。"


def _standing(duty: Duty, day: dt.date) -> str:
    """How late the duty is on ``day``, and the last thing the unit said about it."""
    words = f"截至{chinese_day(day)}，{_lateness(duty.due, day)}"
    last = Report.objects.filter(duty=duty, supplement=False).first()
    if last is None:
        return f"{words}你单位尚未报告过进展。"
    on = chinese_day(last.business_date)
    if last.changed:
        return f"{words}你单位最近一次报告（{on}）为：“{_short(last.text)}”。"
    return f"{words}你单位最近一次报告（{on}）为无变化，所确认的情况是：“{_short(last.affirmed)}”。"


def _lateness(due: dt.date | None, day: dt.date) -> str:
    if due is None:
        return ""
    left = (due - day).days
    if left < 0:
        return f"该事项已逾期{-left}天。"
    return f"距完成期限还有{left}天。" if left else "该事项今天到期。"


def _short(text: str) -> str:
    line = flat(text)
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 2]}……"


def flat(text: str) -> str:
    """Recorded words in one line, without what no paper can show and without a last full stop."""
    line = " ".join(text.split())
    hidden = set(unprintable(line))
    kept = "".join(one for at, one in enumerate(line) if at not in hidden)
    return kept.rstrip("。") if kept.endswith("。") else kept


def checked_line(text: str, name: str, field: str, most: int = LINE_LENGTH) -> str:
    """Return one line of a paper, trimmed. Raises Invalid where it is empty, long or hostile."""
    line = _told(text, name, field, most)
    if "\n" in line:
        raise Invalid(f"{name}须写在一行内。", field)
    if not line:
        raise Invalid(f"请填写{name}。", field)
    return line


def checked_text(text: str, name: str, field: str, most: int = BODY_LENGTH) -> str:
    """Return lines of a paper: blank ones and outer spaces go, words stay. Raises Invalid."""
    lines = (line.strip() for line in _told(text, name, field, most).split("\n"))
    return "\n".join(line for line in lines if line)


def _told(text: str, name: str, field: str, most: int) -> str:
    """Line ends and tabs of any program become plain ones; what cannot be printed is refused."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    if len(plain) > most:
        raise Invalid(f"{name}共 {len(plain)} 字，请控制在 {most} 字以内。", field)
    hidden = unprintable(plain.replace("\n", " "))
    if hidden:
        code = f"U+{ord(plain[hidden[0]]):04X}"
        message = f"{name}第 {hidden[0] + 1} 个字符（{code}）看不见、也印不出来，请删去后再保存。"
        raise Invalid(message, field)
    return plain
