"""The time account: a subject's nodes with their dates, and the lamps computed from them."""

from django.db import models

from guatu.loop.enums import ActivityKind, Cause, Colour
from guatu.register.keys import uuid7
from guatu.register.models import Evidence, Organisation, Post, Rule, Subject
from guatu.register.versions import Versioned, version_of


class Activity(Versioned):
    """A node of a subject's timetable, or a piece of work between nodes; ``node`` is its key.

    ``due`` is the promised finish, ``baseline`` the first promise, ``forecast`` what its owner now
    expects, ``finished`` the actual day. ``target`` is where the plan holds it to since its
    deadlines were last set, see `loop.plan.targets`; None where somebody set the day. Unknown dates
    are None, never guessed. A finish without ``evidence`` is a claim and shown hatched.

    With ``duration`` (working days of ``calendar``, a `WorkCalendar` code; 0 for a milestone) it is
    part of the subject's network; without one only its dates count. ``firm`` makes ``due`` a
    deadline the network is scheduled back from. ``low`` and ``high`` bound the duration, ``cause``
    is what usually stretches it. ``needs`` is crew code → number. ``leave`` =
    ``[{"first", "last", "kind", "basis"}, …]`` are days off of its calendar on which it may work,
    each with the approval it rests on; ``valid_days`` are the calendar days a permit is good for.
    With ``meeting``, the code of a `ReviewMeeting`, it begins on a day of that body alone.
    ``basis`` keeps where the duration comes from: ``{"source", "status", "legal": {...}}``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="activities")
    node = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    stage = models.CharField(max_length=40)
    sequence = models.PositiveSmallIntegerField()
    start = models.DateField(null=True)
    due = models.DateField(null=True)
    baseline = models.DateField(null=True)
    target = models.DateField(null=True)
    forecast = models.DateField(null=True)
    started = models.DateField(null=True)
    finished = models.DateField(null=True)
    owner_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="activities"
    )
    owner_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="activities"
    )
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, related_name="activities"
    )
    note = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=ActivityKind.choices, blank=True)
    duration = models.PositiveIntegerField(null=True)
    low = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    remaining = models.PositiveIntegerField(null=True)
    calendar = models.CharField(max_length=40, blank=True)
    splittable = models.BooleanField(default=False)
    firm = models.BooleanField(default=False)
    valid_days = models.PositiveIntegerField(null=True)
    no_earlier = models.DateField(null=True)
    fixed_start = models.DateField(null=True)
    cause = models.CharField(max_length=16, choices=Cause.choices, blank=True)
    needs = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)
    leave = models.JSONField(default=list)
    meeting = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["subject_id", "sequence", "id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "node"], name="node_once_a_subject")
        ]
        indexes = [models.Index(fields=["due", "finished"], name="activity_due")]

    def __str__(self) -> str:
        return self.name


ActivityVersion = version_of(Activity)


class Lamp(Versioned):
    """The computed light of a subject; nobody types it.

    ``since`` is the date the colour counts from (the missed or coming due date), so days are
    counted at reading time. ``reason`` = ``{"rule": {...}, "node": {...}, "owner": {...},
    "words": "…"}``; ``rule`` is the dated rule that decided.

    Of a subject with a network also ``margin``, the least float to a deadline in office days, or
    below zero the calendar days that are missing; and ``p_late``, the chance (0…1) of missing the
    likeliest missed deadline.
    """

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="lamp")
    colour = models.CharField(max_length=12, choices=Colour.choices)
    since = models.DateField(null=True)
    activity = models.ForeignKey(
        Activity, on_delete=models.SET_NULL, null=True, related_name="lamps"
    )
    reason = models.JSONField(default=dict)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, related_name="+")
    margin = models.IntegerField(null=True)
    p_late = models.FloatField(null=True)
    computed_at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["colour", "since"], name="lamp_colour")]

    def __str__(self) -> str:
        return self.get_colour_display()


LampVersion = version_of(Lamp)
