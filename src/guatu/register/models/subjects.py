"""Subjects: one concrete row for anything one can be responsible for."""

from django.db import models

from guatu.register.enums import Domain, PartyRole, SubjectKind
from guatu.register.keys import uuid7
from guatu.register.models.organisations import Organisation, Post
from guatu.register.versions import SPELT, Versioned, version_of


class Subject(Versioned):
    """What duties, evidence, quotes, events, timetables, lamps and observations hang on.

    ``unit`` and ``area`` decide who sees it; ``initials`` serves search by pinyin.
    """

    derived = SPELT
    public_id = models.UUIDField(default=uuid7, unique=True)
    district_code = models.CharField(max_length=12, db_index=True)
    kind = models.CharField(max_length=20, choices=SubjectKind.choices)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    initials = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=20, choices=Domain.choices, blank=True)
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="subjects"
    )
    area = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="area_subjects"
    )
    is_sample = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "unit"], name="subject_kind_unit")]

    def __str__(self) -> str:
        return self.title


SubjectVersion = version_of(Subject)


class Party(Versioned):
    """Who is named on a subject in which role: a post or a unit of the tree, or an outside body.

    Whoever is named sees the subject. ``ended`` keeps the row when the naming ends.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=20, choices=PartyRole.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="named_on")
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="named_on"
    )
    outside_name = models.CharField(max_length=200, blank=True)
    outside_phone = models.CharField(max_length=40, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["subject", "role"], name="party_subject_role")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}:{self.post or self.unit or self.outside_name}"


PartyVersion = version_of(Party)
