"""Tables of the loop, by account."""

from guatu.loop.models.duties import (
    Claim,
    ClaimEvidence,
    ClaimVersion,
    CoOwner,
    CoOwnerVersion,
    Duty,
    DutyVersion,
    Extension,
    ExtensionVersion,
    Report,
)
from guatu.loop.models.targets import Quota, QuotaPlace, QuotaPlaceVersion, Target, TargetVersion
from guatu.loop.models.timetable import Activity, ActivityVersion, Lamp, LampVersion

__all__ = [
    "Activity",
    "ActivityVersion",
    "Claim",
    "ClaimEvidence",
    "ClaimVersion",
    "CoOwner",
    "CoOwnerVersion",
    "Duty",
    "DutyVersion",
    "Extension",
    "ExtensionVersion",
    "Lamp",
    "LampVersion",
    "Quota",
    "QuotaPlace",
    "QuotaPlaceVersion",
    "Report",
    "Target",
    "TargetVersion",
]
