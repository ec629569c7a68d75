"""Blockers: what stands in the way, who can remove it, the days it costs; and urges."""

from django.db import models
from django.db.models import Q

from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.models.duties import Duty
from guatu.loop.models.timetable import Activity
from guatu.register.keys import uuid7
from guatu.register.models import Evidence, Officer, Organisation, Post, Subject
from guatu.register.versions import SPELT, Versioned, version_of


class BlockerFacts:
    """What a blocker and its past states tell about themselves."""

    state: str

    @property
    def is_open(self) -> bool:
        """Tell whether it still stands in the way: neither solved nor withdrawn."""
        return self.state in OPEN_BLOCKERS


class Blocker(BlockerFacts, Versioned):
    """What keeps a project, a duty or an activity from going on.

    ``cause`` names an entry of the dated rule ``blocker.causes``. ``remover_unit`` and
    ``remover_post`` can remove it; ``asked`` tells in words what is asked of them. ``upper_unit``
    and ``upper_post`` have it since ``upper_since`` while it was sent up, for the
    ``upper_level``-th time in a row; 0 = it is not with anybody above.

    Days are working days. ``counted_days`` are those that counted before ``stood_since``, the day
    it came to stand as it does; its past states tell with whom it lay (see `blocker_holders`).
    While it is ``halted`` (its duty is paused) or back with who raised it no day counts.
    ``days_lost`` is stored at closing; None = still running, or withdrawn and counting nothing.
    """

    derived = SPELT
    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="blockers")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="blockers")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="blockers"
    )
    title = models.CharField(max_length=300)
    initials = models.CharField(max_length=300, blank=True)
    what = models.TextField(blank=True)
    cause = models.CharField(max_length=40)
    asked = models.TextField(blank=True)
    remover_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="blockers_to_remove"
    )
    remover_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="blockers_to_remove"
    )
    raised_on = models.DateField()
    raised_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    raised_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="blockers_raised"
    )
    raised_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="blockers_raised"
    )
    state = models.CharField(
        max_length=12, choices=BlockerState.choices, default=BlockerState.RAISED
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    returned_reason = models.TextField(blank=True)
    upper_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="blockers_above"
    )
    upper_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="blockers_above"
    )
    upper_level = models.PositiveSmallIntegerField(default=0)
    upper_since = models.DateField(null=True)
    stood_since = models.DateField()
    halted = models.BooleanField(default=False)
    counted_days = models.PositiveIntegerField(default=0)
    days_lost = models.PositiveIntegerField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "cause"], name="blocker_state_cause"),
            models.Index(fields=["subject", "state"], name="blocker_subject_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BlockerState.CLOSED)
                | Q(closed_on__isnull=False, days_lost__isnull=False),
                name="closed_blocker_has_days",
            ),
            models.CheckConstraint(
                condition=Q(state=BlockerState.CLOSED) | Q(days_lost=None),
                name="only_a_closed_blocker_keeps_days",
            ),
            models.CheckConstraint(
                condition=~Q(state=BlockerState.UPPER)
                | Q(upper_unit__isnull=False, upper_since__isnull=False, upper_level__gt=0),
                name="blocker_sent_up_has_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


BlockerVersion = version_of(Blocker, BlockerFacts)


class BlockerEvidence(models.Model):
    """A picture or paper that shows what stands in the way; always optional."""

    blocker = models.ForeignKey(Blocker, on_delete=models.CASCADE, related_name="shown_by")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="blockers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "evidence"], name="blocker_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.blocker}"

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.blocker.subject_id


class Urge(models.Model):
    """One urge: who pressed whom about which duty, blocker or letter, in which words.

    Never changed afterwards.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, null=True, related_name="urges")
    blocker = models.ForeignKey(Blocker, on_delete=models.CASCADE, null=True, related_name="urges")
    letter = models.ForeignKey(
        "loop.Letter", on_delete=models.CASCADE, null=True, related_name="urges"
    )
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="urges_made")
    to_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="urges_got")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="urges_got")
    words = models.CharField(max_length=300)
    on = models.DateField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__isnull=False, blocker=None, letter=None)
                | Q(duty=None, blocker__isnull=False, letter=None)
                | Q(duty=None, blocker=None, letter__isnull=False),
                name="urge_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        thing = self.duty or self.blocker or self.letter
        assert thing is not None  # noqa: S101 -- the constraint says so
        return thing.subject_id
