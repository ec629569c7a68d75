"""Access of programs: what an administrator permits, tokens, their secrets, and calls made."""

import datetime as dt

from django.db import models

from guatu.register.keys import uuid7
from guatu.register.models.organisations import Officer
from guatu.register.versions import Versioned, version_of


class ApiPermit(Versioned):
    """What an officer's own programs may do at most, as the security administrator permits.

    ``scopes`` are names as the interface declares them; ``until`` is the last day. ``ended`` keeps
    the row when the permission is taken back: every token of the officer is revoked with it.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    officer = models.OneToOneField(Officer, on_delete=models.CASCADE, related_name="api_permit")
    scopes = models.JSONField(default=list)
    until = models.DateField()
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.officer}至{self.until}"

    def holds(self, day: dt.date) -> bool:
        """Tell whether it permits anything on ``day`` of the calendar."""
        return not self.ended and day <= self.until


ApiPermitVersion = version_of(ApiPermit)


class ApiToken(Versioned):
    """A token by which a program acts in the name of its owner, within ``scopes``.

    ``prefix`` is the part that is shown and logged; the secret is known to the program alone.
    ``expires_on`` is the last day, ``revoked_on`` the day it was taken back. Days are those of the
    calendar, not of the campaign: a pinned business date keeps no token alive.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=40)
    prefix = models.CharField(max_length=12, unique=True)
    scopes = models.JSONField(default=list)
    expires_on = models.DateField()
    revoked_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}）"

    def holds(self, day: dt.date) -> bool:
        """Tell whether it opens anything on ``day`` of the calendar."""
        return self.revoked_on is None and day <= self.expires_on


ApiTokenVersion = version_of(ApiToken)


class TokenSecret(models.Model):
    """SHA-256 (hex) of a token, and what is noted of its use. Never an event's content.

    The secret is 256 random bits, so a fast digest is as good as a slow one. ``failed`` counts
    wrong secrets told with the token's prefix; ``locked_until`` bars further wrong ones after too
    many, never the right one.
    """

    token = models.OneToOneField(ApiToken, on_delete=models.CASCADE, related_name="secret")
    digest = models.CharField(max_length=64)
    last_used_on = models.DateField(null=True)
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.token}"


class ApiCall(models.Model):
    """One write that was done through a token: the same key again gets the same answer.

    ``digest`` (SHA-256, hex) covers method, address and content of the request.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="calls")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_call_once")]

    def __str__(self) -> str:
        return f"{self.token} {self.key}"
