"""Acts of the chapter of steady growth."""

from guatu.growth.actions.accounts import accounts_of, end_account, name_account
from guatu.growth.actions.consents import give_consent, show_consent, withdraw_consent
from guatu.growth.actions.figures import Entry, Ground, report_figures
from guatu.growth.actions.marks import end_mark, mark_firm
from guatu.growth.actions.planning import charge_measure, edit_plan, make_plan
from guatu.growth.actions.serving import appoint_specialist, dismiss_specialist

__all__ = [
    "Entry",
    "Ground",
    "accounts_of",
    "appoint_specialist",
    "charge_measure",
    "dismiss_specialist",
    "edit_plan",
    "end_account",
    "end_mark",
    "give_consent",
    "make_plan",
    "mark_firm",
    "name_account",
    "report_figures",
    "show_consent",
    "withdraw_consent",
]
