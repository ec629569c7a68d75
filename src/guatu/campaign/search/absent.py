"""Kinds of which nothing at all fits: one query without rights saves a query with rights of each.

Building the condition of what one may see costs more than looking through a thousand rows.
"""

from collections.abc import Mapping

from guatu.campaign.search.conditions import subjects_named
from guatu.campaign.search.hits import Asked, Kind
from guatu.register.enums import SubjectKind
from guatu.register.models import Subject

FOUND_AS: Mapping[SubjectKind, frozenset[Kind]] = {
    SubjectKind.PROJECT: frozenset({Kind.PROJECT, Kind.RESERVE}),
    SubjectKind.LEAD: frozenset({Kind.LEAD}),
    SubjectKind.REFORM: frozenset({Kind.REFORM}),
    SubjectKind.CAMPAIGN: frozenset({Kind.MATTER}),
    SubjectKind.INDICATOR: frozenset({Kind.MATTER}),
}
"""As what subjects are found; enterprises are too many, and are found by more than this."""


def absent(asked: Asked) -> frozenset[Kind]:
    """Kinds with nothing that fits, whoever asks; none for a past day, whose names were others."""
    every = frozenset[Kind]().union(*FOUND_AS.values())
    if asked.as_of is not None:
        return frozenset()
    rows = Subject.objects.filter(subjects_named(asked.words, asked.units), kind__in=FOUND_AS)
    present = set(rows.order_by().values_list("kind", flat=True).distinct())
    return every.difference(*(FOUND_AS[SubjectKind(kind)] for kind in present))
