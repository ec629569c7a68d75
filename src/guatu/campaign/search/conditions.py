"""What a word is looked for in: the same for the lists and for the search over everything."""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import IContains

from guatu.register.models import Enterprise, EnterpriseName
from guatu.register.search import condition, holds, named, word_condition
from guatu.register.versions import rows_as_of

Keys = QuerySet[Any, Any]
PROJECT_FIELDS = ("name", "gbt_code", "subject__code", "subject__initials")
ENTERPRISE_FIELDS = ("name", "subject__code", "subject__initials")
DUTY_FIELDS = (
    "title",
    "code",
    "outside_number",
    "initials",
    "subject__title",
    "subject__initials",
)
LEAD_FIELDS = ("name", "investor", "subject__code", "subject__initials")
SUBJECT_FIELDS = ("title", "code", "initials")
ANY_FIELDS = (*SUBJECT_FIELDS, "project__gbt_code", "lead__investor")
CREDIT_CODE = re.compile(r"(?=[a-z]*\d)[a-z0-9]{4,18}")
"""What may be part of a credit code: fewer signs stand in most of them and tell nothing."""


def projects_named(words: Sequence[str]) -> Q:
    """Condition for projects: name, short names, codes, initials."""
    return _each(words, lambda word: word_condition(PROJECT_FIELDS, word) | _short_name("", word))


def enterprises_named(words: Sequence[str], as_of: dt.date | None) -> Q:
    """Condition for enterprises: name, codes, initials, or one of the names they bear or bore."""
    found = condition(ENTERPRISE_FIELDS, words)
    for keys in (named_subjects(words, as_of), coded_subjects(words, as_of)):
        found |= Q(subject_id__in=keys)
    return found


def named_subjects(words: Sequence[str], as_of: dt.date | None) -> Keys:
    """Keys of the subjects of enterprises that bear or bore a name with all ``words``."""
    rows: QuerySet[EnterpriseName] = rows_as_of(EnterpriseName, as_of)
    return rows.filter(_each(words, lambda word: named("name", word))).values("subject_id")


def coded_subjects(words: Sequence[str], as_of: dt.date | None) -> Keys:
    """Keys of the subjects of enterprises with part of a credit code; none for other words."""
    rows: QuerySet[Enterprise] = rows_as_of(Enterprise, as_of)
    if not may_be_credit_code(words):
        return rows.none().values("subject_id")
    # Looked for in the index of credit codes, which is a fraction of the table.
    fitting = rows.exclude(uscc="").filter(holds("uscc", words[0].upper())).order_by()
    return rows.filter(pk__in=fitting.values("pk")).values("subject_id")


def subjects_named(words: Sequence[str]) -> Q:
    """Condition for subjects that are no enterprises: whatever a project or a lead is found by."""
    return _each(
        words, lambda word: word_condition(ANY_FIELDS, word) | _short_name("project__", word)
    )


def may_be_credit_code(words: Sequence[str]) -> bool:
    """Whether what is asked may be part of a credit code."""
    return len(words) == 1 and CREDIT_CODE.fullmatch(words[0]) is not None


def duties_named(words: Sequence[str]) -> Q:
    """Condition for duties: what they say, their codes, their subjects."""
    return condition(DUTY_FIELDS, words)


def _short_name(way: str, word: str) -> Q:
    """Short names stand in a list of JSON, which SQLite keeps in ASCII and PostgreSQL does not."""
    listed = Cast(f"{way}short_names", TextField())
    return Q(IContains(listed, word)) | Q(IContains(listed, json.dumps(word)[1:-1]))


def _each(words: Sequence[str], meant: Callable[[str], Q]) -> Q:
    found = Q()
    for word in words:
        found &= meant(word)
    return found
