"""Projects, enterprises, leads, duties and other subjects that fit the words.

The database is asked for the first rows that fit at all, which ends early for a word that stands
everywhere; then for those that fit exactly or by their start. The few shown are read afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.attraction.queries import leads_in_sight
from guatu.attraction.rules import lead_rules
from guatu.campaign.search.conditions import (
    DUTY_FIELDS,
    LEAD_FIELDS,
    SUBJECT_FIELDS,
    Keys,
    coded_subjects,
    may_be_credit_code,
    named_in,
    named_subjects,
    projects_named,
    split_by_units,
)
from guatu.campaign.search.hits import MOST, NOTHING, Asked, Hit, Kind, Matches, Rank, told
from guatu.investment.queries import projects_in_sight
from guatu.loop.enums import DutyState
from guatu.loop.models import Target, TargetPart
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enums import SubjectKind
from guatu.register.models import Enterprise, EnterpriseName, Subject
from guatu.register.policies import in_sight, may, sees_district
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]
Row = tuple[Any, ...]
Shown = Mapping[Row, Hit]
NONE = Q(pk__in=[])
MATTERS = (SubjectKind.CAMPAIGN, SubjectKind.INDICATOR)


def of_unit(owner: str) -> tuple[str, str]:
    """Columns of what the unit of ``owner`` is called: in short, and in full."""
    return f"{owner}__unit__short_name", f"{owner}__unit__name"


@dataclass(frozen=True)
class Columns:
    """What a row is ranked by: its name, its codes, the initials of its name.

    ``shown`` are the columns a hit is made of: they come with the ranks, in the same query.
    """

    name: str
    codes: tuple[str, ...]
    initials: str
    shown: tuple[str, ...] = ()

    def ranked(
        self, asked: Asked, rows: Rows, fits: Q, exact: Q = NONE, other: Q = NONE
    ) -> list[tuple[Row, Rank]]:
        """Rows that fit, each its key and what is shown of it, with their ranks; best first.

        ``exact`` says which rows bear exactly what is asked for, where columns do not say it;
        ``other`` is a further condition under which a row fits.
        """
        ranks = self._rank(asked, self._some(rows, fits))
        if len(ranks) > MOST:
            exact = self._exact(asked) & fits if exact is NONE else exact
            if sum(rank <= Rank.START for rank in ranks.values()) <= MOST:
                ranks |= self._rank(asked, self._some(rows, self._start(asked) & fits))
        if exact is not NONE:
            for key, rank in self._rank(asked, self._some(rows, exact)).items():
                ranks[key] = min(rank, Rank.NAME)
        if other is not NONE and len(ranks) <= MOST:
            more = self._rank(asked, self._some(rows, other))
            ranks |= {key: ranks.get(key, Rank.INSIDE) for key in more}
        return sorted(ranks.items(), key=lambda pair: (pair[1], pair[0][0]))[: MOST + 1]

    def _rank(self, asked: Asked, rows: Iterable[tuple[Any, ...]]) -> dict[Row, Rank]:
        """Ranks by what the rows' own columns say."""
        last = 3 + len(self.codes)
        return {
            (row[0], *row[last:]): asked.fit((row[1],), row[2 : last - 1], (row[last - 1],))
            for row in rows
        }

    def _some(self, rows: Rows, fits: Q) -> list[tuple[Any, ...]]:
        """Rows without an order: the first that fit end the query."""
        some = rows.filter(fits).order_by()
        columns = ("pk", self.name, *self.codes, self.initials, *self.shown)
        return list(some.values_list(*columns)[: MOST + 1])

    def _exact(self, asked: Asked) -> Q:
        exact = Q(**{f"{self.name}__in": asked.typed})
        for code in self.codes:
            exact |= Q(**{f"{code}__in": asked.codes})
        return exact

    def _start(self, asked: Asked) -> Q:
        start = Q(**{f"{self.name}__istartswith": asked.whole})
        if asked.letters:
            start |= Q(**{f"{self.initials}__startswith": asked.letters})
        return start


def projects(asked: Asked) -> Matches:
    """Projects in sight, by names, short names and codes."""
    seen = projects_in_sight(asked.standing, asked.as_of)
    columns = Columns(
        "name",
        ("subject__code", "gbt_code"),
        "subject__initials",
        ("subject__public_id", "name", "subject__code", *of_unit("subject"), "stage__name"),
    )

    def show(rows: Sequence[Row]) -> Shown:
        return {
            row: Hit(
                Kind.PROJECT,
                key,
                name,
                code,
                _joined(short or unit or "责任单位待定", stage or "阶段未知"),
            )
            for row in rows
            for _, key, name, code, short, unit, stage in [row]
        }

    return Matches(columns.ranked(asked, seen, projects_named(asked.words, asked.units)), show)


def enterprises(asked: Asked) -> Matches:
    """Enterprises in sight, by the names they bear or bore and by codes."""
    if not may(asked.standing, "enterprise.list"):
        return NOTHING
    key = f"{asked.key}__in"
    coded = rows_as_of(Enterprise, asked.as_of).filter(uscc__in=asked.typed).exclude(uscc="")
    borne = rows_as_of(EnterpriseName, asked.as_of).filter(name__in=asked.typed)
    # Each is found by an index, and so is the whole: every enterprise bears its name as a row.
    exact = Q(**{key: coded.values("subject_id")}) | Q(**{key: borne.values("subject_id")})
    exact |= Q(code__in=asked.codes)

    def show(rows: Sequence[Row]) -> Shown:
        firms = _firms(asked, [pk for pk, *_ in rows])
        return {row: firms[row[0]] for row in rows if row[0] in firms}

    # Nearly all subjects are enterprises: an index on the kind would be the longer way, and asking
    # for the kind before the name the dearer one.
    firm = ~Q(kind__in=[kind for kind in SubjectKind if kind != SubjectKind.ENTERPRISE])
    seen = _subjects(asked)
    borne_by = [named_subjects(asked.words, asked.as_of), *_owned(asked)]
    coded_as = [coded_subjects(asked.words, asked.as_of)] if may_be_credit_code(asked.words) else []
    if not sees_district(asked.standing):
        # Few are in sight: their names are looked up, not all names looked through.
        near = seen.values(asked.key)
        borne_by = [found.filter(subject_id__in=near) for found in borne_by]
        coded_as = [found.filter(subject_id__in=near) for found in coded_as]
    columns = Columns("title", ("code",), "initials")
    fits = named_in(SUBJECT_FIELDS, asked.words, asked.units, "unit_id") & firm
    if not any(word.isascii() for word in asked.words):
        # Neither code nor initials: the names, of which each bears its present one, tell all.
        first = (found.values_list("subject_id", flat=True)[: MOST + 1] for found in borne_by)
        few = list(dict.fromkeys(chain.from_iterable(first)))
        if len(few) <= MOST:
            return Matches(columns.ranked(asked, seen, Q(**{key: few}) & firm, exact & firm), show)
    others = NONE
    for found in (*borne_by, *coded_as):
        others |= Q(**{key: found})
    return Matches(columns.ranked(asked, seen, fits, exact & firm, others), show)


def _owned(asked: Asked) -> list[Keys]:
    """Keys of enterprises by words of a name and a word that names their unit."""
    return [
        named_subjects(rest, asked.as_of).filter(subject__unit_id__in=units)
        for rest, units in split_by_units(asked.words, asked.units)
    ]


def _firms(asked: Asked, keys: Sequence[int]) -> Mapping[int, Hit]:
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

    columns = Columns(
        "name",
        ("subject__code",),
        "subject__initials",
        (
            "subject__public_id",
            "name",
            "subject__code",
            "investor",
            *of_unit("subject"),
            "stage",
        ),
    )

    def show(rows: Sequence[Row]) -> Shown:
        stages = lead_rules(asked.day).stage_names()
        return {
            row: Hit(
                Kind.LEAD,
                key,
                name,
                code,
                _joined(investor, short or unit or "责任单位待定", stages.get(stage, stage)),
            )
            for row in rows
            for _, key, name, code, investor, short, unit, stage in [row]
        }

    fits = named_in(LEAD_FIELDS, asked.words, asked.units, "subject__unit_id")
    return Matches(columns.ranked(asked, seen, fits), show)


def duties(asked: Asked) -> Matches:
    """Duties in sight, by what they say, their codes and their subjects."""
    if not may(asked.standing, "duty.list"):
        return NOTHING
    seen = duties_in_sight(asked.standing, asked.as_of)

    columns = Columns(
        "title",
        ("code", "outside_number"),
        "initials",
        (
            "public_id",
            "title",
            "code",
            "outside_number",
            "subject__title",
            "owner_unit__short_name",
            "owner_unit__name",
            "state",
        ),
    )

    def show(rows: Sequence[Row]) -> Shown:
        return {
            row: Hit(
                Kind.DUTY,
                key,
                title,
                code,
                _joined(number, subject, short or unit or "责任单位未定", DutyState(state).label),
            )
            for row in rows
            for _, key, title, code, number, subject, short, unit, state in [row]
        }

    fits = named_in(DUTY_FIELDS, asked.words, asked.units, "owner_unit_id")
    return Matches(columns.ranked(asked, seen, fits), show)


def matters(asked: Asked) -> Mapping[Kind, Matches]:
    """What else one is responsible for: reforms, the campaign and indicators; they are few."""
    kinds = (*MATTERS, SubjectKind.REFORM) if may(asked.standing, "reform.list") else MATTERS
    rows = _subjects(asked).filter(kind__in=kinds).order_by("kind", "code")
    # Targets of the campaign and their parts are a kind of their own.
    own = Target.objects.exclude(kind="").values("subject_id")
    parts = TargetPart.objects.values("subject_id")
    rows = rows.exclude(**{f"{asked.key}__in": own}).exclude(**{f"{asked.key}__in": parts})
    found: dict[Kind, list[tuple[Rank | None, Hit]]] = {Kind.REFORM: [], Kind.MATTER: []}
    for key, title, code, kind, unit, key_of_unit in rows.values_list(
        "public_id", "title", "code", "kind", "unit__name", "unit_id"
    ):
        is_reform = kind == SubjectKind.REFORM
        place = Kind.REFORM if is_reform else Kind.MATTER
        note = unit or "责任单位未定" if is_reform else _joined(SubjectKind(kind).label, unit)
        rank = asked.rank_of(title, code=code, unit=key_of_unit)
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
