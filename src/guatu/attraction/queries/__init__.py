"""Reads of the attraction chapter."""

from guatu.attraction.queries.funnel import Funnel, funnel_of
from guatu.attraction.queries.page import LeadPage, find_lead, lead_page, left_from
from guatu.attraction.queries.sight import leads_in_sight, listed_leads
from guatu.attraction.queries.steps import steps_on_desk

__all__ = [
    "Funnel",
    "LeadPage",
    "find_lead",
    "funnel_of",
    "lead_page",
    "leads_in_sight",
    "left_from",
    "listed_leads",
    "steps_on_desk",
]
