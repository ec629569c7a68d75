"""Tables of the register, by concept."""

from guatu.register.models.absences import Absence, AbsenceVersion
from guatu.register.models.briefs import BriefRemark, BriefRemarkVersion
from guatu.register.models.campaigns import Campaign, Indicator, Rule
from guatu.register.models.documents import (
    Batch,
    Document,
    Draft,
    Quote,
    SourceCell,
    Sourced,
    StoredFile,
    Workbook,
)
from guatu.register.models.enterprises import (
    Enterprise,
    EnterpriseName,
    EnterpriseNameVersion,
    EnterpriseRelation,
    EnterpriseVersion,
    Industry,
)
from guatu.register.models.events import Event, Head, SampleRow, Seal
from guatu.register.models.maps import MapOutline, MapOutlineVersion
from guatu.register.models.observations import Evidence, Observation, Place
from guatu.register.models.organisations import (
    Holding,
    HoldingVersion,
    Officer,
    Organisation,
    OrganisationVersion,
    Post,
    PostVersion,
)
from guatu.register.models.subjects import Party, PartyVersion, Subject, SubjectVersion
from guatu.register.models.suggestions import Suggestion, SuggestionVersion
from guatu.register.models.tokens import (
    ApiCall,
    ApiPermit,
    ApiPermitVersion,
    ApiToken,
    ApiTokenVersion,
    TokenSecret,
)
from guatu.register.models.views import SavedView, SavedViewVersion, ViewMark, ViewMarkVersion

__all__ = [
    "Absence",
    "AbsenceVersion",
    "ApiCall",
    "ApiPermit",
    "ApiPermitVersion",
    "ApiToken",
    "ApiTokenVersion",
    "Batch",
    "BriefRemark",
    "BriefRemarkVersion",
    "Campaign",
    "Document",
    "Draft",
    "Enterprise",
    "EnterpriseName",
    "EnterpriseNameVersion",
    "EnterpriseRelation",
    "EnterpriseVersion",
    "Event",
    "Evidence",
    "Head",
    "Holding",
    "HoldingVersion",
    "Indicator",
    "Industry",
    "MapOutline",
    "MapOutlineVersion",
    "Observation",
    "Officer",
    "Organisation",
    "OrganisationVersion",
    "Party",
    "PartyVersion",
    "Place",
    "Post",
    "PostVersion",
    "Quote",
    "Rule",
    "SampleRow",
    "SavedView",
    "SavedViewVersion",
    "Seal",
    "SourceCell",
    "Sourced",
    "StoredFile",
    "Subject",
    "SubjectVersion",
    "Suggestion",
    "SuggestionVersion",
    "TokenSecret",
    "ViewMark",
    "ViewMarkVersion",
    "Workbook",
]
