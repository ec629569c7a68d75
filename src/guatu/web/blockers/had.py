"""The list of blockers narrowed to what some units had: their days of each, from the address."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guatu.loop.queries.blocker_stays import SYSTEM
from guatu.loop.queries.blocker_sums import held_by
from guatu.register.models import Organisation
from guatu.web.blockers.faces import BY_SYSTEM
from guatu.web.lists import Chip, Column, Filter, Kind
from guatu.web.lists.filters import Look
from guatu.web.requests import OfficerRequest

HAD = "had"
DAYS = Column(
    "held", "在该单位", "held", Kind.NUMBER, unit="工日", width="m", sort=("held",), total="held"
)


class Had:
    """Units a request asks for and the working days that blockers in sight lay with them."""

    def __init__(self, request: OfficerRequest) -> None:
        self.request = request
        self.codes = list(dict.fromkeys(request.GET.getlist(HAD)))
        self.key = "pk" if request.as_of is None else "row_id"

    def __bool__(self) -> bool:
        return bool(self.codes)

    @cached_property
    def names(self) -> Mapping[str, tuple[int | None, str]]:
        """Key and name of each unit by code, in protocol order, the system last; one query."""
        units = Organisation.objects.filter(code__in=self.codes).order_by("order_path")
        found = {unit.code: (unit.pk, str(unit)) for unit in units}
        return found | ({BY_SYSTEM: (None, SYSTEM)} if BY_SYSTEM in self.codes else {})

    @cached_property
    def days(self) -> Mapping[str, Mapping[int, int]]:
        """Days of each blocker, by its key, by code of the unit that had it."""
        keys = {key for key, _ in self.names.values()}
        held = held_by(self.request.standing, keys, self.request.as_of)
        return {code: held.get(key, {}) for code, (key, _) in self.names.items()}

    def condition(self, codes: Sequence[str]) -> Q:
        """Blockers that lay with one of the units."""
        keys = {key for code in codes for key in self.days.get(code, ())}
        return Q(**{f"{self.key}__in": keys})

    def annotated(self, rows: QuerySet) -> QuerySet:
        """Rows with ``held``, the days with all units asked for; untouched where none is."""
        if not self:
            return rows
        held = Counter[int]()
        for some in self.days.values():
            held.update(some)
        by_days: dict[int, list[int]] = {}
        for key, days in held.items():
            by_days.setdefault(days, []).append(key)
        whens = [When(**{f"{self.key}__in": keys}, then=days) for days, keys in by_days.items()]
        found: QuerySet = rows.annotate(
            held=Case(*whens, default=Value(0), output_field=IntegerField())
        )
        return found


@dataclass(frozen=True)
class HadFilter(Filter):
    """Units that have or had a blocker, by code; shown only where the address asks for them."""

    had: Had

    @property
    def look(self) -> Look:
        """What was asked for stands on the line."""
        return Look.LINE

    def condition(self, values: Sequence[str]) -> Q:
        """Whatever lay with any of the units."""
        return self.had.condition(values)

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """The chosen ones with what each would keep; no query where none is chosen."""
        if not values:
            return []
        kept = set(rows.order_by().values_list(self.had.key, flat=True))
        return [
            Chip(code, name, len(kept & {*self.had.days[code]}), True)
            for code, (_, name) in self.had.names.items()
        ]
