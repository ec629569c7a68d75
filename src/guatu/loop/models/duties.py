"""The duty account: duties, what was reported, what was claimed, and extensions."""

import datetime as dt

from django.db import models

from guatu.loop.enums import (
    OPEN_STATES,
    ClaimState,
    DutySource,
    DutyState,
    ExtensionState,
    Strength,
)
from guatu.loop.models.targets import Quota
from guatu.loop.models.timetable import Activity
from guatu.register.enums import Domain
from guatu.register.keys import uuid7
from guatu.register.models import Document, Evidence, Officer, Organisation, Post, Quote, Subject
from guatu.register.versions import SPELT, Versioned, version_of


class DutyFacts:
    """What a duty and its past states tell about themselves."""

    state: str
    due: dt.date | None
    given_on: dt.date | None
    submitted_on: dt.date | None

    @property
    def cycle(self) -> dt.date | None:
        """Day by which the ladder knows the term that runs, as `engines.escalation.Term.cycle`.

        `escalation.causes.of_cycle` says the same in SQL.
        """
        if self.due is None or self.given_on is None:
            return self.due
        return max(self.due, self.given_on)

    @property
    def review_since(self) -> dt.date | None:
        """Campaign day since which it waits for its review; None while it does not.

        None as well for what was put up before that day was kept.
        """
        return self.submitted_on if self.state == DutyState.REVIEW else None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody must still act: issued, not paused, not closed."""
        return self.state in OPEN_STATES


class Duty(DutyFacts, Versioned):
    """Who owes what by when, from where, and how it stands.

    ``kind`` names an entry of the dated rule ``duty.kinds``, which declares what closes it.
    ``due`` None means 待定, ``due_text`` keeps the words it came in. ``resume_state`` is where a
    paused duty returns to. ``progress`` repeats the words of the latest report that brought change.
    ``quota`` is the counted group that a duty of kind ``quota`` fills. ``given_on`` is the campaign
    day on which, after it was issued, whoever owes it now was made to; see `giving.given_day`.
    ``submitted_on`` is the campaign day on which it was last put up for review. ``outside_number``
    is what the ledger it stands in calls it; two ledgers may use the same.
    """

    derived = SPELT
    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    outside_number = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="duties")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="duties"
    )
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, null=True, related_name="duties")
    title = models.CharField(max_length=300)
    initials = models.CharField(max_length=300, blank=True)
    what = models.TextField(blank=True)
    domain = models.CharField(max_length=20, choices=Domain.choices, blank=True)
    strength = models.CharField(max_length=12, choices=Strength.choices, blank=True)
    source = models.CharField(max_length=12, choices=DutySource.choices)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="duties"
    )
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="duties")
    owner_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="duties"
    )
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="duties")
    leader_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="led_duties"
    )
    due = models.DateField(null=True, db_index=True)
    due_text = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=DutyState.choices, default=DutyState.DRAFT)
    resume_state = models.CharField(max_length=12, choices=DutyState.choices, blank=True)
    returned_reason = models.TextField(blank=True)
    progress = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    given_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due"], name="duty_state_due"),
            models.Index(fields=["owner_post", "state"], name="duty_post_state"),
            models.Index(fields=["leader_post", "state"], name="duty_leader_state"),
            models.Index(fields=["owner_unit", "state"], name="duty_unit_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=DutyState.DRAFT)
                | models.Q(owner_post__isnull=False)
                | models.Q(owner_unit__isnull=False),
                name="issued_duty_has_owner",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DutyState.CLOSED) | models.Q(closed_on__isnull=False),
                name="closed_duty_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


DutyVersion = version_of(Duty, DutyFacts)


class CoOwner(Versioned):
    """A unit or post that helps with a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="co_owners")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "post"],
                condition=models.Q(ended=False, post__isnull=False),
                name="co_owner_post_once",
            ),
            models.UniqueConstraint(
                fields=["duty", "unit"],
                condition=models.Q(ended=False, post=None),
                name="co_owner_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.post or self.unit)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.duty.subject_id


CoOwnerVersion = version_of(CoOwner)


class Report(models.Model):
    """One report on a duty: change in words, or 无变化. Never changed afterwards.

    ``supplement`` marks what a co-owner added: it does not speak for the owner. ``affirmed`` keeps
    the words a 无变化 affirmed; ``planned`` what was planned for that day; ``blocker`` names what
    the report says stands in the way.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="reports")
    blocker = models.ForeignKey(
        "loop.Blocker", on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    changed = models.BooleanField()
    supplement = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    affirmed = models.TextField(blank=True)
    planned = models.TextField(blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    business_date = models.DateField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(changed=False) | ~models.Q(text=""),
                name="a_change_is_told",
            )
        ]

    def __str__(self) -> str:
        return self.text or "无变化"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.duty.subject_id


class Claim(Versioned):
    """What a report asserts as achieved; hatched until supported by evidence and accepted."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="claims")
    text = models.CharField(max_length=300)
    closes = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ClaimState.choices, default=ClaimState.PENDING)
    reviewer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    opinion = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.report.duty.subject_id


ClaimVersion = version_of(Claim)


class ClaimEvidence(models.Model):
    """A piece of evidence supporting a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="supports")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="claims")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "evidence"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.claim}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.claim.subject_id


class Extension(Versioned):
    """A request for a later due date, and the decision on it. One pending at a time.

    Who asked never decides.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="extensions")
    from_due = models.DateField(null=True)
    to_due = models.DateField()
    reason = models.TextField()
    state = models.CharField(
        max_length=12, choices=ExtensionState.choices, default=ExtensionState.PENDING
    )
    opinion = models.TextField(blank=True)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True)
    asked_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=models.Q(state=ExtensionState.PENDING),
                name="one_pending_extension",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_due} → {self.to_due}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.duty.subject_id


ExtensionVersion = version_of(Extension)
