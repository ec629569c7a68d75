"""A plan that can be computed: activities, links, deadlines and resources, checked once."""

from dataclasses import dataclass

from guatu.engines.schedule.activity import (
    LINK_TYPES,
    Activity,
    BadNetwork,
    Crash,
    Deadline,
    Draft,
    Link,
    LinkType,
    Period,
    Resource,
)
from guatu.engines.schedule.validation import validate


@dataclass(frozen=True, kw_only=True)
class Network(Draft):
    """A whole plan as of ``status_date``: nothing that remains may lie before that day.

    Without a status date nothing is too early, and the plan begins as late as its deadlines let
    it.  Raises BadNetwork.
    """

    def __post_init__(self) -> None:
        validate(self)


__all__ = [
    "LINK_TYPES",
    "Activity",
    "BadNetwork",
    "Crash",
    "Deadline",
    "Link",
    "LinkType",
    "Network",
    "Period",
    "Resource",
]
