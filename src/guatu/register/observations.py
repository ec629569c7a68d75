"""Acts on figures by period, and on places. A later figure supersedes; none is overwritten."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from guatu.register.enums import Basis, Effect, Role, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import (
    Event,
    Indicator,
    Observation,
    Organisation,
    Place,
    SourceCell,
    Subject,
)
from guatu.register.policies import Standing, in_sight, require
from guatu.register.recording import BATCH, Act, change_many, create, create_many
from guatu.register.versions import end_of

DIRECT_REPORTS = ("统计直报", "联网直报")
"""Words by which a source says that a firm reported to the statistics bureau."""
UNGROUNDED = (
    "企业的经营数据须写明提供方、用途和企业同意（或法定依据），请在企业页的「经营数据」中登记。"
)
# 2025 · 2025Q1 · 2025-03 · 2025-01/02
PERIOD = re.compile(r"(?:19|20)\d\d(?:Q[1-4]|-(?:0[1-9]|1[0-2])(?:/(?:0[1-9]|1[0-2]))?)?")


@dataclass(frozen=True)
class Figure:
    """One figure as a source gives it; ``value`` None = the source says it is missing."""

    subject: Subject
    indicator: Indicator
    period: str
    basis: Basis
    value: Decimal | None
    source: str
    cell: SourceCell | None = None


def observe(act: Act, figure: Figure) -> Observation:
    """Record one figure; see :func:`observe_many`."""
    return observe_many(act, [figure])[0]


def observe_many(act: Act, figures: Sequence[Figure]) -> list[Observation]:
    """Record figures; the current one of each returned in order, new or unchanged.

    A figure that differs in value from the current one of its subject, indicator, period and basis
    supersedes it; the same value again writes nothing. A constant number of statements per 500.
    Raises Invalid for a period that is none, for a figure given twice, and for a figure of a firm:
    only the growth chapter takes those, with provider, purpose and consent.
    """
    for subject in {figure.subject.pk: figure.subject for figure in figures}.values():
        require(act.standing, "observation.add", subject)
    if any(_needs_ground(figure) for figure in figures):
        raise Invalid(UNGROUNDED)
    return keep_figures(act, figures)


def keep_figures(act: Act, figures: Sequence[Figure]) -> list[Observation]:
    """Record figures of an action that has asked its own policy, as :func:`observe_many` does."""
    keys = [_key(figure) for figure in figures]
    if len(set(keys)) != len(keys):
        raise Invalid("同一指标同一时期的数出现了两次。")
    wrong = next((figure for figure in figures if not PERIOD.fullmatch(figure.period)), None)
    if wrong is not None:
        raise Invalid(f"时期「{wrong.period}」不正确，应如 2025、2025Q1、2025-03。", "period")
    with transaction.atomic():
        current = _current(figures)
        made: list[Observation] = []
        answer: list[Observation] = []
        for key, figure in zip(keys, figures, strict=True):
            old = current.get(key)
            if old is not None and old.value == figure.value:
                answer.append(old)
                continue
            row = _row(act, figure)
            made.append(row)
            answer.append(row)
        replaced = [current[_row_key(row)] for row in made if _row_key(row) in current]
        change_many(
            act, "observation.supersede", [(row, {"superseded_at": act.at}) for row in replaced]
        )
        create_many(act, "observation.add", made)
    return answer


def figures_as_of(day: dt.date | None) -> QuerySet[Observation]:
    """Figures that hold today (None), or that were the latest known on ``day``."""
    if day is None:
        return Observation.objects.filter(superseded_at=None)
    moment = end_of(day)
    return Observation.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=moment), vintage__lt=moment
    )


def figures_in_sight(standing: Standing, day: dt.date | None = None) -> QuerySet[Observation]:
    """Figures of the subjects an officer may see, today or as known on ``day``.

    What firms report straight to the statistics bureau is for the statistician alone (统计法);
    a firm's contact sees the figures of firms, not of projects. Other figures of firms show while
    the consent they rest on stands, see :func:`show_firm_figures_by`.
    """
    rows = shown(figures_as_of(day)).filter(in_sight(standing, "subject__"))
    if not standing.has(Role.STATISTICIAN):
        for words in DIRECT_REPORTS:
            rows = rows.exclude(source__contains=words)
    if standing.roles <= {Role.ENTERPRISE}:
        rows = rows.filter(subject__kind=SubjectKind.ENTERPRISE)
    return rows


_GROUNDS: list[Callable[[], Q]] = []


def show_firm_figures_by(ground: Callable[[], Q]) -> None:
    """Let the chapter that keeps consents say which figures of firms may be shown at all."""
    if ground not in _GROUNDS:
        _GROUNDS.append(ground)


def shown(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    """Keep figures that are no firm's, direct reports, and figures of firms with their ground."""
    kept = ~Q(subject__kind=SubjectKind.ENTERPRISE)
    for words in DIRECT_REPORTS:
        kept |= Q(source__contains=words)
    for ground in _GROUNDS:
        kept |= ground()
    return rows.filter(kept)


def is_direct(source: str) -> bool:
    """Tell whether a source says that a firm reported to the statistics bureau.

    >>> is_direct("统计直报 2025-02"), is_direct("企业填报")
    (True, False)
    """
    return any(words in source for words in DIRECT_REPORTS)


def _needs_ground(figure: Figure) -> bool:
    return figure.subject.kind == SubjectKind.ENTERPRISE and not is_direct(figure.source)


def add_place(
    act: Act,
    *,
    name: str,
    subject: Subject | None = None,
    address: str = "",
    street: Organisation | None = None,
    longitude: Decimal | None = None,
    latitude: Decimal | None = None,
    area_m2: Decimal | None = None,
) -> Place:
    """Add a place; coordinates are WGS 84 degrees and come both or not at all."""
    require(act.standing, "place.edit", subject)
    if not name.strip():
        raise Invalid("请填写地点名称。", "name")
    if (longitude is None) != (latitude is None):
        raise Invalid("经度和纬度要么都填，要么都不填。", "longitude")
    if longitude is not None and latitude is not None and not _on_earth(longitude, latitude):
        raise Invalid("经度应在 -180 至 180，纬度应在 -90 至 90 之间。", "longitude")
    if area_m2 is not None and area_m2 < 0:
        raise Invalid("面积不能为负。", "area_m2")
    place = Place(
        subject=subject,
        name=name.strip(),
        address=address.strip(),
        street=street,
        longitude=longitude,
        latitude=latitude,
        area_m2=area_m2,
    )
    return create(act, "place.add", place)


def places_as_of(subject_id: int, day: dt.date | None) -> QuerySet[Place]:
    """Places of a subject known today (None) or on ``day``; none is ever changed or removed.

    ``told_on``: the campaign day it was told. ``overtaken``: a project's position for which a later
    one counts; these come last, the latest first.
    """
    made = Event.objects.filter(model=Place._meta.label, row=OuterRef("pk"), effect=Effect.CREATED)
    if day is not None:
        made = made.filter(at__lt=end_of(day))
    places = Place.objects.all() if day is None else Place.objects.filter(Exists(made))
    later = places.filter(
        subject=OuterRef("subject"),
        subject__kind=SubjectKind.PROJECT,
        longitude__isnull=False,
        pk__gt=OuterRef("pk"),
    )
    overtaken = ExpressionWrapper(Q(longitude__isnull=False) & Exists(later), BooleanField())
    place = Case(
        When(overtaken=True, then=-F("pk")), default=F("pk"), output_field=BigIntegerField()
    )
    found = places.filter(subject_id=subject_id).select_related("street")
    known = found.annotate(told_on=Subquery(made.values("business_date")[:1]), overtaken=overtaken)
    return known.order_by("overtaken", place)


Key = tuple[int, int, str, str]


def _key(figure: Figure) -> Key:
    return figure.subject.pk, figure.indicator.pk, figure.period, str(figure.basis)


def _row_key(row: Observation) -> Key:
    return row.subject_id, row.indicator_id, row.period, row.basis


def _current(figures: Sequence[Figure]) -> dict[Key, Observation]:
    """Figures not yet superseded that the new ones may supersede."""
    subjects = sorted({figure.subject.pk for figure in figures})
    found: dict[Key, Observation] = {}
    for start in range(0, len(subjects), BATCH):
        rows = Observation.objects.filter(
            Q(superseded_at=None), subject_id__in=subjects[start : start + BATCH]
        )
        found |= {_row_key(row): row for row in rows}
    return found


def _row(act: Act, figure: Figure) -> Observation:
    return Observation(
        subject=figure.subject,
        indicator=figure.indicator,
        period=figure.period,
        basis=figure.basis,
        value=figure.value,
        source=figure.source[:200],
        cell=figure.cell,
        vintage=act.at,
        officer=act.standing.officer if act.standing else None,
    )


def _on_earth(longitude: Decimal, latitude: Decimal) -> bool:
    return -180 <= longitude <= 180 and -90 <= latitude <= 90  # noqa: PLR2004 -- degrees
