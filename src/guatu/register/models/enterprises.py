"""Enterprises, their names over time and relations, and industry codes."""

from django.db import models

from guatu.register.enums import RuleStatus
from guatu.register.models.organisations import Organisation
from guatu.register.models.subjects import Subject
from guatu.register.versions import Versioned, version_of


class Industry(models.Model):
    """A class of GB/T 4754-2017: section letter or 2–4 digits.

    The district supplies the full file; what ships are the codes that rules use.
    """

    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Enterprise(Versioned):
    """A market entity. ``uscc`` is checked by GB 32100-2015, empty while unknown."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="enterprise")
    uscc = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=200)
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, null=True, related_name="+")
    legal_form = models.CharField(max_length=60, blank=True)
    street = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~models.Q(uscc=""), name="enterprise_uscc_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


EnterpriseVersion = version_of(Enterprise)


class EnterpriseName(Versioned):
    """A name an enterprise bore, in full or in short, from when to when as far as known."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200, db_index=True)
    short = models.BooleanField(default=False)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


EnterpriseNameVersion = version_of(EnterpriseName)


class EnterpriseRelation(models.Model):
    """``source`` branch_of / renamed_from / converted_from / spun_off_from ``target``."""

    class Kind(models.TextChoices):
        """How the one came from or belongs to the other."""

        BRANCH_OF = "branch_of", "分支机构"
        RENAMED_FROM = "renamed_from", "更名"
        CONVERTED_FROM = "converted_from", "转型"
        SPUN_OFF_FROM = "spun_off_from", "分立"

    source = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="related_by")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="relation_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="relation_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"
