"""The legal clock of an approval: receipt, notice of missing papers, stops, extension."""

from django.db import models
from django.db.models import F, Q

from guatu.loop.enums import LimitUnit, StopKind
from guatu.loop.models.timetable import Activity
from guatu.register.keys import uuid7
from guatu.register.models import Subject
from guatu.register.versions import Versioned, version_of


class ApprovalClock(Versioned):
    """What is known of one application's time limit; acceptance and last day follow by law.

    ``complete``: the papers were complete when ``received``; else ``noticed`` is the day of the
    one-time notice of what is missing and ``completed`` the day it was made good. The limit is
    ``limit_days`` of ``limit_unit`` by ``basis``, ``notice_days`` working days are there for the
    notice. An extension has days, a reason and who approved it, or none of them. A record taken
    back is ``ended``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="clocks")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="clocks")
    received = models.DateField()
    complete = models.BooleanField(default=False)
    noticed = models.DateField(null=True)
    completed = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField()
    limit_days = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=10, choices=LimitUnit.choices)
    basis = models.CharField(max_length=200, blank=True)
    extension_days = models.PositiveSmallIntegerField(null=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    extension_by = models.CharField(max_length=100, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(ended=False), name="one_clock_an_activity"
            ),
            models.CheckConstraint(condition=Q(limit_days__gte=1), name="clock_limit"),
            models.CheckConstraint(
                condition=Q(noticed=None) | Q(complete=False, noticed__gte=F("received")),
                name="clock_notice_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(completed=None) | Q(completed__gte=F("noticed")),
                name="clock_made_good_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(extension_days=None) | Q(extension_days__gte=1), name="clock_extension"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}办理时限"


ApprovalClockVersion = version_of(ApprovalClock)


class ClockStop(Versioned):
    """Days on which a clock stands still, both inclusive; ``last`` None while it does."""

    clock = models.ForeignKey(ApprovalClock, on_delete=models.CASCADE, related_name="stops")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="clock_stops")
    kind = models.CharField(max_length=12, choices=StopKind.choices)
    first = models.DateField()
    last = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="clock_stop_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first}"


ClockStopVersion = version_of(ClockStop)
