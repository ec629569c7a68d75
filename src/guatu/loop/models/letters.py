"""Letters of the campaign (两函一单): the record; a docx or a print is only an export of it."""

from django.db import models
from django.db.models import Q

from guatu.loop.enums import (
    OWED_STATES,
    UNDELIVERED_STATES,
    UNSIGNED_STATES,
    BlockerState,
    DutyState,
    LetterState,
)
from guatu.loop.models.blockers import Blocker
from guatu.loop.models.duties import Duty
from guatu.loop.models.escalation import EscalationStep
from guatu.register.keys import uuid7
from guatu.register.models import Evidence, Officer, Organisation, Post, Subject
from guatu.register.versions import SPELT, Versioned, version_of

DELIVERED = (*OWED_STATES, LetterState.ANSWERED, LetterState.CLOSED)


class LetterFacts:
    """What a letter and its past states tell about themselves."""

    state: str
    duty: Duty | None
    blocker: Blocker | None
    step: EscalationStep | None
    body: str
    reply_words: str
    attachments: str

    @property
    def is_signed(self) -> bool:
        """Tell whether the letter has been signed, and so has a number."""
        return self.state not in UNSIGNED_STATES

    @property
    def is_overtaken(self) -> bool:
        """Tell whether nobody has got it yet and its cause is no longer as it was drafted."""
        return bool(self.overtaken)

    @property
    def cause_is_over(self) -> bool:
        """Tell whether nobody has got it yet and what it is about is closed for good."""
        if self.state not in UNDELIVERED_STATES:
            return False
        if self.blocker is not None:
            return not self.blocker.is_open
        return self.duty is not None and self.duty.state == DutyState.CLOSED

    @property
    def overtaken(self) -> str:
        """Say what became of its cause since it was drafted, as long as nobody has got it yet."""
        duty = self.duty
        if self.cause_is_over:
            if self.blocker is not None:
                return f"所涉堵点{BlockerState(self.blocker.state).label}"
            return f"所涉事项已于 {duty.closed_on} 办结" if duty is not None else ""
        if self.state not in UNDELIVERED_STATES or duty is None or self.step is None:
            return ""
        if not duty.is_open:
            return f"所涉事项{DutyState(duty.state).label}"
        if duty.cycle == self.step.cycle:
            return ""
        given = duty.given_on is not None and duty.cycle == duty.given_on
        return "所涉事项已改派" if given else f"所涉事项期限已改为 {duty.due or '待定'}"

    @property
    def is_owed(self) -> bool:
        """Tell whether the addressee still has to answer."""
        return self.state in OWED_STATES

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """正文 by paragraph, the request for a reply last."""
        lines = [line for line in self.body.split("\n") if line.strip()]
        return (*lines, self.reply_words) if self.reply_words else tuple(lines)

    @property
    def enclosures(self) -> tuple[str, ...]:
        """Names of what is enclosed, one a line."""
        return tuple(line for line in self.attachments.split("\n") if line.strip())


class Letter(LetterFacts, Versioned):
    """One letter: who asks whom for what, whose signature it bears, and what came back.

    ``kind`` names an entry of the dated rule ``letter.kinds``. ``number`` is given when it is
    signed, never before and never again: within kind and ``number_year`` numbers have no gaps, and
    that of a void letter stays taken. ``addressed_to`` and ``copied_to`` (one a line) keep the
    names as they were when it was signed. ``reply_days`` are working days from ``sent_on``;
    ``reply_due`` is worked out on that day. ``by_rule``: drafted by the ladder, not by hand, for
    the ``step`` that suggested it; a step has one letter at most. The cause is ``duty`` or
    ``blocker``, or ``subject`` alone.
    """

    derived = SPELT
    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.DRAFT)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="letters")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="letters")
    blocker = models.ForeignKey(
        Blocker, on_delete=models.PROTECT, null=True, related_name="letters"
    )
    by_rule = models.BooleanField(default=False)
    step = models.ForeignKey(
        EscalationStep, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    issuer = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    initials = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    reply_words = models.CharField(max_length=200, blank=True)
    closing = models.CharField(max_length=60, blank=True)
    attachments = models.TextField(blank=True)
    addressee_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="letters"
    )
    addressee_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="letters"
    )
    addressed_to = models.CharField(max_length=120, blank=True)
    copied_to = models.TextField(blank=True)
    drafter = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    drafted_on = models.DateField()
    returned_reason = models.TextField(blank=True)
    signer_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="letters_to_sign"
    )
    signer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_on = models.DateField(null=True)
    number_year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True)
    reply_days = models.PositiveSmallIntegerField(null=True)
    reply_due = models.DateField(null=True, db_index=True)
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    reply_post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    replied_on = models.DateField(null=True)
    reply_returned = models.TextField(blank=True)
    opinion = models.TextField(blank=True)
    closed_on = models.DateField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "reply_due"], name="letter_state_due"),
            models.Index(fields=["signer_post", "state"], name="letter_signer_state"),
            models.Index(fields=["addressee_unit", "state"], name="letter_unit_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number_year", "number"], name="letter_number_once"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="letter_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=UNSIGNED_STATES,
                    number=None,
                    number_year=None,
                    reference="",
                    signed_on=None,
                    sent_on=None,
                )
                | (
                    ~Q(state__in=UNSIGNED_STATES)
                    & ~Q(reference="")
                    & Q(
                        number__isnull=False,
                        number_year__isnull=False,
                        signed_on__isnull=False,
                        signer_post__isnull=False,
                    )
                ),
                name="letter_number_means_signed",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(step__isnull=False), name="letter_once_a_step"
            ),
            models.CheckConstraint(
                condition=Q(duty=None) | Q(blocker=None), name="letter_about_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DELIVERED) | Q(sent_on__isnull=False),
                name="letter_delivered_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.code} {self.title}"


LetterVersion = version_of(Letter, LetterFacts)


class LetterCopy(Versioned):
    """A unit, or one of its posts, that gets a copy (抄送)."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="copies")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "post"],
                condition=Q(ended=False, post__isnull=False),
                name="copy_post_once",
            ),
            models.UniqueConstraint(
                fields=["letter", "unit"],
                condition=Q(ended=False, post=None),
                name="copy_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.post or self.unit)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.letter.subject_id


LetterCopyVersion = version_of(LetterCopy)


class Receipt(models.Model):
    """Who acknowledged a letter, in which post and when. Never changed afterwards.

    ``copied`` tells that it was the copy that was read.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="receipts")
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    copied = models.BooleanField(default=False)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "officer"], name="receipt_once_an_officer")
        ]

    def __str__(self) -> str:
        return f"{self.officer}：{self.letter}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.letter.subject_id


class LetterEvidence(models.Model):
    """A piece of evidence sent along with a reply."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="supports")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="letters")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "evidence"], name="letter_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.letter}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.letter.subject_id
