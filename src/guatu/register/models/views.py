"""Saved views of lists: a name for a query string, and what each officer marked."""

from django.db import models

from guatu.register.keys import uuid7
from guatu.register.models.organisations import Officer, Organisation
from guatu.register.versions import Versioned, version_of


class SavedView(Versioned):
    """Filters, search, order and columns of a list under a name.

    ``page`` names the list, ``query`` is the part of its address after ``?``: a view chooses among
    what the reader may see, it never adds to it. ``audience`` is the unit it is shared with, with
    all beneath; None keeps it to its owner. ``ended`` keeps the row when the view is removed.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    audience = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="views"
    )
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "page", "name"],
                condition=models.Q(ended=False),
                name="view_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


SavedViewVersion = version_of(SavedView)


class ViewMark(Versioned):
    """What one officer marked on a view: 收藏, and 默认 for its list."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="view_marks")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="marks")
    favourite = models.BooleanField(default=False)
    default = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "view"], name="view_marked_once")]

    def __str__(self) -> str:
        return f"{self.officer}:{self.view}"


ViewMarkVersion = version_of(ViewMark)
