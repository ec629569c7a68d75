"""A kind of thing that programs can read, declared in a few lines.

A kind is told by where its permitted rows come from and how a row is told. Its list with filters,
pages and past days, its single rows, its scope and its description follow from that.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from ninja import Schema

from guatu.register.models import Campaign
from guatu.register.policies import Standing

Told = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """Who reads, and the past day, if any. ``day`` is the day days are counted from.

    ``campaign`` is the current one, read with the token already.
    """

    standing: Standing
    as_of: dt.date | None
    campaign: Campaign | None = None

    @property
    def day(self) -> dt.date:
        """The day read: a past one, else the campaign's."""
        return self.as_of or self.standing.today


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a list: its type, its words, the lookup it means."""

    name: str
    type: Any
    words: str
    lookup: str


@dataclass(frozen=True)
class Kind:
    """``rows`` gives what the officer may see; ``tell`` tells the rows of one page together.

    ``policy`` is asked before, without a thing. ``key`` is the column of the public key, by which
    lists are ordered and single rows found. ``changed`` is the column of the last change, where
    there is one. ``whole`` and ``tell_whole`` add to a single row what a list leaves out.
    """

    path: str
    name: str
    policy: str
    rows: Callable[[Standing, dt.date | None], QuerySet[Any]]
    shape: type[Schema]
    tell: Callable[[Sequence[Any], Reading], list[Told]]
    filters: tuple[Filter, ...] = ()
    key: str = "public_id"
    changed: str = "known_from"
    whole: type[Schema] | None = None
    tell_whole: Callable[[Any, Reading], Mapping[str, Any]] | None = None
    note: str = ""

    @property
    def scope(self) -> str:
        """Name of the scope that opens it."""
        return f"read:{self.path}"
