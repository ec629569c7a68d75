"""The outline of the district on its map."""

from django.db import models

from guatu.register.keys import uuid7
from guatu.register.models.documents import StoredFile
from guatu.register.models.organisations import Officer
from guatu.register.versions import Versioned, version_of


class MapOutline(Versioned):
    """An outline of the district as it brought it itself, with the number it was approved under.

    ``review_number`` is its 审图号. ``ended`` keeps the row when another takes its place or it is
    taken away.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    review_number = models.CharField(max_length=60)
    shapes = models.PositiveIntegerField()
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended"], condition=models.Q(ended=False), name="one_outline_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.review_number


MapOutlineVersion = version_of(MapOutline)
