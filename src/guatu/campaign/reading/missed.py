"""Numbered decisions of minutes out of which no promise was read: told, and drafted by hand."""

from dataclasses import dataclass

from django.db.models import F

from guatu.engines.intake.paper.entries import entries
from guatu.register.enums import DraftKind
from guatu.register.models import Batch, Draft, Quote

FAR = 1_000_000
"""Orders are moved by way of numbers no paper reaches, for each is given once."""


@dataclass(frozen=True)
class Missed:
    """One numbered entry: the number as written, its words and where they stand."""

    number: str
    words: str
    start: int
    end: int


def missed_in(batch: Batch) -> list[Missed]:
    """Numbered entries of a paper that no draft of a promise quotes, in text order; one query."""
    document = batch.document
    if document is None:
        return []
    promised = Draft.objects.filter(batch=batch, kind=DraftKind.COMMITMENT, quote__isnull=False)
    quotes = list(promised.values_list("quote__start", "quote__end"))
    return [
        Missed(one.number, document.text[one.start : one.end], one.start, one.end)
        for one in entries(document.text)
        if not any(start < one.end and one.start < end for start, end in quotes)
    ]


def drafted_by_hand(batch: Batch, entry: Missed) -> Draft:
    """Save the draft of an entry among those of its paper, in text order.

    The day is taken where the paper states one; who owes it is for a person to say.
    """
    quote, _ = Quote.objects.get_or_create(
        document=batch.document,
        start=entry.start,
        end=entry.end,
        defaults={"text": entry.words},
    )
    dates = [
        item
        for item in batch.tables
        if item["kind"] == "date" and entry.start <= item["start"] and item["end"] <= entry.end
    ]
    due = next((item for item in reversed(dates) if item["attrs"].get("by")), None)
    inside = batch.drafts.filter(quote__start__gte=entry.start, quote__end__lte=entry.end)
    named = inside.filter(kind__in=[DraftKind.PROJECT, DraftKind.ENTERPRISE])
    return Draft.objects.create(
        batch=batch,
        order=_room(batch, entry.start),
        kind=DraftKind.COMMITMENT,
        action="add_duty",
        payload={
            "text": entry.words,
            "due": due["attrs"]["by"] if due else None,
            "due_text": due["text"][:60] if due else "",
            "named": [str(key) for key in named.values_list("public_id", flat=True)],
            "by_hand": True,
        },
        quote=quote,
    )


def _room(batch: Batch, start: int) -> int:
    """Make room for one draft before those that stand later in the text; its order."""
    later = batch.drafts.filter(quote__start__gt=start).order_by("order").first()
    last = batch.drafts.order_by("order").last()
    if later is None:
        return last.order + 1 if last else 0
    order = later.order
    batch.drafts.filter(order__gte=order).update(order=F("order") + FAR)
    batch.drafts.filter(order__gte=FAR).update(order=F("order") - FAR + 1)
    return order
