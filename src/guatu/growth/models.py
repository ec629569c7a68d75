"""What hangs on a firm: consents, the ground of each figure, specialists, marks, account plans.

Purposes and marks are codes of the dated rules ``firm.…``. The figures themselves are observations.
"""

from django.db import models
from django.db.models import F, Q

from guatu.growth.enums import ConsentBasis, Provider
from guatu.loop.models import Duty
from guatu.register.keys import uuid7
from guatu.register.models import Evidence, Observation, Officer, Organisation, Post, Subject
from guatu.register.versions import Versioned, version_of


class Consent(Versioned):
    """What a firm agreed to, or the lawful basis that stands in its place.

    ``given_by`` is who agreed for the firm, or the name of the law or source; ``document`` the
    title or number of the paper. ``purposes`` are codes of ``firm.purposes``. From ``withdrawn_on``
    the figures that rest on it are shown to nobody.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="consents")
    basis = models.CharField(max_length=12, choices=ConsentBasis.choices)
    given_by = models.CharField(max_length=200)
    document = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    purposes = models.JSONField(default=list)
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "withdrawn_on"], name="consent_living")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("on")),
                name="consent_withdrawn_after_given",
            ),
            models.CheckConstraint(condition=~Q(given_by=""), name="consent_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.given_by}"


ConsentVersion = version_of(Consent)


class ConsentEvidence(models.Model):
    """A paper that shows a consent was given, as signed or published; always optional."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="shown_by")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="consents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "evidence"], name="consent_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.consent}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.consent.subject_id


class Provision(models.Model):
    """On what one figure of a firm rests: who gave it, for what, by which consent.

    Written once with its figure and never changed; a figure on another ground is a new figure.
    """

    observation = models.OneToOneField(
        Observation, on_delete=models.CASCADE, related_name="provision"
    )
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=12, choices=Provider.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    purpose = models.CharField(max_length=40)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="provisions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(provider=Provider.DEPARTMENT) | Q(organisation__isnull=False),
                name="department_is_named",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="provision_has_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()}:{self.purpose}"


class Service(Versioned):
    """Which post serves a firm as its specialist (专员), from when to when, and why it changed."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="services")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="services")
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(until=None), name="one_specialist_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="service_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}:{self.subject}"


ServiceVersion = version_of(Service)


class Mark(Versioned):
    """What a firm is to the campaign: 压舱石, or what it is cultivated for; with its source."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="marks")
    mark = models.CharField(max_length=40)
    goal = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    since = models.DateField()
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "mark"], condition=Q(ended_on=None), name="mark_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="mark_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}:{self.mark}"


MarkVersion = version_of(Mark)


class AccountPlan(Versioned):
    """一企一策: what is aimed at for a firm in a year; its measures are duties."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="account_plans")
    year = models.PositiveSmallIntegerField()
    aims = models.TextField()
    leader_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "year"], name="plan_once_a_year"),
            models.CheckConstraint(condition=~Q(aims=""), name="plan_has_aims"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.year} 年一企一策"


AccountPlanVersion = version_of(AccountPlan)


class Measure(models.Model):
    """A measure of an account plan: the duty that carries it out."""

    plan = models.ForeignKey(AccountPlan, on_delete=models.CASCADE, related_name="measures")
    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="measure")

    def __str__(self) -> str:
        return self.duty.title

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.plan.subject_id
