"""Suggestions about the system: anybody makes one, the office answers, the asker is told."""

import datetime as dt
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from guatu.campaign import policies as _policies  # noqa: F401 -- declares suggestion.*
from guatu.campaign.telling import reading_post, shortened, tell
from guatu.loop.enums import NoticeKind
from guatu.loop.queries.reviews import office_post
from guatu.register.enums import Role, SuggestionState
from guatu.register.errors import Invalid
from guatu.register.models import Officer, Suggestion
from guatu.register.policies import Standing, require
from guatu.register.recording import Act, change, create
from guatu.register.versions import rows_as_of

LENGTH, ANSWER_LENGTH, PAGE_LENGTH = 1000, 1000, 300
MOST_OPEN = 20
"""Most unanswered suggestions of one officer."""
WITHDRAWN = "提出人已撤回。"
ENDS = (SuggestionState.ADOPTED, SuggestionState.ANSWERED, SuggestionState.DECLINED)


def page_of(address: str) -> str:
    r"""Path and query of a page of this site; empty for anything else.

    >>> page_of("/duties/?lamp=red"), page_of("https://example.org/x"), page_of("//example.org")
    ('/duties/?lamp=red', '', '')
    >>> page_of("javascript:alert(1)"), page_of("/a\n/b"), page_of("/\\example.org")
    ('', '', '')
    """
    text = address.strip()[:PAGE_LENGTH]
    if not text.startswith("/") or not text.isprintable() or "\\" in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


def suggestions_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Suggestion]:
    """Suggestions the officer may read: the office all, everybody else their own."""
    rows: QuerySet[Suggestion] = rows_as_of(Suggestion, as_of)
    return rows if standing.has(Role.OFFICE) else rows.filter(officer=standing.officer)


def suggest(act: Act, *, text: str, page: str = "") -> Suggestion:
    """Record what somebody would have changed, and tell the office.

    Raises Invalid for nothing, too much or too many.
    """
    require(act.standing, "suggestion.add")
    if act.standing is None:
        raise Invalid("意见建议须由本人提出。")
    words = _checked(text, LENGTH, "text")
    officer = act.standing.officer
    waiting = Suggestion.objects.filter(officer=officer, state=SuggestionState.OPEN)
    if waiting.count() >= MOST_OPEN:
        raise Invalid(f"您有 {MOST_OPEN} 条意见建议还没有答复，请等答复后再提。")
    row = Suggestion(
        officer=officer,
        post=reading_post(act.standing),
        page=page_of(page),
        text=words,
        asked_on=act.business_date,
    )
    with transaction.atomic():
        added = create(act, "suggestion.add", row)
        _tell_office(act, added, officer)
    return added


def answer_suggestion(
    act: Act, suggestion: Suggestion, *, state: SuggestionState, answer: str
) -> Suggestion:
    """End a suggestion with an answer; the asker's post is told in its inbox.

    Raises Invalid for a second answer, an empty one, and a state that is no end.
    """
    require(act.standing, "suggestion.answer", suggestion)
    if suggestion.state != SuggestionState.OPEN:
        raise Invalid("这条意见建议已经答复。")
    if state not in ENDS:
        raise Invalid("请选择处理结果。", "state")
    words = _checked(answer, ANSWER_LENGTH, "answer")
    officer = act.standing.officer if act.standing else None
    with transaction.atomic():
        ended = change(
            act,
            "suggestion.answer",
            suggestion,
            state=state,
            answer=words,
            answered_by=officer,
            answered_on=act.business_date,
        )
        _tell_asker(act, ended)
    return ended


def withdraw_suggestion(act: Act, suggestion: Suggestion) -> Suggestion:
    """Take back what one suggested while nobody has answered; what it said stays on record.

    It ends as 已答复 with the words of its own end, and nobody is told.
    """
    require(act.standing, "suggestion.withdraw", suggestion)
    officer = act.standing.officer if act.standing else None
    return change(
        act,
        "suggestion.withdraw",
        suggestion,
        state=SuggestionState.ANSWERED,
        answer=WITHDRAWN,
        answered_by=officer,
        answered_on=act.business_date,
    )


def _tell_office(act: Act, row: Suggestion, officer: Officer) -> None:
    """Tell the office that a suggestion waits; not of its own."""
    if row.post is not None and row.post.role == Role.OFFICE:
        return
    post = office_post()
    said = f"{row.post or '系统管理账号'}（{officer.name}）提出，请答复"
    title = f"意见建议：{shortened(row.text)}"
    unit = post and post.organisation
    tell(act, NoticeKind.REMIND, unit, title=title, path=_page(row), said=said)


def _tell_asker(act: Act, row: Suggestion) -> None:
    said = f"{SuggestionState(row.state).label}：{row.answer}"
    title = f"您的意见建议：{shortened(row.text)}"
    tell(act, NoticeKind.ANSWER, row.post, title=title, path=_page(row), said=said)


def _page(row: Suggestion) -> str:
    return f"/suggestions/{row.public_id}/"


def _checked(text: str, length: int, field: str) -> str:
    words = text.replace("\0", "").strip()
    if not words:
        raise Invalid("请填写内容。", field)
    if len(words) > length:
        raise Invalid(f"最多 {length} 字。", field)
    return words
