"""Urging those who were sent several letters (`web.lists.bulk`)."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.loop.bulk_plans import plan_letter_urge
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.letters import with_names
from guatu.register.policies import Standing
from guatu.web.duties.urging import urge_step
from guatu.web.letters.listing import LetterList
from guatu.web.lists.bulk import BulkRows, Row, Words
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    return with_names(letters_in_sight(standing))


def _words(letter: Row, _today: dt.date) -> Words:
    return Words(str(letter), letter.get_state_display())


LETTERS = urge_step(
    BulkRows(
        LetterList,
        _rows,
        _words,
        "letters:letters",
        key="public_id",
        order=("reply_due",),
    ),
    "letter",
    "向各主送单位催办；只能对下催办，同一件函一个工作日一次。",
    plan_letter_urge,
    "letter.draft",
)


@require_POST
@forbidden_is_missing
def many(request: OfficerRequest) -> HttpResponse:
    """Show whom an urge would go to; urge when that was checked."""
    return LETTERS.answer(request)
