"""The list of notices: unread first, narrowed by chips, read with one tap."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Notice
from guatu.loop.queries.handovers import owed_by
from guatu.loop.queries.inbox import inbox_of, with_cause, with_earlier
from guatu.register.policies import Standing, may
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    ConditionFilter,
    Grouping,
    Kind,
    ListPage,
)
from guatu.web.requests import OfficerRequest
from guatu.web.templatetags.notices import cause_url


def said(notice: Notice) -> str:
    """What it says."""
    return sentence(notice.kind, notice.words)


def _state(notice: Notice) -> str:
    return "已读" if notice.seen else "未读"  # type: ignore[attr-defined]  # annotated by the query


def about(notice: Notice) -> str:
    """What it is about."""
    if notice.cause is None:
        return str(notice.words.get("title") or notice.subject.title)
    return str(notice.cause.title)


def _to(notice: Notice) -> str:
    return str(notice.post or notice.unit)


EARLIER = "earlier"
"""Value of the filter for reminders that a later one stands for."""


class InboxList(ListPage):
    """Notices for the officer's posts and units."""

    request: OfficerRequest

    action = "notice.list"
    title = "消息"
    columns = (
        Column("state", "状态", _state, width="xs", sort=("seen", "id"), bare=True),
        Column("kind", "类别", "get_kind_display", width="s", sort=("kind",)),
        Column(
            "about",
            "事项",
            about,
            name=True,
            sort=("duty__title", "blocker__title", "letter__title"),
            template="inbox/about_cell.html",
        ),
        Column("said", "消息", said, template="inbox/said_cell.html"),
        Column("to", "收件岗位", _to, width="l", bare=True),
        Column("on", "日期", "on", Kind.DATE, width="s", sort=("on", "id")),
        Column(
            "read", "办理", lambda _: "", width="s", template="inbox/read_cell.html", missing=""
        ),
    )
    filters = (
        ConditionFilter(
            "state",
            "状态",
            (
                ("unread", "未读", Q(seen=False, superseded=False)),
                ("read", "已读", Q(seen=True)),
                (EARLIER, "已有后续提醒", Q(superseded=True)),
            ),
        ),
        ChoiceFilter("kind", "类别", "kind", dict(NoticeKind.choices)),
    )
    groupings = (Grouping("kind", "类别", "kind", labels=dict(NoticeKind.choices)),)
    template_name = "inbox/inbox.html"
    search_fields = (
        *("duty__title", "duty__initials", "blocker__title", "blocker__initials"),
        *("letter__title", "letter__initials"),
        *("subject__title", "subject__initials"),
    )
    search_hint = "事项、对象、拼音首字母"
    default_sort = ("seen", "-id")
    bulk = (BulkAction("标为已读", "/inbox/read/"),)
    empty_help = "事项快到期、逾期或需要您知道时，会在这里提醒。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Notices addressed to the officer, with whether they have read each.

        Reminders after which there came another of the same are shown when asked for.
        """
        rows = with_earlier(with_cause(inbox_of(standing, as_of)), standing, as_of)
        asked = EARLIER in self.request.GET.getlist("state")
        return rows if asked else rows.filter(superseded=False)  # type: ignore[misc]  # annotated there

    def row_url(self, row: Notice) -> str:
        """The duty, blocker or letter it is about, or the page that its words name."""
        return cause_url(row) or str(row.words.get("path", ""))

    def context(self) -> dict[str, Any]:
        """Hand-overs of the officer's own posts that are not finished; what else may be read."""
        standing = self.request.standing
        return {
            "owed": [] if self.request.as_of else owed_by(standing),
            "sees_ladders": may(standing, "escalation.see"),
        }
