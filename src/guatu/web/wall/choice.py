"""Which projects a wall shows: the chips and the search of its address, counted by lamp."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from guatu.campaign.search.conditions import projects_named
from guatu.investment.queries import listed_projects
from guatu.investment.queries.wall import by_slack
from guatu.loop.enums import Colour
from guatu.register.policies import may
from guatu.register.search import words_of
from guatu.web.lists import ChoiceFilter
from guatu.web.lists.listing import ChipGroup, narrowed
from guatu.web.lists.state import ListState, read_state
from guatu.web.projects.faces import project_url
from guatu.web.projects.filters import KnownFilter, LeaderFilter
from guatu.web.projects.listing import categories, units
from guatu.web.requests import OfficerRequest

ASIDE_NAMES = 60
FILTERS = (
    ChoiceFilter("lamp", "灯", "lamp_colour", dict(Colour.choices)),
    LeaderFilter("leader", "包保领导"),
    KnownFilter("unit", "单位", "subject__unit_id", units, "待定"),
    KnownFilter("category", "类别", "category__code", categories),
)


@dataclass(frozen=True)
class Choice:
    """What the address asks for: its state, the projects searched, and those the chips keep."""

    state: ListState
    found: QuerySet[Any]
    kept: QuerySet[Any]

    @property
    def narrowed(self) -> bool:
        """Tell whether anything was left out."""
        return bool(self.state.search or any(self.state.chosen.values()))

    @property
    def hung(self) -> QuerySet[Any]:
        """Projects on the wall, worst first; what cannot be judged stands aside."""
        return by_slack(self.kept.exclude(lamp_colour=Colour.UNRATED))

    def groups(self) -> list[ChipGroup]:
        """Chips of each filter, counted among what the others keep."""
        state = self.state
        groups = [
            ChipGroup(
                one, one.chips(narrowed(self.found, FILTERS, state, one.id), state.chosen[one.id])
            )
            for one in FILTERS
        ]
        return [group for group in groups if group.chips]


def choose(request: OfficerRequest) -> Choice:
    """Read the address; 404 for those who see no projects."""
    if not may(request.standing, "project.list"):
        raise Http404
    state = read_state(request.GET, [one.id for one in FILTERS], ())
    rows = listed_projects(request.standing, request.as_of)
    found = rows.filter(projects_named(words_of(state.search)))
    return Choice(state, found, narrowed(found, FILTERS, state))


@dataclass(frozen=True)
class Counts:
    """Projects by colour, each in exactly one, with the lists that hold them."""

    by_colour: Mapping[Colour, int]
    state: ListState

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_colour.values())

    @property
    def total_url(self) -> str:
        """List of all counted."""
        return self._list()

    @property
    def unrated(self) -> int:
        """Projects that cannot be judged."""
        return self.by_colour[Colour.UNRATED]

    @property
    def unrated_url(self) -> str:
        """List of those."""
        return self._list(Colour.UNRATED)

    @property
    def rated(self) -> list[tuple[Colour, int, str]]:
        """Colour, number and list of what hangs on the wall."""
        return [
            (colour, number, self._list(colour))
            for colour, number in self.by_colour.items()
            if colour != Colour.UNRATED
        ]

    @property
    def hung(self) -> int:
        """Projects on the wall."""
        return self.total - self.unrated

    def _list(self, colour: Colour | None = None) -> str:
        pairs = [] if colour is None else [("lamp", colour.value)]
        for name, values in self.state.chosen.items():
            pairs += [(name, value) for value in values if colour is None or name != "lamp"]
        if self.state.search:
            pairs.append(("q", self.state.search))
        address = reverse("projects:list")
        return f"{address}?{urlencode(pairs)}" if pairs else address


def counts_of(choice: Choice) -> Counts:
    """Count what the chips keep; one query."""
    counted = choice.kept.order_by().aggregate(
        **{colour.value: Count("pk", filter=Q(lamp_colour=colour.value)) for colour in Colour}
    )
    return Counts({colour: counted[colour.value] for colour in Colour}, choice.state)


def incomplete(choice: Choice, counts: Counts) -> list[tuple[str, str]]:
    """Names and addresses of what cannot be judged; no query when there is none."""
    if not counts.unrated:
        return []
    rows = choice.kept.filter(lamp_colour=Colour.UNRATED).order_by("unit_order", "subject_id")
    return [(row.name, project_url(row)) for row in rows[:ASIDE_NAMES]]
