"""Projects, the stage paths they follow, and how they came through the reserve.

Stages, nodes, categories and paths are data.
"""

from django.db import models
from django.db.models import Q

from guatu.investment.enums import IN_REVIEW, AdmissionState, OpinionVerdict, ReviewStep
from guatu.register.enums import RuleStatus
from guatu.register.keys import uuid7
from guatu.register.models import Officer, Post, Subject
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

    ``stage`` None = 未知, or not begun: in the reserve (see :class:`Admission`). ``stage_said``
    keeps the words of the source. ``starred`` is the ledger's ★. ``next_plan_wan`` is what the year
    after the one of its admission (``Admission.plan_year``) is planned to invest.
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
    operation_mode = models.CharField(max_length=120, blank=True)
    next_plan_wan = models.DecimalField(max_digits=18, decimal_places=6, null=True)
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


class Admission(Versioned):
    """How a project came into the reserve (储备项目库), and where it stands there.

    A reserve project *is* a :class:`Project`: name, content, unit, money and land are entered once
    and stay the same facts when it is built. What is different about it is only that it has not
    begun, so it has no stage of the province's five (they begin where the reserve ends) and this
    row beside it. A stage 「储备」 would have been a sixth stage in every path, gate and drawing; a
    table of reserve projects of their own a second copy of every fact, to be kept equal by hand.
    Lists and sums of projects leave it out until ``state`` is 已转实施; the record stays after.

    ``since``: day it came to stand as it does; ``reason`` why, where a reason was due. ``origin``
    is a code of the dated rule ``reserve.origins``. ``round`` counts submissions, 0 = none yet;
    the last was by ``submitted_by`` for ``submitted_post``, who never judge it. ``plan_year`` is
    the year 下年度计划投资 speaks of. ``resume_state``: where it stood when it was taken out.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="admission")
    state = models.CharField(
        max_length=12, choices=AdmissionState.choices, default=AdmissionState.IDEA
    )
    since = models.DateField()
    reason = models.TextField(blank=True)
    resume_state = models.CharField(max_length=12, choices=AdmissionState.choices, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    plan_year = models.PositiveSmallIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    submitted_on = models.DateField(null=True)
    submitted_by = models.ForeignKey(
        Officer, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    reserved_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="admission_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=IN_REVIEW) | Q(submitted_on__isnull=False, round__gt=0),
                name="admission_in_review_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=AdmissionState.REMOVED) | (~Q(resume_state="") & ~Q(reason="")),
                name="admission_removed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.subject.title


AdmissionVersion = version_of(Admission)


class AdmissionOpinion(models.Model):
    """One judgement on a submission: which step, verdict, words, by whom. Never changed.

    ``round`` is the submission, ``project_revision`` the state of the project that was judged.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(
        Subject, on_delete=models.CASCADE, related_name="admission_opinions"
    )
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12, choices=ReviewStep.choices)
    verdict = models.CharField(max_length=12, choices=OpinionVerdict.choices)
    words = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    project_revision = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "round", "step"], name="opinion_once_a_step"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=OpinionVerdict.RETURN) | ~Q(words=""),
                name="return_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}{self.get_verdict_display()}"
