"""Hand-over of posts (交接): what a post owed when it changed hands, item by item."""

from django.db import models
from django.db.models import Q

from guatu.loop.enums import HandoverState, ItemKind, ItemState
from guatu.loop.models.blockers import Blocker
from guatu.loop.models.duties import Duty
from guatu.loop.models.letters import Letter
from guatu.loop.models.timetable import Activity
from guatu.register.keys import uuid7
from guatu.register.models import Holding, Officer, Post, Subject
from guatu.register.versions import Versioned, version_of

OVER = (HandoverState.DONE, HandoverState.ENDED)


class HandoverFacts:
    """What a hand-over and its past states tell about themselves."""

    state: str

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to hand over or to accept."""
        return self.state not in OVER


class Handover(HandoverFacts, Versioned):
    """One change of hands of a post. Never deleted; a finished one is never changed again.

    ``outgoing`` left by ``holding`` on ``left_on``; ``incoming`` is empty until somebody takes the
    post. Without a holder before, ``outgoing`` is empty and the head of the unit hands over.
    ``hand_due`` and ``accept_due`` follow the dated rule ``handover.terms``; the latter is empty
    while nobody has taken the post. ``ended_why``: why it ended without being accepted.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    code = models.CharField(max_length=40, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="handovers")
    holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, null=True, related_name="handovers"
    )
    outgoing = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    incoming = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    left_on = models.DateField()
    drawn_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=HandoverState.choices, default=HandoverState.DRAWN
    )
    note = models.TextField(blank=True)
    hand_due = models.DateField()
    accept_due = models.DateField(null=True)
    handed_on = models.DateField(null=True)
    handed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    accepted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-drawn_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=~Q(state__in=OVER),
                name="one_open_handover_a_post",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.DONE)
                | Q(done_on__isnull=False, handed_on__isnull=False),
                name="finished_handover_has_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.post}"


HandoverVersion = version_of(Handover, HandoverFacts)


class HandoverItem(Versioned):
    """One open thing of the post as it stood when the list was drawn or handed over.

    ``kind`` says what it is to the post; one of the references leads to it. ``thing_key`` is the
    key of what it is, so that within a list nothing stands twice. ``settled``: it was done before
    it was handed over. ``words`` is how it stood, ``remark`` what the outgoing holder says of it,
    ``query`` what the incoming one asks and ``answer`` what was answered.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    thing_key = models.BigIntegerField()
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="handover_items"
    )
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="+")
    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    words = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.OPEN)
    settled = models.BooleanField(default=False)
    remark = models.TextField(blank=True)
    query = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    accepted_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "kind", "thing_key"], name="handover_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.title}"


HandoverItemVersion = version_of(HandoverItem)
