"""Units, posts with their holders, papers, imported ledgers and shared resources.

They are some hundreds to a few thousand: read once and judged here, so that pinyin initials, which
their tables do not keep, find them as well. Names and office phones are not masked to colleagues.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from guatu.campaign.reading.sight import documents_in_sight
from guatu.campaign.search.hits import NOTHING, Asked, Hit, Kind, Matches, told
from guatu.register.enums import BatchState, OrganisationKind
from guatu.register.intake import batches_in_sight
from guatu.register.models import Batch, Document, Holding, Organisation, Post
from guatu.register.organisations import known_number
from guatu.register.policies import may, posts_in_sight, sees_district
from guatu.register.versions import end_of, rows_as_of

Rows = QuerySet[Any]


def units(asked: Asked) -> Matches:
    """Units in use, in protocol order."""
    if not may(asked.standing, "organisation.view"):
        return NOTHING
    rows = rows_as_of(Organisation, asked.as_of).filter(active=True).order_by("order_path")
    columns = rows.values_list("public_id", "name", "short_name", "code", "kind")
    return told(
        (
            asked.rank_of(name, short, code=code),
            Hit(Kind.UNIT, key, name, known_number(code), _unit_note(kind, short)),
        )
        for key, name, short, code, kind in columns
    )


def _unit_note(kind: str, short: str) -> str:
    label = str(OrganisationKind(kind).label)
    return f"{label} · 简称{short}" if short else label


def posts(asked: Asked) -> Matches:
    """Posts in protocol order, by unit, title, holder of the day and office phone."""
    if not may(asked.standing, "organisation.view"):
        return NOTHING
    held: Rows = rows_as_of(Holding, asked.as_of).filter(
        Q(until=None) | Q(until__gte=asked.day), since__lte=asked.day
    )
    holders: dict[int, list[str]] = defaultdict(list)
    for post, name in held.order_by("since", "pk").values_list("post_id", "officer__name"):
        holders[post].append(name)
    rows: Rows = rows_as_of(Post, asked.as_of).filter(
        posts_in_sight(asked.standing, key=asked.key), active=True, organisation__active=True
    )
    columns = rows.order_by("organisation__order_path", "rank", "pk").values_list(
        asked.key,
        "organisation__public_id",
        "organisation__name",
        "organisation__short_name",
        "title",
        "office_phone",
    )
    return told(
        (
            asked.rank_of(f"{short or name}{title}", f"{name}{title}", phone, *holders[key]),
            Hit(
                Kind.POST,
                unit,
                f"{short or name}{title}",
                note=" · ".join(filter(None, ("、".join(holders[key]) or "空缺", phone))),
            ),
        )
        for key, unit, name, short, title, phone in columns
    )


def papers(asked: Asked) -> Matches:
    """Meeting papers in sight, newest first; sight is asked only of those whose names fit."""
    rows: Rows = Document.objects.order_by("-added_at")
    if asked.as_of is not None:
        rows = rows.filter(added_at__lt=end_of(asked.as_of))
    columns = rows.values_list("pk", "public_id", "title", "filename", "added_at")
    fitting = {
        pk: (
            asked.rank_of(title, filename),
            Hit(Kind.PAPER, key, title, note=f"{filename} · {timezone.localtime(at):%Y-%m-%d}"),
        )
        for pk, key, title, filename, at in columns
        if asked.rank_of(title, filename) is not None
    }
    if not fitting or sees_district(asked.standing):
        return told(fitting.values())
    seen = Document.objects.filter(documents_in_sight(asked.standing), pk__in=fitting)
    kept = set(seen.values_list("pk", flat=True))
    return told(pair for pk, pair in fitting.items() if pk in kept)


def ledgers(asked: Asked) -> Matches:
    """Imported ledgers whose import the officer may open, newest first."""
    rows: Rows = Batch.objects.filter(batches_in_sight(asked.standing), document=None)
    if asked.as_of is not None:
        rows = rows.filter(made_at__lt=end_of(asked.as_of))
    columns = rows.order_by("-made_at").values_list(
        "public_id", "workbook__filename", "state", "made_at"
    )
    return told(
        (
            asked.rank_of(name),
            Hit(
                Kind.LEDGER,
                key,
                name,
                note=f"{BatchState(state).label} · {timezone.localtime(at):%Y-%m-%d}",
            ),
        )
        for key, name, state, at in columns
    )
