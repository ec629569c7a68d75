"""Projects, enterprises, leads, duties and other subjects that fit the words.

The database is asked for the first rows that fit at all, which ends early for a word that stands
everywhere; then for those that fit exactly or by their start. The few shown are read afterwards.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.attraction.queries import leads_in_sight
from guatu.attraction.rules import lead_rules
from guatu.campaign.search.conditions import (
    LEAD_FIELDS,
    SUBJECT_FIELDS,
    coded_subjects,
    duties_named,
    named_subjects,
    projects_named,
)
from guatu.campaign.search.hits import MOST, NOTHING, Asked, Hit, Kind, Matches, Rank, told
from guatu.investment.queries import projects_in_sight
from guatu.loop.models import Target, TargetPart
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enums import SubjectKind
from guatu.register.models import Enterprise, EnterpriseName, Subject
from guatu.register.policies import in_sight, may, sees_district
from guatu.register.search import condition
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]
Shown = Mapping[int, Hit]
NONE = Q(pk__in=[])
MATTERS = (SubjectKind.CAMPAIGN, SubjectKind.INDICATOR)


@dataclass(frozen=True)
class Columns:
    """What a row is ranked by: its name, its codes, the initials of its name."""

    name: str
    codes: tuple[str, ...]
    initials: str

    def ranked(
        self, asked: Asked, rows: Rows, fits: Q, exact: Q = NONE, *others: Q
    ) -> list[tuple[int, Rank]]:
        """Keys and ranks of the ``rows`` that fit, best first.

        ``exact`` says which rows also bear exactly what is asked for beside their own columns;
        ``others`` are further conditions under which a row fits.
        """
        found = self._some(rows, fits)
        start: list[tuple[Any, ...]] = []
        if len(found) > MOST:
            exact |= self._exact(asked) & fits
            start = self._some(rows, self._start(asked) & fits)
        named = self._some(rows, exact) if exact is not NONE else []
        ranks = {
            pk: asked.fit((name,), codes, (initials,))
            for pk, name, *codes, initials in (*found, *start, *named)
        }
        ranks |= {pk: min(ranks[pk], Rank.NAME) for pk, *_ in named}
        for other in others:
            if len(ranks) <= MOST:
                ranks |= {pk: ranks.get(pk, Rank.INSIDE) for pk, *_ in self._some(rows, other)}
        return sorted(ranks.items(), key=lambda pair: (pair[1], pair[0]))[: MOST + 1]

    def _some(self, rows: Rows, fits: Q) -> list[tuple[Any, ...]]:
        """Rows without an order: the first that fit end the query."""
        some = rows.filter(fits).order_by()
        return list(some.values_list("pk", self.name, *self.codes, self.initials)[: MOST + 1])

    def _exact(self, asked: Asked) -> Q:
        exact = Q(**{f"{self.name}__in": asked.typed})
        for code in self.codes:
            exact |= Q(**{code: asked.whole.upper()})
        return exact

    def _start(self, asked: Asked) -> Q:
        start = Q(**{f"{self.name}__istartswith": asked.whole})
        if asked.letters:
            start |= Q(**{f"{self.initials}__startswith": asked.letters})
        return start


def projects(asked: Asked) -> Matches:
    """Projects in sight, by names, short names and codes."""
    seen = projects_in_sight(asked.standing, asked.as_of)
    columns = Columns("name", ("subject__code", "gbt_code"), "subject__initials")

    def show(keys: Sequence[int]) -> Shown:
        rows = seen.filter(pk__in=keys).select_related("subject__unit", "stage")
        return {
            row.pk: Hit(
                Kind.PROJECT,
                row.subject.public_id,
                row.name,
                row.subject.code,
                _joined(row.subject.unit or "责任单位待定", row.stage or "阶段未知"),
            )
            for row in rows
        }

    return Matches(columns.ranked(asked, seen, projects_named(asked.words)), show)


def enterprises(asked: Asked) -> Matches:
    """Enterprises in sight, by the names they bear or bore and by codes."""
    if not may(asked.standing, "enterprise.list"):
        return NOTHING
    key = f"{asked.key}__in"
    coded = rows_as_of(Enterprise, asked.as_of).filter(uscc__in=asked.typed).exclude(uscc="")
    borne = rows_as_of(EnterpriseName, asked.as_of).filter(name__in=asked.typed)
    exact = Q(**{key: coded.values("subject_id")}) | Q(**{key: borne.values("subject_id")})

    def show(keys: Sequence[int]) -> Shown:
        return _firms(asked, keys)

    # Nearly all subjects are enterprises: an index on the kind would be the longer way, and asking
    # for the kind before the name the dearer one.
    firm = ~Q(kind__in=[kind for kind in SubjectKind if kind != SubjectKind.ENTERPRISE])
    seen, others = _subjects(asked), []
    for keys in (named_subjects, coded_subjects):
        found = keys(asked.words, asked.as_of)
        if not sees_district(asked.standing):
            # Few are in sight: their names are looked up, not all names looked through.
            found = found.filter(subject_id__in=seen.values(asked.key))
        others.append(Q(**{key: found}))
    columns = Columns("title", ("code",), "initials")
    fits = condition(SUBJECT_FIELDS, asked.words) & firm
    return Matches(columns.ranked(asked, seen, fits, exact & firm, *others), show)


def _firms(asked: Asked, keys: Sequence[int]) -> Shown:
    """Enterprises as they are shown: unit, credit code, and the other name that was found."""
    firm = rows_as_of(Enterprise, asked.as_of).filter(subject_id=OuterRef(asked.key))
    shown = _subjects(asked).filter(pk__in=keys).annotate(uscc=Subquery(firm.values("uscc")[:1]))
    rows = {row.pk: row for row in shown.select_related("unit")}
    own = {getattr(row, "row_id", row.pk): key for key, row in rows.items()}
    borne: dict[int, list[str]] = defaultdict(list)
    named = rows_as_of(EnterpriseName, asked.as_of).filter(subject_id__in=own).order_by("pk")
    for subject, name, short in named.values_list("subject_id", "name", "short"):
        if name != rows[own[subject]].title and asked.rank_of(name) is not None:
            borne[subject].append(f"{'简称' if short else '曾用名'}：{name}")
    return {
        row.pk: Hit(
            Kind.ENTERPRISE,
            row.public_id,
            row.title,
            row.code,
            _joined(*borne[subject][:1], row.uscc, row.unit or "责任单位未定"),
        )
        for subject, row in ((subject, rows[key]) for subject, key in own.items())
    }


def leads(asked: Asked) -> Matches:
    """Leads in sight, by their names, investors and codes."""
    if not may(asked.standing, "lead.list"):
        return NOTHING
    seen = leads_in_sight(asked.standing, asked.as_of)

    def show(keys: Sequence[int]) -> Shown:
        stages = lead_rules(asked.day).stage_names()
        rows = seen.filter(pk__in=keys).select_related("subject__unit")
        return {
            row.pk: Hit(
                Kind.LEAD,
                row.subject.public_id,
                row.name,
                row.subject.code,
                _joined(
                    row.investor,
                    row.subject.unit or "责任单位待定",
                    stages.get(row.stage, row.stage),
                ),
            )
            for row in rows
        }

    columns = Columns("name", ("subject__code",), "subject__initials")
    return Matches(columns.ranked(asked, seen, condition(LEAD_FIELDS, asked.words)), show)


def duties(asked: Asked) -> Matches:
    """Duties in sight, by what they say, their codes and their subjects."""
    if not may(asked.standing, "duty.list"):
        return NOTHING
    seen = duties_in_sight(asked.standing, asked.as_of)

    def show(keys: Sequence[int]) -> Shown:
        rows = seen.filter(pk__in=keys).select_related("subject", "owner_unit")
        return {
            row.pk: Hit(
                Kind.DUTY,
                row.public_id,
                row.title,
                row.code,
                _joined(
                    row.subject.title, row.owner_unit or "责任单位未定", row.get_state_display()
                ),
            )
            for row in rows
        }

    columns = Columns("title", ("code",), "subject__initials")
    return Matches(columns.ranked(asked, seen, duties_named(asked.words)), show)


def matters(asked: Asked) -> Mapping[Kind, Matches]:
    """What else one is responsible for: reforms, the campaign and indicators; they are few."""
    kinds = (*MATTERS, SubjectKind.REFORM) if may(asked.standing, "reform.list") else MATTERS
    rows = _subjects(asked).filter(kind__in=kinds).order_by("kind", "code")
    # Targets of the campaign and their parts are a kind of their own.
    own = Target.objects.exclude(kind="").values("subject_id")
    parts = TargetPart.objects.values("subject_id")
    rows = rows.exclude(**{f"{asked.key}__in": own}).exclude(**{f"{asked.key}__in": parts})
    found: dict[Kind, list[tuple[Rank | None, Hit]]] = {Kind.REFORM: [], Kind.MATTER: []}
    for key, title, code, kind, unit in rows.values_list(
        "public_id", "title", "code", "kind", "unit__name"
    ):
        is_reform = kind == SubjectKind.REFORM
        place = Kind.REFORM if is_reform else Kind.MATTER
        note = unit or "责任单位未定" if is_reform else _joined(SubjectKind(kind).label, unit)
        rank = asked.rank_of(title, code=code)
        found[place].append((rank, Hit(place, key, title, code, note)))
    return {kind: told(pairs) for kind, pairs in found.items()}


def _subjects(asked: Asked) -> Rows:
    """Subjects in sight; for those who see the district no row need be looked up for it."""
    rows: Rows = rows_as_of(Subject, asked.as_of)
    if sees_district(asked.standing):
        return rows
    return rows.filter(in_sight(asked.standing, "" if asked.as_of is None else "row__"))


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)
