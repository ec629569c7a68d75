"""What the page of one paper shows: a window of its text and the drafts in text order."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, QuerySet

from guatu.campaign.reading.passages import Line, Span, cut
from guatu.campaign.reading.proposals import OF_DRAFT, current_values
from guatu.campaign.reading.stated import stage_stated
from guatu.loop.enums import Strength
from guatu.loop.models import Duty
from guatu.register.enums import Domain, DraftKind, DraftState, Verdict
from guatu.register.models import Batch, Document, Draft, Organisation, Post, Subject
from guatu.register.recording import Json
from guatu.register.versions import end_of

Row = TypeVar("Row", Organisation, Post, Subject, Draft)

SURE = 0.5
A_PAGE = 150
"""Drafts on one page: the whole of an ordinary paper, a part of a very long one."""


@dataclass(frozen=True)
class Card:
    """A draft with the names behind the keys of its values, and the duty it became."""

    draft: Draft
    values: dict[str, Json]
    owner_unit: Organisation | None
    owner_post: Post | None
    leader_post: Post | None
    co_owners: tuple[Organisation, ...]
    about: str
    about_is_new: bool
    duty: Duty | None
    alike: Subject | None = None
    """The project of the ledger this one may be, while accepting would link to it."""

    names_unsure: bool = False
    """Whether what it is about is a new name that was read without certainty."""

    @property
    def unsure(self) -> bool:
        """Whether a new name was read without certainty, here or in what it is about."""
        return is_unsure(self.draft) or self.names_unsure

    @property
    def helpers_unknown(self) -> list[str]:
        """Units the paper names as helpers, while nobody chose others and not all are known."""
        named, known = (self.draft.payload.get(n) or [] for n in ("co_owners", "co_owner_units"))
        return [] if "co_owners" in self.draft.edits or len(named) == len(known) else named

    @property
    def edited(self) -> bool:
        """Whether a person changed what was read."""
        return bool(self.draft.edits)

    @property
    def stage_words(self) -> str:
        """Stage as accepting records it, with the paper's words where it only wishes for more."""
        stage, action = (str(self.draft.payload.get(name) or "") for name in ("stage", "action"))
        if not stage_stated(stage, action, str(self.values["strength"] or "")):
            return ""
        wished = self.strength_name and self.values["strength"] != Strength.ENSURE
        return f"{stage}（文中为「{action}」）" if wished else stage

    @property
    def strength_name(self) -> str:
        """Strength in Chinese, empty when the paper gives none."""
        return dict(Strength.choices).get(str(self.values["strength"]), "")

    @property
    def domain_name(self) -> str:
        """Domain in Chinese, empty when unknown."""
        return dict(Domain.choices).get(str(self.values["domain"]), "")


@dataclass(frozen=True)
class Choice:
    """A filter with how many drafts it keeps."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Reading:
    """One page of a reading."""

    lines: list[Line]
    cards: list[Card]
    kinds: list[Choice]
    states: list[Choice]
    page: int
    pages: int
    pending: int
    total: int


def is_unsure(draft: Draft) -> bool:
    """Whether a name was read that the reader holds hardly likelier than none.

    The bound was set by the labelled papers: of the names below it a third is none, above it one
    in twenty.
    """
    new = draft.state == DraftState.PENDING and draft.verdict == Verdict.NEW
    score = draft.payload.get("score")
    return new and score is not None and not draft.edits and float(str(score)) < SURE


def reading_of(
    batch: Batch,
    *,
    kind: str = "",
    state: str = "",
    page: int = 1,
    quoted: tuple[int, int] | None = None,
    as_of: dt.date | None = None,
) -> Reading:
    """Collect one page; a constant number of queries however many drafts there are.

    With ``quoted`` the page is the one its passage stands on; with ``as_of`` what was decided
    after that day is still pending.
    """
    document = _document(batch)
    spans = list(batch.drafts.values_list("order", "quote__start").order_by("order"))
    pages = max(1, -(-len(spans) // A_PAGE))
    if quoted is not None:
        page = sum(1 for _, start in spans if start is not None and start < quoted[0]) // A_PAGE + 1
    page = min(max(1, page), pages)
    first, last = (page - 1) * A_PAGE, page * A_PAGE
    orders = [order for order, _ in spans[first:last]]
    window = _window(document, spans, first, last)
    on_page = [_as_known(draft, as_of) for draft in _on_page(batch, orders)]
    shown = [d for d in on_page if kind in {"", d.kind} and state in {"", d.state}]
    return Reading(
        lines=cut(document.text, _spans(batch, on_page, window), window, quoted),
        cards=cards_of(shown),
        kinds=_choices(batch, "kind", DraftKind),
        states=[] if as_of else state_counts(batch),
        page=page,
        pages=pages,
        pending=batch.drafts.filter(state=DraftState.PENDING).count(),
        total=len(spans),
    )


def text_of(document: Document, batch: Batch | None, quoted: tuple[int, int] | None) -> list[Line]:
    """The paper for those who may read but not decide: its text around the quote, kinds marked."""
    window = (0, len(document.text))
    spans = [] if batch is None else _spans(batch, _on_page(batch, None), window)
    plain = [Span(span.start, span.end, span.kind) for span in spans]
    return cut(document.text, plain, window, quoted)


def cards_of(drafts: Sequence[Draft]) -> list[Card]:
    """Resolve the keys of many drafts at once; five queries."""
    values = [current_values(draft) for draft in drafts]
    units = _by_key(
        Organisation.objects.all(),
        (key for v in values for key in (v["owner_unit"], *_list(v["co_owners"]))),
    )
    posts = _by_key(
        Post.objects.select_related("organisation"),
        (v[name] for v in values for name in ("owner_post", "leader_post")),
    )
    subjects = _by_key(Subject.objects.all(), (v["subject"] for v in values))
    named = _by_key(Draft.objects.all(), (_draft_key(v["subject"]) for v in values))
    quotes = [d.quote_id for d in drafts if d.quote_id and d.state == DraftState.ACCEPTED]
    duties = {duty.quote_id: duty for duty in Duty.objects.filter(quote_id__in=quotes)}
    cards = []
    for draft, value in zip(drafts, values, strict=True):
        other = named.get(_draft_key(value["subject"]))
        subject = subjects.get(str(value["subject"] or ""))
        about = str(other.payload["text"]) if other else str(subject or "")
        alike = subject if value["subject"] == draft.payload.get("alike") else None
        has_duty = draft.kind in {DraftKind.COMMITMENT, DraftKind.QUANTITY}
        cards.append(
            Card(
                draft=draft,
                values=value,
                owner_unit=units.get(str(value["owner_unit"])),
                owner_post=posts.get(str(value["owner_post"])),
                leader_post=posts.get(str(value["leader_post"])),
                co_owners=tuple(
                    units[str(key)] for key in _list(value["co_owners"]) if str(key) in units
                ),
                about=about,
                about_is_new=other is not None and other.state == DraftState.PENDING,
                duty=duties.get(draft.quote_id) if has_duty else None,
                alike=alike,
                names_unsure=other is not None and is_unsure(other),
            )
        )
    return cards


def state_counts(batch: Batch) -> list[Choice]:
    """How many drafts stand in which state."""
    return _choices(batch, "state", DraftState)


def quote_address(start: int, end: int) -> str:
    """Query and fragment that open a paper at a quote: ``{% url 'intake:paper' id %}`` + this."""
    return f"?q={start}-{end}#q{start}-{end}"


def _document(batch: Batch) -> Document:
    if batch.document is None:
        message = "this batch is not of a paper"
        raise ValueError(message)
    return batch.document


def _window(
    document: Document, spans: Sequence[tuple[int, int]], first: int, last: int
) -> tuple[int, int]:
    """Stretch of text that belongs to a page of drafts, cut at line starts."""
    text = document.text
    start = 0 if first == 0 else text.rfind("\n", 0, spans[first][1]) + 1
    end = len(text) if last >= len(spans) else text.rfind("\n", 0, spans[last][1]) + 1
    return (start, end if end > start else len(text))


def _as_known(draft: Draft, as_of: dt.date | None) -> Draft:
    """A draft as it stood on a past day; edits are kept only as they are now."""
    if as_of is not None and draft.decided_at is not None and draft.decided_at >= end_of(as_of):
        draft.state = DraftState.PENDING
        draft.subject = None
    return draft


def _on_page(batch: Batch, orders: list[int] | None) -> list[Draft]:
    drafts: QuerySet[Draft] = batch.drafts.select_related("quote", "subject", "officer", "batch")
    if orders is not None:
        if not orders:
            return []
        drafts = drafts.filter(order__gte=orders[0], order__lte=orders[-1])
    return list(drafts)


def _spans(batch: Batch, drafts: Sequence[Draft], window: tuple[int, int]) -> list[Span]:
    start, end = window
    drafted = [
        Span(d.quote.start, d.quote.end, d.kind, str(d.public_id)) for d in drafts if d.quote
    ]
    others = [
        Span(item["start"], item["end"], item["kind"])
        for item in batch.tables
        if item["start"] < end and item["end"] > start
    ]
    return drafted + others


def _choices(batch: Batch, field: str, names: type[DraftKind] | type[DraftState]) -> list[Choice]:
    counted = dict(batch.drafts.values_list(field).annotate(n=Count("id")).order_by())
    return [
        Choice(choice.value, str(choice.label), counted[choice.value])
        for choice in names
        if counted.get(choice.value)
    ]


def _by_key(rows: QuerySet[Row], keys: Iterable[Json]) -> dict[str, Row]:
    """Rows by the text of their public id; one query, none when nothing is named."""
    wanted = {str(key) for key in keys if key and _is_key(str(key))}
    if not wanted:
        return {}
    return {str(row.public_id): row for row in rows.filter(public_id__in=wanted)}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _draft_key(value: Json) -> str:
    text = str(value or "")
    return text.removeprefix(OF_DRAFT) if text.startswith(OF_DRAFT) else ""


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
