"""Marking all notices read that the inbox's filter keeps (`web.lists.bulk`)."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from guatu.loop.actions.bulk import read_many
from guatu.loop.bulk_plans import plan_reading
from guatu.loop.models import Notice
from guatu.loop.queries.inbox import inbox_of, with_cause
from guatu.register.policies import Standing
from guatu.web.inbox.listing import InboxList, about, said
from guatu.web.lists.bulk import BulkRows, BulkStep, Words


def _rows(standing: Standing) -> QuerySet[Any]:
    return with_cause(inbox_of(standing))


def _words(notice: Notice, _today: dt.date) -> Words:
    return Words(about(notice), said(notice))


def _state(notice: Any) -> str:  # noqa: ANN401 -- a notice with ``seen``
    return str(notice.seen)


READ = BulkStep(
    BulkRows(
        InboxList,
        _rows,
        _words,
        "inbox:inbox",
        key="public_id",
        order=("seen", "-id"),
        state=_state,
    ),
    "标为已读",
    "所列消息都记为您已读；事项本身不变。",
    lambda act, notices, _told: plan_reading(act, notices),
    read_many,
    units=False,
)
