"""What a word is looked for in: the same for the lists and for the search over everything."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import IContains

from guatu.register.models import Enterprise, EnterpriseName
from guatu.register.search import holds, named, word_condition
from guatu.register.unit_words import Units, units_named, with_units
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


def projects_named(
    words: Sequence[str], units: Units | None = None, unit: str = "subject__unit_id"
) -> Q:
    """Condition for projects: name, short names, codes, initials; beside them the unit."""
    return with_units(
        words,
        units_named(words) if units is None else units,
        lambda word: word_condition(PROJECT_FIELDS, word) | _short_name("", word),
        unit,
    )


def enterprises_named(
    words: Sequence[str], as_of: dt.date | None, unit: str = "subject__unit_id"
) -> Q:
    """Condition for enterprises: name, codes, initials, or one of the names they bear or bore.

    Beside a name a word may name the unit.
    """
    units = units_named(words)
    found = with_units(words, units, partial(word_condition, ENTERPRISE_FIELDS), unit)
    for keys in (named_subjects(words, as_of), coded_subjects(words, as_of)):
        found |= Q(subject_id__in=keys)
    for rest, keys_of_units in split_by_units(words, units):
        owned = Q(subject_id__in=named_subjects(rest, as_of))
        found |= owned & Q(**{f"{unit}__in": keys_of_units})
    return found


def split_by_units(
    words: Sequence[str], units: Units
) -> Iterator[tuple[Sequence[str], frozenset[int]]]:
    """Words of a name and units beside it: one word is the unit's, or all that name any are."""
    for word, keys in units.items():
        yield [other for other in words if other != word], keys
    rest = [word for word in words if word not in units]
    if len(units) > 1 and rest:
        yield rest, frozenset.intersection(*units.values())


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


def subjects_named(words: Sequence[str], units: Units) -> Q:
    """Condition for subjects that are no enterprises: whatever a project or a lead is found by."""
    return with_units(
        words,
        units,
        lambda word: word_condition(ANY_FIELDS, word) | _short_name("project__", word),
        "unit_id",
    )


def may_be_credit_code(words: Sequence[str]) -> bool:
    """Whether what is asked may be part of a credit code."""
    return len(words) == 1 and CREDIT_CODE.fullmatch(words[0]) is not None


def named_in(fields: Sequence[str], words: Sequence[str], units: Units, unit: str) -> Q:
    """Condition that each word stands in one of ``fields`` or, beside another, names the unit."""
    return with_units(words, units, partial(word_condition, fields), unit)


def _short_name(way: str, word: str) -> Q:
    """Short names stand in a list of JSON, which SQLite keeps in ASCII and PostgreSQL does not."""
    listed = Cast(f"{way}short_names", TextField())
    return Q(IContains(listed, word)) | Q(IContains(listed, json.dumps(word)[1:-1]))


def _each(words: Sequence[str], meant: Callable[[str], Q]) -> Q:
    found = Q()
    for word in words:
        found &= meant(word)
    return found
