"""The rows behind a figure of the brief, as the lists show them; their number is the figure."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from guatu.campaign.brief import KINDS, Scope, Week, colours_of, conditions_of, rows_behind
from guatu.campaign.brief.counting import money_of
from guatu.campaign.brief.gathering import LAMP, moves_of, rule_at
from guatu.register.errors import Forbidden
from guatu.register.policies import Standing
from guatu.register.rules import rules_through
from guatu.web.blockers.listing import BlockerList
from guatu.web.brief.days import asked
from guatu.web.duties.listing import DutyList
from guatu.web.letters.listing import LetterList
from guatu.web.lists import ListPage
from guatu.web.projects.listing import ProjectList
from guatu.web.requests import OfficerRequest


class BriefRows(ListPage):
    """Rows of one figure; beside it stands the list of its kind, which draws them."""

    request: OfficerRequest
    kind: ClassVar[str]
    action = "brief.see"
    note = ""
    saved = ""
    empty_help = "这个数是 0。"
    template_name = "lists/list.html"
    week: Week
    scope: Scope

    def get(self, request: OfficerRequest, **address: Any) -> HttpResponse:  # noqa: ANN401 -- of the path
        """Show the rows as they were known at the end of the week."""
        figure = str(address["figure"])
        try:
            self.week, self.scope = asked(request, address["monday"], address["scope"])
        except Forbidden as refusal:
            raise Http404 from refusal
        if figure not in KINDS[self.kind]:
            raise Http404
        request.as_of = self.week.as_of
        label = KINDS[self.kind][figure].removeprefix("其中")
        self.title = f"{self.scope.name} {self.week.first:%m-%d} 周：{label}"  # type: ignore[misc]  # one of each address
        return super().get(request)

    def narrowed_to(self, standing: Standing, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Of ``rows`` those that the figure counts."""
        counted = rows_behind(standing, self.scope, self.kind, self.week.as_of)
        figure = self.kwargs["figure"]
        if self.kind == "projects":
            return rows.filter(subject_id__in=self._projects(standing, figure))
        rule = rule_at(rules_through([LAMP]), self.week.last)
        condition = conditions_of(self.kind, self.week.days, rule)[figure]
        return rows.filter(pk__in=counted.filter(condition).values("pk"))

    def _projects(self, standing: Standing, figure: str) -> list[int]:
        now = colours_of(standing, self.scope, self.week.as_of)
        if figure == "money":
            year = self.week.last.year
            return sorted(money_of(now, self.week.first, self.week.as_of, year)[1])
        if figure in {"worse", "better", "added"}:
            return moves_of(now, colours_of(standing, self.scope, self.week.before))[figure]
        return [key for key, colour in now.items() if figure in {"all", colour}]


class BriefDuties(BriefRows, DutyList):
    """Duties of a figure."""

    kind = "duties"
    action = "brief.see"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Those counted."""
        return self.narrowed_to(standing, DutyList.rows(self, standing, as_of))


class BriefProjects(BriefRows, ProjectList):
    """Projects of a figure."""

    kind = "projects"
    action = "brief.see"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Those counted."""
        return self.narrowed_to(standing, ProjectList.rows(self, standing, as_of))


class BriefBlockers(BriefRows, BlockerList):
    """Blockers of a figure."""

    kind = "blockers"
    action = "brief.see"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Those counted."""
        return self.narrowed_to(standing, BlockerList.rows(self, standing, as_of))


class BriefLetters(BriefRows, LetterList):
    """Letters of a figure."""

    kind = "letters"
    action = "brief.see"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Those counted."""
        return self.narrowed_to(standing, LetterList.rows(self, standing, as_of))
