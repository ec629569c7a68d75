"""Writes of the investment chapter, by concept."""

from guatu.investment.actions.evidence import attach_evidence
from guatu.investment.actions.figures import (
    MoneyRow,
    record_money,
    record_money_many,
    set_monthly_image,
)
from guatu.investment.actions.importing import ImportResult, import_projects
from guatu.investment.actions.nodes import (
    finish_node,
    forecast_node,
    make_timetable,
    move_stage,
    pass_gates,
    planned,
    reopen_node,
    report_progress,
    set_node_due,
)
from guatu.investment.actions.projects import add_project, edit_project, end_party, name_party
from guatu.investment.actions.reserve import (
    edit_reserve,
    enter_reserve,
    propose,
    remove_reserve,
    restore_reserve,
    review,
    submit,
    transfer,
    withdraw,
)
from guatu.investment.actions.templates import Infeasible, Planned, plan_from_template

__all__ = [
    "ImportResult",
    "Infeasible",
    "MoneyRow",
    "Planned",
    "add_project",
    "attach_evidence",
    "edit_project",
    "edit_reserve",
    "end_party",
    "enter_reserve",
    "finish_node",
    "forecast_node",
    "import_projects",
    "make_timetable",
    "move_stage",
    "name_party",
    "pass_gates",
    "plan_from_template",
    "planned",
    "propose",
    "record_money",
    "record_money_many",
    "remove_reserve",
    "reopen_node",
    "report_progress",
    "restore_reserve",
    "review",
    "set_monthly_image",
    "set_node_due",
    "submit",
    "transfer",
    "withdraw",
]
