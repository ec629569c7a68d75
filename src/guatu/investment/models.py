"""Projects and the stage paths they follow. Stages, nodes, categories and paths are data."""

from django.db import models

from guatu.register.enums import RuleStatus
from guatu.register.keys import uuid7
from guatu.register.models import Subject
from guatu.register.versions import Versioned, version_of


class Stage(models.Model):
    """One of the province's five stages; ``words`` are what ledgers call it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(unique=True)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)
    source = models.CharField(max_length=300, blank=True)
    words = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Node(models.Model):
    """One of the province's twenty nodes."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="nodes")
    order = models.PositiveSmallIntegerField(unique=True)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """What sort of project it is; decides its path: a school has no 签约, a road ends at 通车.

    ``words`` are what ledgers call it.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(unique=True)
    words = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class PathStep(models.Model):
    """A node on a category's path: its name there, and what its stage needs to end.

    A stage ends when its ``gate`` nodes are finished and every project field its steps name in
    ``required`` is known. A node can be finished before that: what happened is recorded as it was.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="steps")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField()
    gate = models.BooleanField(default=False)
    required = models.JSONField(default=list)

    class Meta:
        ordering = ["category_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["category", "node"], name="step_once_a_category")
        ]

    def __str__(self) -> str:
        return self.name


class Project(Versioned):
    """A project of the ledger. Money in 万元; everything unknown is None or empty.

    ``stage`` None = 未知. ``stage_said`` keeps the words of the source. ``starred`` is
    the ledger's ★.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="project")
    name = models.CharField(max_length=300)
    short_names = models.JSONField(default=list)
    gbt_code = models.CharField(max_length=40, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, related_name="projects"
    )
    nature = models.CharField(max_length=20, blank=True)
    content = models.TextField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    total_wan = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    year_plan_wan = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    start_text = models.CharField(max_length=60, blank=True)
    start_on = models.DateField(null=True)
    finish_on = models.DateField(null=True)
    investor = models.CharField(max_length=200, blank=True)
    investment_type = models.CharField(max_length=40, blank=True)
    funding = models.CharField(max_length=300, blank=True)
    land_certificate = models.CharField(max_length=80, blank=True)
    land_state = models.CharField(max_length=120, blank=True)
    progress = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="projects")
    stage_said = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=120, blank=True)
    starred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total_wan=None) | models.Q(total_wan__gte=0),
                name="project_total_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(start_on=None)
                | models.Q(finish_on=None)
                | models.Q(finish_on__gte=models.F("start_on")),
                name="project_finishes_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


ProjectVersion = version_of(Project)


class MonthlyImage(Versioned):
    """What a project is to look like at the end of a month (``2025-03``), in words."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="images")
    month = models.CharField(max_length=7)
    words = models.TextField()

    class Meta:
        ordering = ["subject_id", "month"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "month"], name="image_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.words}"


MonthlyImageVersion = version_of(MonthlyImage)
