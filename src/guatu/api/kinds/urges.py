"""Urges as programs read them with the duty, the blocker or the letter they are about."""

import datetime as dt
import uuid

from ninja import Schema
from pydantic import Field

from guatu.api.kind import Told
from guatu.api.shapes import Named, post_named, unit_named
from guatu.loop.queries.urged import urges_on


class UrgedShape(Schema):
    """一次催办。"""

    id: uuid.UUID
    on: dt.date
    post: Named | None = Field(description="催办的岗位")
    to_unit: Named | None = Field(description="催办了哪个单位")
    to_post: Named | None
    words: str


def told_urges(as_of: dt.date | None, **about: int) -> list[Told]:
    """Tell the urges about one thing, the newest first; one query."""
    return [
        {
            "id": row.public_id,
            "on": row.on,
            "post": post_named(row.post),
            "to_unit": unit_named(row.to_unit),
            "to_post": post_named(row.to_post),
            "words": row.words,
        }
        for row in urges_on(as_of, **about)
    ]
