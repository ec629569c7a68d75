"""Organisations, posts and the officers who hold them over time."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from guatu.register.enums import OrganisationKind, Role
from guatu.register.keys import uuid7
from guatu.register.versions import Versioned, version_of


class Organisation(Versioned):
    """A node of the tree 区 → 部门/街道/平台公司 → 科室, or a 片区 that cuts across it.

    ``path`` holds the keys of all nodes from the root, each padded and ended by a dot, so a subtree
    is a prefix. ``rank`` is protocol order among siblings: lists follow it, never pinyin;
    ``order_path`` repeats the ranks from the root, so one sort gives protocol order everywhere.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    rank = models.PositiveIntegerField(default=100)
    path = models.CharField(max_length=200, db_index=True, blank=True)
    order_path = models.CharField(max_length=200, db_index=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order_path", "id"]

    def __str__(self) -> str:
        return self.short_name or self.name


OrganisationVersion = version_of(Organisation)


class Post(Versioned):
    """A post in an organisation. Duties belong to posts; the person is the holder at the time."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=Role.choices)
    rank = models.PositiveIntegerField(default=100)
    office_phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["organisation__order_path", "rank", "id"]

    def __str__(self) -> str:
        return f"{self.organisation}{self.title}"


PostVersion = version_of(Post)


class OfficerAccounts(BaseUserManager["Officer"]):
    """Creates accounts; the password policy is checked by the calling action."""

    def create_user(self, username: str, name: str, password: str | None = None) -> "Officer":
        """Save an active officer with a hashed password (unusable when None)."""
        officer = self.model(username=username, name=name)
        officer.set_password(password)
        officer.save()
        return officer


class Officer(AbstractBaseUser):
    """An account of one person. Names and office phones are not masked to colleagues."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)

    objects = OfficerAccounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Holding(Versioned):
    """Which officer holds which post from when to when (``until`` inclusive, None = still)."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="holding_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer}:{self.post}"

    def covers(self, day: dt.date) -> bool:
        """Tell whether the post is held on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


HoldingVersion = version_of(Holding)
