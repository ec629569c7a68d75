"""The campaign, its dated rules and its indicator dictionary."""

from django.db import models

from guatu.register.enums import RuleStatus
from guatu.register.models.organisations import Organisation
from guatu.register.models.subjects import Subject


class Campaign(models.Model):
    """The district's yearly campaign; one row an installation.

    ``pinned_date`` holds the business date still (the sample's); None follows the calendar.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="campaign")
    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    pinned_date = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """A dated rule: threshold, time limit, light boundary, vocabulary, with issuer and source.

    ``value`` is what the rule says; ``key`` names it in code. Two rules of one key never hold on
    one day in one region: the later ``valid_from`` wins.
    """

    key = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=160)
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    region = models.CharField(max_length=12, blank=True)
    issuer = models.CharField(max_length=160)
    number = models.CharField(max_length=120, blank=True)
    source = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "region", "valid_from"], name="rule_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.valid_from}起）"


class Indicator(models.Model):
    """One figure that is observed period by period: its name, unit and number of decimals."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    places = models.PositiveSmallIntegerField(default=2)
    description = models.TextField(blank=True)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
