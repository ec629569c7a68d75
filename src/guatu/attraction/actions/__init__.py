"""Writes of the attraction chapter, by concept."""

from guatu.attraction.actions.following import Next, end_step, follow_up, step_into_duty
from guatu.attraction.actions.importing import ImportResult, import_leads
from guatu.attraction.actions.leads import add_lead, edit_lead, end_contact, name_contact
from guatu.attraction.actions.moving import land, move_lead
from guatu.attraction.actions.promising import AFFIRMED, end_promise, promise
from guatu.attraction.actions.reminding import remind_of_steps

__all__ = [
    "AFFIRMED",
    "ImportResult",
    "Next",
    "add_lead",
    "edit_lead",
    "end_contact",
    "end_promise",
    "end_step",
    "follow_up",
    "import_leads",
    "land",
    "move_lead",
    "name_contact",
    "promise",
    "remind_of_steps",
    "step_into_duty",
]
