"""Escalation: steps taken on causes, and the notices people find in their inbox. Append-only."""

from typing import TYPE_CHECKING

from django.db import models

from guatu.loop.enums import NoticeKind, StepTo
from guatu.loop.models.blockers import Blocker
from guatu.loop.models.duties import Duty
from guatu.register.keys import uuid7
from guatu.register.models import Officer, Organisation, Post, Rule, Subject

if TYPE_CHECKING:
    from guatu.loop.models.letters import Letter


class EscalationCause(models.Model):
    """What a step is taken on and a notice tells of: a duty or a blocker."""

    class Meta:
        abstract = True

    @property
    def cause(self) -> "Duty | Blocker | Letter | None":
        """The duty or the blocker; a notice may also tell of a letter."""
        return self.duty or self.blocker  # type: ignore[attr-defined,no-any-return]  # of each table


class StandingSteps(models.Manager["EscalationStep"]):
    """Steps that were not taken back."""

    def get_queryset(self) -> models.QuerySet["EscalationStep"]:
        """Leave out what was taken back."""
        return super().get_queryset().filter(taken_back_on=None)


class EscalationStep(EscalationCause):
    """One step of a dated ladder, taken once on a cause in a cycle.

    Never changed afterwards but for ``taken_back_on``: the business day to which the date was set
    back, long before the step falls due. Then it counts as never taken; ``every`` tells of it.

    The cause is ``duty`` or ``blocker``. ``cycle`` is the day its term counts from (a duty's due
    day, the day a blocker was last put to somebody), ``step`` the key of the rung and ``place``
    where it stands. ``fell_on`` is when it fell due, ``taken_on`` the business day on which the
    timer took it. It went to ``post``, or to ``unit`` as a whole; both are empty where nobody was
    there at all. ``reason``: see `escalation.words.reason_of`.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="escalation_steps")
    duty = models.ForeignKey(
        Duty, on_delete=models.CASCADE, null=True, related_name="escalation_steps"
    )
    blocker = models.ForeignKey(
        Blocker, on_delete=models.CASCADE, null=True, related_name="escalation_steps"
    )
    cycle = models.DateField()
    step = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    to = models.CharField(max_length=12, choices=StepTo.choices)
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    fell_on = models.DateField()
    taken_on = models.DateField(db_index=True)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    reason = models.JSONField(default=dict)
    taken_back_on = models.DateField(null=True)

    objects = StandingSteps()
    every: models.Manager["EscalationStep"] = models.Manager()

    class Meta:
        ordering = ["fell_on", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "cycle", "step"],
                condition=models.Q(duty__isnull=False, taken_back_on=None),
                name="duty_step_once_a_cycle",
            ),
            models.UniqueConstraint(
                fields=["blocker", "cycle", "step"],
                condition=models.Q(blocker__isnull=False, taken_back_on=None),
                name="blocker_step_once_a_cycle",
            ),
            models.CheckConstraint(
                condition=models.Q(duty__isnull=False, blocker=None)
                | models.Q(duty=None, blocker__isnull=False),
                name="step_has_a_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fell_on} {self.get_kind_display()} {self.get_to_display()}"


class Notice(EscalationCause):
    """What somebody is told: for a post, or for a unit as a whole. Never changed afterwards.

    It tells of a duty, a blocker or a letter, or of what its words name. ``words`` is what is said
    as data, written out by `loop.escalation.words`. ``on`` is the business day. Who has read it
    stands in `NoticeReading`.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="notices")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, null=True, related_name="notices")
    blocker = models.ForeignKey(
        Blocker, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    letter = models.ForeignKey(
        "loop.Letter", on_delete=models.CASCADE, null=True, related_name="notices"
    )
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="notices")
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="notices"
    )
    words = models.JSONField(default=dict)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, unit=None)
                | models.Q(post=None, unit__isnull=False),
                name="notice_to_a_post_or_a_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    @property
    def cause(self) -> "Duty | Blocker | Letter | None":
        """The duty, the blocker or the letter."""
        return super().cause or self.letter


class NoticeReading(models.Model):
    """That an officer has read a notice; a unit's notice is read by each of its officers."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "officer"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.officer} {self.read_at:%Y-%m-%d %H:%M}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.notice.subject_id
