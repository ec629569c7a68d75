"""The append-only log, its seals and daily heads, and the list of sample rows."""

from django.db import models

from guatu.register.enums import Effect
from guatu.register.keys import uuid7


class Event(models.Model):
    """Who did what to which row, when, on which campaign day, and why; old → new per column.

    Rows are only ever inserted. A payload (``changes`` and ``reason``) may be withdrawn by an act
    that is itself an event; the digest in :class:`Seal` stays. ``actor`` repeats the user name so
    that the log can be read without the officers' table; references bind nothing, so that the log
    outlives what it speaks of and no deletion elsewhere can alter it. ``behalf`` is the absent post
    for which its deputy acted (代); None when the officer acted in their own right.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    at = models.DateTimeField(db_index=True)
    business_date = models.DateField()
    officer = models.ForeignKey(
        "register.Officer",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    actor = models.CharField(max_length=150)
    behalf = models.ForeignKey(
        "register.Post",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    verb = models.CharField(max_length=60, db_index=True)
    effect = models.CharField(max_length=12, choices=Effect.choices)
    model = models.CharField(max_length=60)
    row = models.BigIntegerField(null=True)
    thing = models.UUIDField(null=True)
    subject = models.ForeignKey(
        "register.Subject",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="events",
    )
    batch = models.UUIDField(db_index=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    withdrawn_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="withdraws"
    )

    class Meta:
        indexes = [models.Index(fields=["model", "row"], name="event_row")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb}"


class Seal(models.Model):
    """One link of the hash chain: what was digested and the chain up to here.

    ``payload_digest`` covers ``changes`` and ``reason``; ``chain`` = SHA-256(previous chain, the
    event's own columns, payload digest). Hex text of 64 characters. The link stays when its event
    is taken away behind the product's back, which is how that is noticed.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, db_constraint=False, related_name="seal"
    )
    seq = models.BigIntegerField(unique=True)
    payload_digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}:{self.chain[:12]}"


class Head(models.Model):
    """End of the chain on one day, signed with the installation's Ed25519 key.

    The day's head moves on until the day is over. Signature and key are hex text.
    """

    day = models.DateField(unique=True)
    seq = models.BigIntegerField()
    chain = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}:{self.seq}"


class SampleRow(models.Model):
    """A row that belongs to the removable sample."""

    model = models.CharField(max_length=60)
    row = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["model", "row"], name="sample_row")]

    def __str__(self) -> str:
        return f"{self.model}:{self.row}"
