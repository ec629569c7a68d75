"""The campaign's targets: setting them, giving them out to units and months, reporting.

Every figure is an observation; a later one supersedes, none is overwritten. An act is done whole or
not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from guatu.engines.apportion import Fault, Found, Share, balance, faults_of, places_of
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import Origin, TargetKind, TargetRules, target_rules
from guatu.register.campaign import current
from guatu.register.enums import Basis, OrganisationKind, SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Campaign, Indicator, Observation, Organisation, Quote, SourceCell
from guatu.register.observations import Figure, keep_figures
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create
from guatu.register.subjects import add_subject

MOST = Decimal(100_000_000)  # one 万亿元 in 万元: beyond it a unit was mistaken
MOST_UNITS = 200
COUNTED = frozenset({"个", "户", "家", "项", "人"})
GIVEN_TO = frozenset(
    {
        OrganisationKind.DEPARTMENT,
        OrganisationKind.STREET,
        OrganisationKind.PLATFORM,
    }
)
WORDS = {
    Fault.NEGATIVE: "不能是负数",
    Fault.TOO_LARGE: "过大，请核对单位",
    Fault.STRETCH_BELOW: "不能低于年度目标",
    Fault.FRACTION: "应为整数",
}
IMPLIED = "未填，已填各月合计等于年度目标，按 0 计"
DISAGREES = "分解合计与目标不一致"
Place = tuple[int, str]
"""A unit's key and a place of its share: ``year``, ``stretch`` or a month's number."""


@dataclass(frozen=True)
class Promise:
    """What is to be reached in the year, and where that is said.

    ``sprint`` is the opening sprint's own target. All amounts in the unit of the indicator; None
    where nothing is said.
    """

    base: Decimal | None = None
    stretch: Decimal | None = None
    sprint: Decimal | None = None
    source: str = ""
    quote: Quote | None = None
    cell: SourceCell | None = None


def place_name(place: str) -> str:
    """Name of a place of a share as sentences and headers say it.

    >>> place_name("year"), place_name("3")
    ('年度目标', '3月')
    """
    return {"year": "年度目标", "stretch": "力争超额"}.get(place, f"{place}月")


def promise(act: Act, code: str, told: Promise, *, expected_revision: int | None = None) -> Target:
    """Set one of the campaign's targets, or set it anew; the earlier stays as a version.

    Raises Invalid for figures that cannot be and for figures without a source, Stale when somebody
    changed the target since it was shown.
    """
    require(act.standing, "target.set")
    rules, campaign = target_rules(act.business_date), _campaign()
    kind = _kind(rules, code)
    indicator = Indicator.objects.get(code=kind.indicator)
    _check_promise(told, indicator)
    values = {
        "base": told.base,
        "stretch": told.stretch,
        "source": told.source.strip()[:200],
        "quote": told.quote,
        "cell": told.cell,
    }
    with transaction.atomic():
        target = Target.objects.filter(kind=code, period=str(campaign.year)).first()
        if target is None:
            target = _open(act, kind, campaign, indicator, values)
        else:
            _same(target, expected_revision)
            change(act, "target.set", target, **values)
        period = rules.sprint.period(campaign.year)
        figure = Figure(
            target.subject, indicator, period, Basis.PLAN, told.sprint, told.source.strip()
        )
        _keep(act, [figure])
    return target


def _campaign() -> Campaign:
    campaign = current()
    if campaign is None:
        raise Invalid("还没有建立攻坚行动，不能设目标。")
    return campaign


def _kind(rules: TargetRules, code: str) -> TargetKind:
    kind = rules.kind(code)
    if kind is None:
        raise Invalid("没有这一项目标。", "kind")
    return kind


def _check_promise(told: Promise, indicator: Indicator) -> None:
    figures = {"base": told.base, "stretch": told.stretch, "sprint": told.sprint}
    names = {"base": "年度目标", "stretch": "力争超额", "sprint": "开门红目标"}
    for name, value in figures.items():
        share = Share(year=value)
        for found in faults_of(share, MOST, whole=indicator.unit in COUNTED):
            message = f"{names[name]}{WORDS[found.fault]}。"
            raise Invalid(message, name)
    if told.base is not None and told.stretch is not None and told.stretch < told.base:
        raise Invalid("力争超额不能低于年度目标。", "stretch")
    if told.base is None and told.stretch is not None:
        raise Invalid("没有年度目标时不能只设力争超额。", "stretch")
    if told.base is not None and told.sprint is not None and told.sprint > told.base:
        raise Invalid("开门红目标不能超过年度目标。", "sprint")
    known = any(value is not None for value in figures.values())
    if known and not told.source.strip() and told.quote is None and told.cell is None:
        raise Invalid("请写明目标出自哪份文件或哪次会议。", "source")


def _open(
    act: Act,
    kind: TargetKind,
    campaign: Campaign,
    indicator: Indicator,
    values: Mapping[str, object],
) -> Target:
    title = f"{campaign.year}年{kind.name}目标"
    subject = add_subject(
        act,
        kind=SubjectKind.INDICATOR,
        title=title,
        unit=campaign.district,
        domain=kind.domain,
    )
    target = Target(
        subject=subject,
        indicator=indicator,
        title=title,
        domain=kind.domain,
        kind=kind.code,
        period=str(campaign.year),
        unit=indicator.unit,
        **values,
    )
    return create(act, "target.set", target)


def _same(target: Target, expected_revision: int | None) -> None:
    if expected_revision is not None and expected_revision != target.revision:
        raise Stale("这项目标刚被别人改过或分解过。")


@dataclass(frozen=True)
class Sheet:
    """A decomposition as told: units with their shares, by whom, and the cells they came from.

    ``knowing`` says that figures which do not add up are meant to be kept as they are.
    """

    shares: Mapping[int, Share]
    source: str
    knowing: bool = False
    cells: Mapping[Place, SourceCell] = field(default_factory=dict)


def decompose(
    act: Act, target: Target, sheet: Sheet, *, expected_revision: int | None = None
) -> int:
    """Give a target out to units and months; returns how many figures are new, different or gone.

    Months left blank are kept as 0 where the others come to the unit's year; else as unknown.

    Units left out of ``sheet`` are given nothing any more; their figures stay in the past. Figures
    that disagree with the target are refused unless ``sheet.knowing``. Nothing is partly saved.
    """
    require(act.standing, "target.decompose", target)
    _same(target, expected_revision)
    units = _units(sheet)
    _check_shares(target, sheet, units)
    if not sheet.knowing:
        _check_balance(target, sheet, units)
    with transaction.atomic():
        _same(Target.objects.select_for_update().get(pk=target.pk), target.revision)
        parts = {part.unit_id: part for part in target.parts.select_related("subject")}
        fresh = _given(act, target, units, parts)
        figures = _changed(target, sheet, parts)
        gone = [part for key, part in parts.items() if key not in units and not part.ended]
        if not (figures or gone or fresh):
            return 0
        lost = _plans(target, gone).filter(value__isnull=False).count()
        change(act, "target.decompose", target, decomposed_at=act.at)
        change_many(act, "target.take_back", [(part, {"ended": True}) for part in gone])
        _keep(act, figures)
    return len(figures) + lost or fresh or len(gone)


def _plans(target: Target, parts: Sequence[TargetPart]) -> QuerySet[Observation]:
    """Figures some parts are given."""
    return Observation.objects.filter(
        subject_id__in=[part.subject_id for part in parts],
        indicator=target.indicator,
        basis__in=(Basis.PLAN, Basis.STRETCH),
        superseded_at=None,
    )


def _units(sheet: Sheet) -> dict[int, Organisation]:
    if not sheet.shares:
        raise Invalid("请至少列出一个单位。")
    if len(sheet.shares) > MOST_UNITS:
        message = f"一项目标最多分给 {MOST_UNITS} 个单位。"
        raise Invalid(message)
    found = Organisation.objects.in_bulk(list(sheet.shares))
    for key in sheet.shares:
        unit = found.get(key)
        if unit is None or not unit.active or unit.kind not in GIVEN_TO:
            name = f"「{unit}」" if unit else "所选单位"
            message = f"{name}不在可分解的单位之内（部门、街道、平台公司）。"
            raise Invalid(message)
    return {key: found[key] for key in sheet.shares}


def _check_shares(target: Target, sheet: Sheet, units: Mapping[int, Organisation]) -> None:
    whole = target.unit in COUNTED
    for key, share in sheet.shares.items():
        for found in faults_of(share, MOST, whole=whole):
            raise Invalid(fault_words(str(units[key]), found), f"{key}-{found.place}")


def fault_words(unit: str, found: Found) -> str:
    """Sentence about one figure that cannot be."""
    return f"{unit}：{place_name(found.place)}{WORDS[found.fault]}。"


def _check_balance(target: Target, sheet: Sheet, units: Mapping[int, Organisation]) -> None:
    named = {str(units[key]): share for key, share in sheet.shares.items()}
    told = balance(named, target.base, target.stretch)
    wrong = []
    if told.base_difference:
        wrong.append(f"年度目标合计比全区目标{_signed(told.base_difference)}")
    if told.stretch_difference:
        wrong.append(f"力争超额合计比全区{_signed(told.stretch_difference)}")
    wrong += [
        f"{name}各月合计比年度目标{_signed(named[name].month_difference)}"
        for name in told.off_units[:5]
    ]
    if wrong:
        message = f"{DISAGREES}：{'；'.join(wrong)}。请改正，或注明差额已知后保存。"
        raise Invalid(message)


def _signed(value: Decimal | None) -> str:
    exact = (value or Decimal(0)).normalize()
    return f"{'多' if exact > 0 else '少'} {abs(exact):,f}"


def _given(
    act: Act,
    target: Target,
    units: Mapping[int, Organisation],
    parts: dict[int, TargetPart],
) -> int:
    """Make the parts that are missing and open those that were ended; returns how many."""
    ended = [parts[key] for key in units if key in parts and parts[key].ended]
    change_many(act, "target.give", [(part, {"ended": False}) for part in ended])
    missing = [unit for key, unit in units.items() if key not in parts]
    for unit in missing:
        subject = add_subject(
            act,
            kind=SubjectKind.INDICATOR,
            title=f"{target.title}·{unit}",
            unit=unit,
            domain=target.domain,
        )
        part = TargetPart(target=target, subject=subject, unit=unit)
        parts[unit.pk] = create(act, "target.give", part)
    return len(ended) + len(missing)


def _changed(target: Target, sheet: Sheet, parts: Mapping[int, TargetPart]) -> list[Figure]:
    """Figures of the sheet that are not yet known."""
    rows = _plans(target, [parts[key] for key in sheet.shares])
    now = {(row.subject_id, row.period, row.basis): row.value for row in rows}
    found = []
    for key, share in sheet.shares.items():
        part = parts[key]
        implied = {str(month) for month in share.implied}
        for place, value in places_of(share.filled).items():
            period, basis = period_of(target.period, place)
            if now.get((part.subject_id, period, basis)) == value:
                continue
            found.append(
                Figure(
                    part.subject,
                    _indicator(target),
                    period,
                    basis,
                    value,
                    f"{IMPLIED}（{sheet.source}）"[:200] if place in implied else sheet.source,
                    sheet.cells.get((key, place)),
                )
            )
    return found


def _indicator(target: Target) -> Indicator:
    if target.indicator is None:
        raise Invalid("这项目标没有指标，不能分解。")
    return target.indicator


def period_of(year: str, place: str) -> tuple[str, Basis]:
    """Period and basis under which a place of a share is kept.

    >>> period_of("2025", "3"), period_of("2025", "stretch")
    (('2025-03', Basis.PLAN), ('2025', Basis.STRETCH))
    """
    if place == "stretch":
        return year, Basis.STRETCH
    return (year if place == "year" else f"{year}-{int(place):02d}"), Basis.PLAN


def _keep(act: Act, figures: Sequence[Figure]) -> None:
    """Record figures; one that says nothing where nothing is known is left out."""
    silent = [figure for figure in figures if figure.value is None]
    known = set(
        Observation.objects.filter(
            subject__in=[figure.subject for figure in silent], superseded_at=None
        ).values_list("subject_id", "indicator_id", "period", "basis")
    )
    keep_figures(
        act,
        [
            figure
            for figure in figures
            if figure.value is not None
            or (figure.subject.pk, figure.indicator.pk, figure.period, str(figure.basis)) in known
        ],
    )


def report_reached(
    act: Act, part: TargetPart, *, month: int, value: Decimal | None, source: str
) -> None:
    """Report what a unit reached in a month, where no ledger counts it.

    ``value`` None takes an earlier figure back to 未报. ``source`` says what the figure rests on.
    Raises Invalid for a month outside the campaign's year or still to come.
    """
    require(act.standing, "target.report", part)
    target = part.target
    kind = target_rules(act.business_date).kind(target.kind)
    if kind is None or kind.origin is not Origin.REPORT:
        raise Invalid("这项目标由台账自动计数，不需要填报。")
    if part.ended:
        raise Invalid("这项目标已不再分给该单位。")
    if month not in range(1, 13):
        message = f"月份应在 {target.period} 年 1 至 12 月之内。"
        raise Invalid(message, "month")
    if f"{target.period}-{month:02d}" > f"{act.business_date:%Y-%m}":
        message = f"{month}月还没有到，不能填报。"
        raise Invalid(message, "month")
    if not source.strip():
        raise Invalid("请写明依据，如签约台账、批文。", "source")
    for found in faults_of(Share(year=value), MOST, whole=target.unit in COUNTED):
        message = f"完成数{WORDS[found.fault]}。"
        raise Invalid(message, "value")
    period = f"{target.period}-{month:02d}"
    told = f"{_reporter(act, part)}填报：{source.strip()}"
    figure = Figure(part.subject, _indicator(target), period, Basis.PERIOD, value, told)
    with transaction.atomic():
        _keep(act, [figure])


def _reporter(act: Act, part: TargetPart) -> str:
    """Who reports: the unit itself, or who reports in its place."""
    posts = act.standing.posts if act.standing else ()
    if not posts or any(post.organisation_id == part.unit_id for post in posts):
        return str(part.unit)
    return f"{posts[0]}代{part.unit}"
