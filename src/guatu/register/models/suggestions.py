"""Suggestions about the system itself, and what came of them."""

from django.db import models

from guatu.register.enums import SuggestionState
from guatu.register.keys import uuid7
from guatu.register.models.organisations import Officer, Post
from guatu.register.versions import Versioned, version_of


class Suggestion(Versioned):
    """What somebody would have changed about the system, where they were, and what came of it.

    ``page`` is the address of the page it was written on, without its host. ``post`` is the post
    that is told the answer; None for whoever held none that does business.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    asked_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=SuggestionState.choices, default=SuggestionState.OPEN
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=SuggestionState.OPEN) | ~models.Q(answer=""),
                name="ended_suggestion_has_answer",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


SuggestionVersion = version_of(Suggestion)
