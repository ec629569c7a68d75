"""Dispatch meetings (调度会、推进会): who sits, what is on the agenda, what was decided.

Not to be confused with `ReviewMeeting`, a body of examiners whose days plans wait for.
"""

from django.db import models
from django.db.models import Q

from guatu.loop.enums import FROZEN_DISPATCHES, DispatchState
from guatu.loop.models.blockers import Blocker
from guatu.loop.models.duties import Duty
from guatu.loop.models.letters import Letter
from guatu.register.enums import Domain
from guatu.register.keys import uuid7
from guatu.register.models import Document, Officer, Organisation, Post, Subject
from guatu.register.versions import Versioned, version_of


class DispatchFacts:
    """What a meeting and its past states tell about themselves."""

    state: str

    @property
    def is_frozen(self) -> bool:
        """Tell whether the agenda no longer changes."""
        return self.state in FROZEN_DISPATCHES


class DispatchMeeting(DispatchFacts, Versioned):
    """One meeting that presses the campaign on: when, where, who chairs, what it is about.

    ``kind`` names an entry of the dated rule ``dispatch.kinds``. ``domain``, ``unit`` and ``area``
    narrow what it looks at; empty = all. ``made_on`` is the day whose rules name its causes.
    ``figures`` is the snapshot taken when the agenda became final: ``{"day", "counts", "carried",
    "before"}``; ``{"left", "outranked"}`` is what found no place when it was last built.
    ``minutes`` is the paper read in afterwards. Its events hang on the campaign's ``subject``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="dispatches")
    title = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=DispatchState.choices, default=DispatchState.PLANNED
    )
    on = models.DateField(db_index=True)
    time = models.TimeField(null=True)
    where = models.CharField(max_length=120, blank=True)
    chair_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="chaired")
    domain = models.CharField(max_length=20, choices=Domain.choices, blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    made_on = models.DateField()
    final_on = models.DateField(null=True)
    figures = models.JSONField(default=dict)
    minutes = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, related_name="dispatch"
    )
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["kind", "on"], name="dispatch_kind_on")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=FROZEN_DISPATCHES) | Q(final_on__isnull=False),
                name="final_dispatch_has_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


DispatchMeetingVersion = version_of(DispatchMeeting, DispatchFacts)


class Attendant(Versioned):
    """A unit, or one of its posts, that is to attend."""

    meeting = models.ForeignKey(
        DispatchMeeting, on_delete=models.CASCADE, related_name="attendants"
    )
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "post"],
                condition=Q(ended=False, post__isnull=False),
                name="attendant_post_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "unit"],
                condition=Q(ended=False, post=None),
                name="attendant_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.post or self.unit)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.meeting.subject_id


AttendantVersion = version_of(Attendant)


class AgendaFacts:
    """What an item of an agenda and its past states tell about themselves."""

    dropped: bool
    cleared: bool

    @property
    def stands(self) -> bool:
        """Tell whether it is on the agenda: neither taken off nor cleared up."""
        return not self.dropped and not self.cleared


class AgendaItem(AgendaFacts, Versioned):
    """One thing a meeting deals with, why, and what it is asked to decide.

    ``thing`` names what it is about, as in ``duty:…``; empty = added by hand. ``tier`` 1 must be
    decided, 2 pressed, 3 known; within tier and unit ``place`` orders. ``cleared``: it was no
    exception any more when the agenda was last built. ``taken`` counts the decisions on it, so that
    two who decide at once do not overlook each other.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    meeting = models.ForeignKey(DispatchMeeting, on_delete=models.CASCADE, related_name="items")
    thing = models.CharField(max_length=60, blank=True)
    cause = models.CharField(max_length=40, blank=True)
    about = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="agenda_items"
    )
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="agenda_items")
    blocker = models.ForeignKey(
        Blocker, on_delete=models.PROTECT, null=True, related_name="agenda_items"
    )
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, related_name="agenda_items"
    )
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    ask = models.CharField(max_length=300, blank=True)
    tier = models.PositiveSmallIntegerField()
    score = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    moved = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    dropped_reason = models.TextField(blank=True)
    cleared = models.BooleanField(default=False)
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "thing"], condition=~Q(thing=""), name="agenda_thing_once"
            ),
            models.CheckConstraint(
                condition=Q(dropped=False) | ~Q(dropped_reason=""), name="dropped_item_has_reason"
            ),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=3), name="agenda_tier_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.about_id or self.meeting.subject_id


AgendaItemVersion = version_of(AgendaItem, AgendaFacts)


class Decision(models.Model):
    """What a meeting decided; the duty it became carries who and until when. Never changed.

    ``item`` None: read out of the minutes.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    meeting = models.ForeignKey(DispatchMeeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, related_name="decisions"
    )
    duty = models.OneToOneField(Duty, on_delete=models.CASCADE, related_name="decision")
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.duty)

    @property
    def subject_id(self) -> int:
        """Subject its events hang on."""
        return self.duty.subject_id
