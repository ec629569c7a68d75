"""Letters as screens need them: their light, what they need, their page, their place on a desk."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    DateField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from guatu.engines.official import OfficialPaper
from guatu.loop.enums import OWED_STATES, Colour, LetterState
from guatu.loop.letter_kinds import BY_BLOCKER, BY_DUTY, CLOSED_BY, LetterKind, kinds_on
from guatu.loop.models import Letter, LetterCopy, LetterEvidence, Receipt, Urge
from guatu.loop.queries.duties import LAMP_RANKS, DutyLamp
from guatu.loop.queries.letter_sight import LetterRow, letter_key, letters_in_sight
from guatu.loop.queries.sight import DutyRow, identity
from guatu.loop.queries.urged import letters_urged, urges_on
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.register.enums import Role
from guatu.register.models import Event, Evidence, Organisation, Post
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rules_on
from guatu.register.versions import end_of, rows_as_of

UNSIGNED_MARK = "草稿，未签发"
VOID_MARK = "已作废"
HISTORY_SHOWN = 100
LAMP = "lamp.letter"
"""Rule of the light of the reply owed."""
ENDED_RANK = 4
ENDED = (LetterState.CLOSED, LetterState.WITHDRAWN, LetterState.VOID)
NAMED = (
    "subject",
    "duty",
    "blocker",
    "step",
    "addressee_unit",
    "addressee_post__organisation",
    "signer_post__organisation",
    "signer",
    "drafter",
    "replied_by",
    "reply_post__organisation",
)


def letter_lamp(letter: LetterRow, rule: Holding, today: dt.date) -> DutyLamp:
    """Compute the light of the reply owed, from the dated rule ``lamp.letter``.

    The same boundaries as :func:`with_lamp`; ``days`` counts to the due day, negative when late.
    """
    due = letter.reply_due if letter.is_owed else None
    days = None if due is None else (due - today).days
    colour, words = _judge(letter, days, rule)
    reason = {
        "rule": rule.cited(),
        "due": due.isoformat() if due else None,
        "today": today.isoformat(),
        "words": words,
    }
    return DutyLamp(colour, days, reason)


def _judge(letter: LetterRow, days: int | None, rule: Holding) -> tuple[Colour, str]:
    if not letter.is_owed:
        return Colour.UNRATED, f"{LetterState(letter.state).label}，不亮灯"
    if days is None:
        return Colour.UNRATED, "不要求回复，不亮灯"
    late, near = rule.value["red_from_days_late"], rule.value["amber_within_days"]
    if days <= -late:
        words = f"应于 {letter.reply_due} 前回复，已逾期 {-days} 天（逾期满 {late} 天亮红灯）"
        return Colour.RED, words
    left = f"还有 {days} 天" if days else "今天到期"
    if days <= near:
        return Colour.AMBER, f"回复期限{left}（到期前 {near} 天内亮黄灯）"
    return Colour.GREEN, f"回复期限{left}（到期前 {near} 天以上亮绿灯）"


def with_lamp(rows: QuerySet[LetterRow], rule: Holding, today: dt.date) -> QuerySet[LetterRow]:
    """Annotate ``lamp_rank`` (0 red … 3 未评, 4 ended), ``lamp_colour`` and ``lamp_today``."""
    late = today - dt.timedelta(days=rule.value["red_from_days_late"])
    near = today + dt.timedelta(days=rule.value["amber_within_days"])
    unrated = ~Q(state__in=OWED_STATES) | Q(reply_due=None)
    steps = (
        (unrated, Colour.UNRATED),
        (Q(reply_due__lte=late), Colour.RED),
        (Q(reply_due__lte=near), Colour.AMBER),
    )
    return rows.annotate(
        lamp_rank=Case(
            When(state__in=ENDED, then=Value(ENDED_RANK)),
            *(When(condition, then=Value(LAMP_RANKS[colour])) for condition, colour in steps),
            default=Value(LAMP_RANKS[Colour.GREEN]),
            output_field=IntegerField(),
        ),
        lamp_colour=Case(
            *(When(condition, then=Value(colour.value)) for condition, colour in steps),
            default=Value(Colour.GREEN.value),
            output_field=CharField(),
        ),
        lamp_today=Value(today, DateField()),
    )


def with_names(rows: QuerySet[LetterRow]) -> QuerySet[LetterRow]:
    """Join what a row of a letter names."""
    return rows.select_related(*NAMED)


def copies_of(letter: LetterRow, as_of: dt.date | None = None) -> list[LetterCopy]:
    """Copies in protocol order."""
    rows = rows_as_of(LetterCopy, as_of).filter(letter_id=letter_key(letter), ended=False)
    named = rows.select_related("unit", "post__organisation")
    return list(named.order_by("unit__order_path", "post__rank", "pk"))


def recipient(unit: Organisation, post: Post | None) -> str:
    """Name on a paper of whom it goes to: a leader by title, anybody else by the whole unit."""
    return post.title if post is not None and post.role == Role.LEADER else unit.name


def paper_of(letter: LetterRow, kind: LetterKind, copies: Iterable[LetterCopy]) -> OfficialPaper:
    """Build the paper as it is printed. Names are those of the day it was signed."""
    if letter.is_signed:
        addressee, names = letter.addressed_to, tuple(letter.copied_to.split("\n"))
    else:
        addressee = recipient(letter.addressee_unit, letter.addressee_post)
        names = tuple(recipient(copy.unit, copy.post) for copy in copies)
    mark = "" if letter.is_signed else UNSIGNED_MARK
    return OfficialPaper(
        layout=kind.layout,
        issuer=letter.issuer,
        title=letter.title,
        addressee=addressee,
        paragraphs=letter.paragraphs,
        closing=letter.closing,
        reference=letter.reference,
        mark=VOID_MARK if letter.state == LetterState.VOID else mark,
        attachments=letter.enclosures,
        day=letter.signed_on,
        copies=tuple(name for name in names if name),
        printed_on=letter.sent_on or letter.signed_on,
    )


@dataclass(frozen=True)
class LetterPage:
    """One letter with all that hangs on it."""

    letter: LetterRow
    kind: LetterKind
    lamp: DutyLamp
    paper: OfficialPaper
    copies: list[LetterCopy]
    receipts: list[Receipt]
    evidence: list[Evidence]
    events: list[Event]
    urge_rights: Holding
    urges: Sequence[Urge]

    @property
    def closing_words(self) -> str:
        """What closes it: what its kind declares, of a blocker or duty where it is about one."""
        about = {BY_BLOCKER: self.letter.blocker, BY_DUTY: self.letter.duty}
        words = [one for one in self.kind.closes_by if about.get(one, True)]
        return "；".join(CLOSED_BY.get(word, word) for word in words)


def find_letter(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> LetterRow | None:
    """Return the letter (or its state of a past day) when it is in sight, else None.

    It brings the urge that stands on it; see `urged.letters_urged`.
    """
    rows = letters_in_sight(standing, as_of).filter(public_id=public_id)
    return letters_urged(with_names(rows), as_of).first()


def kind_of(letter: LetterRow) -> LetterKind:
    """The kind as the rule declared it on the day the letter was drafted."""
    return kinds_on(letter.drafted_on)[letter.kind]


def letter_page(letter: LetterRow, today: dt.date, as_of: dt.date | None = None) -> LetterPage:
    """Collect the page; a constant number of queries."""
    day = as_of or today
    kind, copies = kind_of(letter), copies_of(letter, as_of)
    lamp, rights = rules_on((LAMP, URGE_RIGHTS), day)
    return LetterPage(
        letter=letter,
        kind=kind,
        lamp=letter_lamp(letter, lamp, day),
        paper=paper_of(letter, kind, copies),
        copies=copies,
        receipts=_receipts(letter, as_of),
        evidence=_evidence(letter, as_of),
        events=_events(letter, as_of),
        urge_rights=rights,
        urges=urges_on(as_of, letter_id=letter_key(letter)),
    )


def _receipts(letter: LetterRow, as_of: dt.date | None) -> list[Receipt]:
    rows = Receipt.objects.filter(letter_id=letter_key(letter))
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.select_related("officer", "post__organisation"))


def _evidence(letter: LetterRow, as_of: dt.date | None) -> list[Evidence]:
    rows = LetterEvidence.objects.filter(letter_id=letter_key(letter))
    if as_of is not None:
        rows = rows.filter(evidence__added_at__lt=end_of(as_of))
    return [row.evidence for row in rows.select_related("evidence__file").order_by("pk")]


def _events(letter: LetterRow, as_of: dt.date | None) -> list[Event]:
    rows = Event.objects.filter(model="loop.Letter", row=letter_key(letter))
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.select_related("officer").order_by("-at", "-id")[:HISTORY_SHOWN])


def letters_about(
    standing: Standing, duty: DutyRow, as_of: dt.date | None = None
) -> list[LetterRow]:
    """Letters in sight that a duty is the cause of, newest first."""
    rows = letters_in_sight(standing, as_of).filter(duty_id=identity(duty))
    return list(rows.order_by("-drafted_on", "-pk"))


def letters_about_blocker(
    standing: Standing, blocker: int, as_of: dt.date | None = None
) -> list[LetterRow]:
    """Letters in sight that a blocker is the cause of, newest first."""
    rows = letters_in_sight(standing, as_of).filter(blocker_id=blocker)
    return list(rows.order_by("-drafted_on", "-pk"))


def letter_evidence_in_sight(standing: Standing, public_id: uuid.UUID) -> Evidence | None:
    """Return a piece of evidence that came with a reply to a letter in sight, else None."""
    letters = letters_in_sight(standing).values("pk")
    found = Evidence.objects.filter(public_id=public_id, letters__letter__in=letters)
    return found.select_related("file").distinct().first()


def drafts_by_rule(standing: Standing, as_of: dt.date | None = None) -> QuerySet[LetterRow]:
    """Letters the ladder drafted that nobody has sent to be signed yet; the office's alone."""
    rows: QuerySet[LetterRow] = rows_as_of(Letter, as_of)
    if not standing.has(Role.OFFICE):
        return rows.none()
    return rows.filter(state=LetterState.DRAFT, by_rule=True)
