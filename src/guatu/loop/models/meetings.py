"""Review bodies whose days plans wait for."""

from django.db import models
from django.db.models import Q

from guatu.register.enums import RuleStatus
from guatu.register.keys import uuid7
from guatu.register.versions import Versioned, version_of


class ReviewMeeting(Versioned):
    """A body that sits every ``weeks`` weeks on ``weekday`` (1 Monday … 7) from ``since`` on.

    Plans refer to it by ``code``. ``cancelled`` and ``added`` are lists of ISO dates.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    since = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()
    cancelled = models.JSONField(default=list)
    added = models.JSONField(default=list)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(weeks__gte=1), name="meeting_every_weeks"),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="meeting_weekday"
            ),
        ]

    def __str__(self) -> str:
        return self.name


ReviewMeetingVersion = version_of(ReviewMeeting)
