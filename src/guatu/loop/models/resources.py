"""What plans share — crews, desks, equipment — and the runs that level it."""

from typing import Any

from django.db import models

from guatu.loop.enums import LevellingState, ResourceKind
from guatu.register.keys import uuid7
from guatu.register.models import Officer, Organisation
from guatu.register.versions import Versioned, version_of


class Dated:
    """What follows from the capacities of a resource and of its past states."""

    capacity: int
    periods: list[dict[str, Any]]

    @property
    def peak(self) -> int:
        """The most there ever are."""
        return max([self.capacity, *(int(period["capacity"]) for period in self.periods)])


class Resource(Dated, Versioned):
    """A crew, desk or machine that `Activity.needs` names by ``code``; so many on any one day.

    ``periods`` = ``[{"first", "last", "capacity", "note"}, …]``, in order and apart: from the first
    to the last day there are that many, 0 allowed; on all other days there are ``capacity``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=ResourceKind.choices)
    capacity = models.PositiveIntegerField()
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="resources"
    )
    note = models.CharField(max_length=300, blank=True)
    periods = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(capacity__gte=1), name="resource_capacity")
        ]

    def __str__(self) -> str:
        return self.name


ResourceVersion = version_of(Resource, Dated)


class Judged:
    """What follows from the columns of a run and of its past states."""

    makespan: int | None
    bound: int | None

    @property
    def gap(self) -> float | None:
        """Share of the length that might still be saved, at most; None without a schedule."""
        if self.makespan is None or self.bound is None:
            return None
        return (self.makespan - self.bound) / self.makespan if self.makespan else 0.0


class Levelling(Judged, Versioned):
    """One run of the levelling engine over the plans that share resources.

    ``seconds`` of work and ``seed`` decide the answer with the plans, whose digests by subject key
    are ``inputs`` (the resources under ``"resources"``); ``cut_by_clock`` tells that the clock
    ended the search. ``status`` is the engine's word; ``makespan`` and ``bound`` are calendar days,
    None where there is no schedule. ``rows`` = ``{subject: {activity key: [first day, last day]}}``
    once adopted, ``before`` the same as things stood. ``holds`` = ``{subject: {activity
    key: day | null}}`` is what each `Activity.no_earlier` becomes on adoption, ``held`` what it was
    before any levelling. ``deadlines`` = ``[{"subject", "key", "due", "before", "after"}, …]`` in
    calendar days late, 0 or less when kept.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    made_on = models.DateField()
    at = models.DateTimeField()
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    subjects = models.JSONField(default=list)
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    inputs = models.JSONField(default=dict)
    status = models.CharField(max_length=12)
    makespan = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    cut_by_clock = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    rows = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    holds = models.JSONField(default=dict)
    held = models.JSONField(default=dict)
    deadlines = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=LevellingState.choices, default=LevellingState.OPEN
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.made_on} 的平衡"


LevellingVersion = version_of(Levelling, Judged)
