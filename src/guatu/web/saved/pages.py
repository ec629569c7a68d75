"""Lists that have views: their names, addresses and filters."""

from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse

from guatu.register.policies import Standing, may
from guatu.web.absences.listing import AbsenceList
from guatu.web.blockers.listing import BlockerList
from guatu.web.duties.listing import DutyList
from guatu.web.enterprises.listing import EnterpriseList
from guatu.web.firms.figures import FigureList
from guatu.web.firms.listing import PlanList
from guatu.web.handovers.listing import HandoverList
from guatu.web.leads.listing import LeadList
from guatu.web.letters.listing import LetterList
from guatu.web.letters.suggested import SuggestionList
from guatu.web.lists import ListPage
from guatu.web.meetings.listing import MeetingList
from guatu.web.projects.listing import ProjectList
from guatu.web.reforms.listing import ReformList
from guatu.web.reserve.listing import ReserveList
from guatu.web.visits.listing import UnvisitedList, VisitList

PAGES: Mapping[str, tuple[type[ListPage], str]] = {
    "duties": (DutyList, "duties:duties"),
    "projects": (ProjectList, "projects:list"),
    "leads": (LeadList, "leads:list"),
    "reserve": (ReserveList, "reserve:list"),
    "firm_figures": (FigureList, "firms:figures"),
    "firm_plans": (PlanList, "firms:plans"),
    "enterprises": (EnterpriseList, "enterprises:enterprises"),
    "blockers": (BlockerList, "blockers:blockers"),
    "letters": (LetterList, "letters:letters"),
    "suggested_letters": (SuggestionList, "letters:suggested"),
    "meetings": (MeetingList, "meetings:meetings"),
    "visits": (VisitList, "visits:visits"),
    "unvisited": (UnvisitedList, "visits:unvisited"),
    "reforms": (ReformList, "reforms:reforms"),
    "handovers": (HandoverList, "handovers:handovers"),
    "absences": (AbsenceList, "absences:absences"),
}


def paths_for(standing: Standing) -> dict[str, str]:
    """Addresses of the lists the officer may open, by name."""
    return {
        name: reverse(route) for name, (page, route) in PAGES.items() if may(standing, page.action)
    }


def page_or_404(standing: Standing, name: str) -> tuple[type[ListPage], str]:
    """The list of a name and its address; missing where the officer may not open it."""
    path = paths_for(standing).get(name)
    if path is None:
        raise Http404
    return PAGES[name][0], path
