"""Scheduling: networks of activities, their early and late dates, and why a plan cannot hold."""

from guatu.engines.schedule.back import (
    ActivityDates,
    BackSchedule,
    ConflictItem,
    Drivers,
    back_schedule,
)
from guatu.engines.schedule.changes import (
    AddLink,
    Change,
    Overlap,
    RemoveLink,
    SetDeadline,
    SetDuration,
    SetStart,
    SetValidDays,
    WorkOn,
    applied,
)
from guatu.engines.schedule.document import as_document, network_from
from guatu.engines.schedule.network import (
    Activity,
    BadNetwork,
    Crash,
    Deadline,
    Link,
    LinkType,
    Network,
    Resource,
)
from guatu.engines.schedule.options import OFFERS, Offer
from guatu.engines.schedule.ranges import CAUSES, Cause, Range, assumed_ranges, declared_ranges
from guatu.engines.schedule.repairs import Repair, repairs
from guatu.engines.schedule.risk import ActivityRisk, CauseShare, Finish, Forecast, forecast
from guatu.engines.schedule.scoring import Outcome, Record, score

__all__ = [
    "CAUSES",
    "OFFERS",
    "Activity",
    "ActivityDates",
    "ActivityRisk",
    "AddLink",
    "BackSchedule",
    "BadNetwork",
    "Cause",
    "CauseShare",
    "Change",
    "ConflictItem",
    "Crash",
    "Deadline",
    "Drivers",
    "Finish",
    "Forecast",
    "Link",
    "LinkType",
    "Network",
    "Offer",
    "Outcome",
    "Overlap",
    "Range",
    "Record",
    "RemoveLink",
    "Repair",
    "Resource",
    "SetDeadline",
    "SetDuration",
    "SetStart",
    "SetValidDays",
    "WorkOn",
    "applied",
    "as_document",
    "assumed_ranges",
    "back_schedule",
    "declared_ranges",
    "forecast",
    "network_from",
    "repairs",
    "score",
]
