"""Acts of the chapter of steady growth."""

from guatu.growth.actions.consents import give_consent, show_consent, withdraw_consent
from guatu.growth.actions.figures import Entry, Ground, report_figures
from guatu.growth.actions.marks import end_mark, mark_firm
from guatu.growth.actions.planning import charge_measure, edit_plan, make_plan
from guatu.growth.actions.serving import appoint_specialist, dismiss_specialist

__all__ = [
    "Entry",
    "Ground",
    "appoint_specialist",
    "charge_measure",
    "dismiss_specialist",
    "edit_plan",
    "end_mark",
    "give_consent",
    "make_plan",
    "mark_firm",
    "report_figures",
    "show_consent",
    "withdraw_consent",
]
