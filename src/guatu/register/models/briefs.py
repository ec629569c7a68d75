"""Remarks that stand in a weekly brief beside what is counted."""

from django.db import models

from guatu.register.keys import uuid7
from guatu.register.models.organisations import Officer
from guatu.register.versions import Versioned, version_of


class BriefRemark(Versioned):
    """What the office adds in its own words to the brief of a week and a scope.

    ``week`` is its Monday; ``scope`` names whose brief it is as its address does: ``district``,
    ``unit-`` and a unit's code, ``leader-`` and the key of a post.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    week = models.DateField()
    scope = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "scope"], name="brief_remark_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.scope}"


BriefRemarkVersion = version_of(BriefRemark)
