"""Figures by period, evidence and places."""

from django.db import models

from guatu.register.enums import Basis, EvidenceKind
from guatu.register.keys import uuid7
from guatu.register.models.campaigns import Indicator
from guatu.register.models.documents import SourceCell, StoredFile
from guatu.register.models.organisations import Officer, Organisation
from guatu.register.models.subjects import Subject


class Place(models.Model):
    """A named location, of a subject or by itself; coordinates are WGS 84 degrees or unknown."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, null=True, related_name="places")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    street = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    area_m2 = models.DecimalField(max_digits=18, decimal_places=6, null=True)

    def __str__(self) -> str:
        return self.name


class Observation(models.Model):
    """One figure of one subject for one period, as one source gave it at one time.

    A later ``vintage`` supersedes, never overwrites. ``value`` None = known to be missing.
    ``period`` is ``2025``, ``2025Q1``, ``2025-03`` or ``2025-01/02``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="observations")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=12)
    basis = models.CharField(max_length=12, choices=Basis.choices)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    source = models.CharField(max_length=200)
    cell = models.ForeignKey(SourceCell, on_delete=models.SET_NULL, null=True, related_name="+")
    vintage = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "indicator", "period", "vintage"], name="observation_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}{self.period}={self.value}"


class Evidence(models.Model):
    """A file that can support claims; ``taken_at`` and ``where`` as far as known."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(max_length=200)
    taken_at = models.DateTimeField(null=True)
    where = models.CharField(max_length=200, blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}:{self.title}"
