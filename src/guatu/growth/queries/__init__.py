"""Reads of the chapter of steady growth."""

from guatu.growth.queries.figures import (
    FigureTable,
    Told,
    figure_table,
    known_figures,
    look_in,
    trail_of,
)
from guatu.growth.queries.firms import (
    consent_paper,
    consents_of,
    marked,
    marks_of,
    papers_of,
    services_of,
    with_specialist,
    with_unit,
)
from guatu.growth.queries.owed import OwnFirm, own_firms
from guatu.growth.queries.plans import (
    PlanPage,
    find_plan,
    listed_plans,
    plan_page,
    plans_in_sight,
    plans_of,
)
from guatu.growth.queries.sheets import (
    SheetCell,
    cells_of,
    figure_name,
    firms_in_sight,
    listed_figures,
    reported,
)
from guatu.growth.queries.visiting import (
    ToVisit,
    VisitDue,
    visit_due,
    visit_of,
    visits_on_desk,
    with_visit_marks,
)

__all__ = [
    "FigureTable",
    "OwnFirm",
    "PlanPage",
    "SheetCell",
    "ToVisit",
    "Told",
    "VisitDue",
    "cells_of",
    "consent_paper",
    "consents_of",
    "figure_name",
    "figure_table",
    "find_plan",
    "firms_in_sight",
    "known_figures",
    "listed_figures",
    "listed_plans",
    "look_in",
    "marked",
    "marks_of",
    "own_firms",
    "papers_of",
    "plan_page",
    "plans_in_sight",
    "plans_of",
    "reported",
    "services_of",
    "trail_of",
    "visit_due",
    "visit_of",
    "visits_on_desk",
    "with_specialist",
    "with_unit",
    "with_visit_marks",
]
