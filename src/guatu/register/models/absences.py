"""Absences of posts (请假、外出、空缺期) and the post that acts meanwhile (代理)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from guatu.register.enums import Told
from guatu.register.keys import uuid7
from guatu.register.models.organisations import Post
from guatu.register.versions import Versioned, version_of


class Absence(Versioned):
    """From when to when a post is away, both days included, and which post acts for it.

    ``deputy_post`` None: nobody was named, so whoever stands in for an empty post does. ``told``
    says whom the post's messages reach meanwhile. ``cancelled``: it never began. It ends by itself
    on the campaign's business date; ending it early moves ``until``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField(db_index=True)
    deputy_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="deputised"
    )
    told = models.CharField(max_length=8, choices=Told.choices, default=Told.BOTH)
    note = models.CharField(max_length=200, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(deputy_post=None) | ~Q(deputy_post=F("post")),
                name="absence_not_own_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.since} 至 {self.until}"

    def covers(self, day: dt.date) -> bool:
        """Tell whether the post is away on ``day``."""
        return not self.cancelled and self.since <= day <= self.until


AbsenceVersion = version_of(Absence)
