"""Leads, what was said at each contact and comes next, and what was promised on which basis.

Stages, sources, tactics, ways and bases are codes of the dated rules ``lead.…``.
"""

from django.db import models
from django.db.models import Q

from guatu.loop.models import Duty, Notice
from guatu.register.keys import uuid7
from guatu.register.models import Enterprise, Industry, Officer, Post, Rule, Subject
from guatu.register.versions import Versioned, version_of


class Lead(Versioned):
    """A firm that may invest here, and how far it has come. Money in 万元; unknown is None.

    ``investor`` is the name as told, ``enterprise`` its entry in the register once there is one.
    ``stage_since`` is the day it came into its stage, ``stage_reason`` why, where a reason was due.
    ``progress`` repeats what a ledger said without a day. ``became`` is the project's subject.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="lead")
    name = models.CharField(max_length=300)
    investor = models.CharField(max_length=200, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, related_name="leads"
    )
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=40, blank=True)
    tactic = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=40)
    stage_since = models.DateField()
    stage_reason = models.TextField(blank=True)
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="leads")
    leader_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="led_leads"
    )
    content = models.TextField(blank=True)
    intended_wan = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    site = models.CharField(max_length=300, blank=True)
    first_on = models.DateField(null=True)
    progress = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    became = models.OneToOneField(
        Subject, on_delete=models.PROTECT, null=True, related_name="came_from"
    )

    class Meta:
        indexes = [models.Index(fields=["stage"], name="lead_stage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(intended_wan=None) | Q(intended_wan__gte=0),
                name="lead_investment_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


LeadVersion = version_of(Lead)


class FollowUp(Versioned):
    """One contact: when, how, by whom, with whom, what was said, and what comes next.

    What was said is never changed; only how the next step ended is added. The next step has a day
    and a post, or is the unit's where a ledger names none; it ends by ``step_ended_on`` with
    ``step_result``, or as a ``duty``. What a ledger told of a contact has no post.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="follow_ups")
    way = models.CharField(max_length=40)
    on = models.DateField()
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    with_whom = models.CharField(max_length=200, blank=True)
    said = models.TextField()
    next_step = models.CharField(max_length=300, blank=True)
    next_due = models.DateField(null=True)
    next_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="lead_steps"
    )
    step_ended_on = models.DateField(null=True)
    step_result = models.CharField(max_length=300, blank=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "on"], name="follow_up_subject_on"),
            models.Index(fields=["next_post", "next_due"], name="follow_up_next"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_step="", next_due=None, next_post=None)
                | (~Q(next_step="") & Q(next_due__isnull=False)),
                name="next_step_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.said[:40]}"


FollowUpVersion = version_of(FollowUp)


class StepReminder(models.Model):
    """That a rung of ``lead.reminders`` was told of a next step, once. Never changed afterwards.

    ``fell_on`` is the day the rung fell due. One notice may tell of many steps.
    """

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="reminders")
    rung = models.CharField(max_length=20)
    fell_on = models.DateField()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "rung"], name="step_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.fell_on} {self.follow_up.next_step}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.follow_up.subject_id


class Promise(Versioned):
    """What was promised to an investor, and the lawful basis without which it cannot be entered.

    ``basis`` is a code of the rule ``lead.promises``; 公平竞争审查条例 第十条.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="promises")
    what = models.TextField()
    basis = models.CharField(max_length=40)
    basis_name = models.CharField(max_length=200)
    basis_number = models.CharField(max_length=100)
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(basis_name="") & ~Q(basis_number=""),
                name="promise_has_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.what[:60]


PromiseVersion = version_of(Promise)
