"""Visits of leaders (督帮): where they went, what they found, what came of it."""

from django.db import models
from django.db.models import Q

from guatu.loop.models.blockers import Blocker
from guatu.loop.models.duties import Duty
from guatu.register.keys import uuid7
from guatu.register.models import Evidence, Officer, Organisation, Post, Subject
from guatu.register.versions import Versioned, version_of


class Visit(Versioned):
    """One round of a leader on one day. Its events hang on the campaign's ``subject``."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="rounds")
    on = models.DateField(db_index=True)
    leader_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="visits")
    note = models.TextField(blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | ~Q(withdrawn_reason=""),
                name="withdrawn_visit_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.leader_post}"


VisitVersion = version_of(Visit)


class Companion(Versioned):
    """A unit, or one of its posts, that went along."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="companions")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "post"],
                condition=Q(ended=False, post__isnull=False),
                name="companion_post_once",
            ),
            models.UniqueConstraint(
                fields=["visit", "unit"],
                condition=Q(ended=False, post=None),
                name="companion_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.post or self.unit)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.visit.subject_id


CompanionVersion = version_of(Companion)


class Finding(Versioned):
    """What a visit found at one project or firm; ``verdict`` is of the rule ``visit.verdicts``."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="findings")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="findings")
    text = models.TextField()
    verdict = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "subject"], name="finding_once_a_visit"),
            models.CheckConstraint(condition=~Q(text=""), name="finding_is_told"),
        ]

    def __str__(self) -> str:
        return self.text


FindingVersion = version_of(Finding)


class FindingEvidence(models.Model):
    """A picture or paper that shows what was found; always optional."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="shown_by")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="findings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "evidence"], name="finding_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.finding}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.finding.subject_id


class Outcome(models.Model):
    """What came of a finding: a duty somebody was charged with, or a blocker that was raised."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="outcomes")
    duty = models.OneToOneField(Duty, on_delete=models.CASCADE, null=True, related_name="outcome")
    blocker = models.OneToOneField(
        Blocker, on_delete=models.CASCADE, null=True, related_name="outcome"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__isnull=False, blocker=None) | Q(duty=None, blocker__isnull=False),
                name="outcome_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.duty or self.blocker)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.finding.subject_id
