"""Scheduling: networks of activities, their early and late dates, and why a plan cannot hold."""

from guatu.engines.schedule.back import (
    ActivityDates,
    BackSchedule,
    ConflictItem,
    ConflictSet,
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
from guatu.engines.schedule.comparison import Diff, Due, Moved, compare, what_if
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
from guatu.engines.schedule.out_of_order import RETAINED, OutOfOrder, out_of_order
from guatu.engines.schedule.progress import Broken, FourDates, Progress, Slip, SlipCause, slips
from guatu.engines.schedule.ranges import CAUSES, Cause, Range, assumed_ranges, declared_ranges
from guatu.engines.schedule.repairs import Repair, repairs
from guatu.engines.schedule.risk import ActivityRisk, CauseShare, Finish, Forecast, forecast
from guatu.engines.schedule.scoring import Outcome, Record, score
from guatu.engines.schedule.today import Action, Saved, act_today

__all__ = [
    "CAUSES",
    "OFFERS",
    "RETAINED",
    "Action",
    "Activity",
    "ActivityDates",
    "ActivityRisk",
    "AddLink",
    "BackSchedule",
    "BadNetwork",
    "Broken",
    "Cause",
    "CauseShare",
    "Change",
    "ConflictItem",
    "ConflictSet",
    "Crash",
    "Deadline",
    "Diff",
    "Drivers",
    "Due",
    "Finish",
    "Forecast",
    "FourDates",
    "Link",
    "LinkType",
    "Moved",
    "Network",
    "Offer",
    "OutOfOrder",
    "Outcome",
    "Overlap",
    "Progress",
    "Range",
    "Record",
    "RemoveLink",
    "Repair",
    "Resource",
    "Saved",
    "SetDeadline",
    "SetDuration",
    "SetStart",
    "SetValidDays",
    "Slip",
    "SlipCause",
    "WorkOn",
    "act_today",
    "applied",
    "as_document",
    "assumed_ranges",
    "back_schedule",
    "compare",
    "declared_ranges",
    "forecast",
    "network_from",
    "out_of_order",
    "repairs",
    "score",
    "slips",
    "what_if",
]
