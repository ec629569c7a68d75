"""Urging whoever has several blockers (`web.lists.bulk`)."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.loop.bulk_plans import plan_blocker_urge
from guatu.loop.queries.blockers import blockers_in_sight, named
from guatu.register.policies import Standing
from guatu.web.blockers.listing import BlockerList
from guatu.web.duties.urging import urge_step
from guatu.web.lists.bulk import BulkRows, Row, Words
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    return named(blockers_in_sight(standing))


def _words(blocker: Row, _today: dt.date) -> Words:
    return Words(blocker.title, blocker.get_state_display())


BLOCKERS = urge_step(
    BulkRows(
        BlockerList, _rows, _words, "blockers:blockers", key="public_id", order=("raised_on",)
    ),
    "blocker",
    "向各堵点的现办方催办；只能对下催办，同一堵点一个工作日一次。",
    plan_blocker_urge,
    "duty.draft",
)


@require_POST
@forbidden_is_missing
def many(request: OfficerRequest) -> HttpResponse:
    """Show whom an urge would go to; urge when that was checked."""
    return BLOCKERS.answer(request)
