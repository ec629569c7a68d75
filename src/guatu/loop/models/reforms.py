"""Reforms (重点改革任务): subjects that duties hang on."""

from django.db import models

from guatu.loop.enums import ReformState
from guatu.register.models import Post, Subject
from guatu.register.versions import Versioned, version_of


class Reform(Versioned):
    """One reform of the campaign; title and responsible unit stand on its subject.

    ``due`` None means 待定.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="reform")
    content = models.TextField(blank=True)
    result = models.TextField(blank=True)
    leader_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="led_reforms"
    )
    state = models.CharField(
        max_length=12, choices=ReformState.choices, default=ReformState.PLANNED
    )
    due = models.DateField(null=True)
    progress = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.subject.title


ReformVersion = version_of(Reform)
