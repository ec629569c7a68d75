"""Scheduling: networks of activities, their early and late dates, and why a plan cannot hold."""

from guatu.engines.schedule.back import (
    ActivityDates,
    BackSchedule,
    ConflictItem,
    Drivers,
    back_schedule,
)
from guatu.engines.schedule.document import as_document, network_from
from guatu.engines.schedule.network import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    LinkType,
    Network,
    Resource,
)

__all__ = [
    "Activity",
    "ActivityDates",
    "BackSchedule",
    "BadNetwork",
    "ConflictItem",
    "Deadline",
    "Drivers",
    "Link",
    "LinkType",
    "Network",
    "Resource",
    "as_document",
    "back_schedule",
    "network_from",
]
