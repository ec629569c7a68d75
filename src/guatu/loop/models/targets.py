"""The target account: targets with their parts by unit, and quotas with places to fill."""

from django.db import models

from guatu.loop.enums import Strength
from guatu.register.enums import Domain
from guatu.register.keys import uuid7
from guatu.register.models import Indicator, Organisation, Quote, SourceCell, Subject
from guatu.register.versions import Versioned, version_of


class Target(Versioned):
    """What is to be reached in a period: base and, where promised, stretch (力争超额).

    A target in words alone has ``base`` None; it is shown as such and never as zero. ``kind`` names
    one of the campaign's targets by its code in the rule ``target.kinds``; empty for what a paper
    only says. ``decomposed_at`` moves with every decomposition, so ``revision`` guards that too.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="targets"
    )
    title = models.CharField(max_length=300)
    domain = models.CharField(max_length=20, choices=Domain.choices, blank=True)
    strength = models.CharField(max_length=12, choices=Strength.choices, blank=True)
    period = models.CharField(max_length=12, blank=True)
    base = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    stretch = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    owner_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="targets"
    )
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="targets")
    kind = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=200, blank=True)
    cell = models.ForeignKey(SourceCell, on_delete=models.PROTECT, null=True, related_name="+")
    decomposed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"], condition=~models.Q(kind=""), name="target_kind_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="") | models.Q(base=None) | models.Q(base__gte=0),
                name="target_base_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="")
                | models.Q(base=None)
                | models.Q(stretch=None)
                | models.Q(stretch__gte=models.F("base")),
                name="target_stretch_above_base",
            ),
        ]

    def __str__(self) -> str:
        return self.title


TargetVersion = version_of(Target)


class TargetPart(Versioned):
    """What one unit is given of a target. Its figures are observations of ``subject``.

    Plan and stretch stand there under their own bases, by month and for the year; reported figures
    as figures of the month. ``ended``: the unit is no longer given anything; its figures stay.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="parts")
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="target_part")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="target_parts")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "unit"], name="target_part_once_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.target}·{self.unit}"


TargetPartVersion = version_of(TargetPart)


class Quota(models.Model):
    """A counted group in a paper: 9户亿元企业 = stated 9, some named, the rest to be filled."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    title = models.CharField(max_length=200)
    of = models.CharField(max_length=100)
    stated = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    domain = models.CharField(max_length=20, choices=Domain.choices, blank=True)
    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="quota")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class QuotaPlace(Versioned):
    """One of the counted: ``subject`` None is a place a person must still fill."""

    quota = models.ForeignKey(Quota, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveIntegerField()
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="quota_places"
    )

    class Meta:
        ordering = ["quota_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["quota", "number"], name="place_number_once"),
            models.UniqueConstraint(
                fields=["quota", "subject"],
                condition=models.Q(subject__isnull=False),
                name="place_subject_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quota} {self.number}"


QuotaPlaceVersion = version_of(QuotaPlace)
