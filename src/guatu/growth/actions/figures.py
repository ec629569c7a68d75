"""Figures of a firm: kept only with provider, purpose and a consent that covers it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from guatu.growth.enums import ConsentBasis, Provider
from guatu.growth.models import Consent, Provision
from guatu.growth.periods import ends_on, is_period
from guatu.growth.rules import Asked, FirmRules, firm_rules
from guatu.growth.values import check_firm, not_direct
from guatu.register.enums import Basis
from guatu.register.errors import Invalid
from guatu.register.models import Observation, Organisation, SourceCell, Subject
from guatu.register.observations import Figure, keep_figures
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many

LARGEST = Decimal(100_000_000)  # one 万亿元, or more than anybody burns or employs
PLACES = 6
DEPARTMENT_NAMED = (
    "部门提供的，请选择提供部门；其他来源不填部门。"
    "不在组织机构中的单位（如供电公司），请直接选为提供方。"
)


@dataclass(frozen=True)
class Ground:
    """On what a figure rests; ``organisation`` names the department that gave it.

    ``provider`` is one of `Provider`, or the code of a body outside the tree of the rule
    ``firm.providers``.
    """

    provider: str
    purpose: str
    consent: Consent
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Entry:
    """One figure of one firm, in the unit of its indicator; ``cell`` where a sheet told it."""

    firm: Subject
    indicator: str
    period: str
    value: Decimal
    ground: Ground
    cell: SourceCell | None = None


def report_figures(act: Act, entries: Sequence[Entry]) -> list[Observation]:
    """Keep figures of firms, each on its ground; the current one of each returned in order.

    The same value on the same ground writes nothing; any other supersedes, and the earlier vintage
    stays. Raises Invalid for what cannot be, and without a consent of the firm that covers it.
    """
    for firm in {entry.firm.pk: entry.firm for entry in entries}.values():
        require(act.standing, "firm.report", firm)
    rules = firm_rules(act.business_date)
    for entry in entries:
        check_entry(entry, rules, act)
    with transaction.atomic():
        _lift_other_grounds(act, entries, rules)
        rows = keep_figures(act, [_figure(entry, rules) for entry in entries])
        grounded = set(
            Provision.objects.filter(observation__in=[row.pk for row in rows]).values_list(
                "observation_id", flat=True
            )
        )
        fresh = [
            _provision(row, entry.ground)
            for row, entry in zip(rows, entries, strict=True)
            if row.pk not in grounded
        ]
        create_many(act, "firm.ground", fresh)
    return rows


def check_entry(entry: Entry, rules: FirmRules, act: Act) -> None:
    """Raise Invalid for the first thing that cannot be, in a clerk's words."""
    check_firm(entry.firm)
    asked = rules.asked.get(entry.indicator)
    if asked is None:
        raise Invalid("请选择指标。", "indicator")
    check_period(entry.period, act.business_date)
    check_value(entry.value, asked)
    check_ground(entry.firm, entry.ground, rules, firm_itself=only_firm(act))


def check_period(period: str, today: dt.date) -> None:
    """Refuse what is no month or quarter, and one that is not over yet."""
    if not is_period(period):
        raise Invalid(f"时期「{period}」不正确，应如 2025-03 或 2025Q1。", "period")
    if ends_on(period) > today:
        raise Invalid(f"{period} 还没有结束，不能报数。", "period")


def check_value(value: Decimal, asked: Asked) -> None:
    """Refuse a value no firm can have."""
    name = asked.indicator.name
    if not value.is_finite():
        raise Invalid(f"「{name}」不是数字。", "value")
    if value < 0 and asked.code != "firm_tax":
        raise Invalid(f"「{name}」不能是负数。", "value")
    if abs(value) > LARGEST:
        raise Invalid(f"「{name}」过大，请核对单位（应为{asked.indicator.unit}）。", "value")
    exponent = value.normalize().as_tuple().exponent
    if asked.indicator.places == 0 and isinstance(exponent, int) and exponent < 0:
        raise Invalid(f"「{name}」应为整数。", "value")
    if isinstance(exponent, int) and exponent < -PLACES:
        raise Invalid(f"「{name}」最多 {PLACES} 位小数。", "value")


def check_ground(firm: Subject, ground: Ground, rules: FirmRules, *, firm_itself: bool) -> None:
    """Refuse a figure without provider, purpose, or a living consent that covers the purpose."""
    if ground.provider not in rules.providers():
        raise Invalid("请选择数据由谁提供。", "provider")
    if firm_itself and ground.provider != Provider.FIRM:
        raise Invalid("企业账号只填报本企业提供的数据。", "provider")
    named = ground.organisation
    if (ground.provider == Provider.DEPARTMENT) != (named is not None):
        raise Invalid(DEPARTMENT_NAMED, "organisation")
    if named is not None:
        not_direct(named.name)
    if ground.purpose not in rules.purposes:
        raise Invalid("请选择数据用于什么。", "purpose")
    check_consent(firm, ground, rules)


def check_consent(firm: Subject, ground: Ground, rules: FirmRules) -> None:
    """Refuse a consent of another firm, one withdrawn, or one for other purposes."""
    consent = ground.consent
    if consent.subject_id != firm.pk or consent.withdrawn_on is not None:
        raise Invalid(needed(ground.purpose, rules), "purpose")
    if ground.purpose not in consent.purposes:
        raise Invalid(needed(ground.purpose, rules), "purpose")
    public = consent.basis == ConsentBasis.PUBLISHED
    if public != (ground.provider == Provider.PUBLIC):
        raise Invalid(
            "公开信息须写明公开来源；企业或部门提供的须有企业同意或法律依据。", "provider"
        )


def needed(purpose: str, rules: FirmRules) -> str:
    """The sentence that refuses a figure for want of consent."""
    name = rules.purposes.get(purpose, purpose)
    return f"没有企业对「{name}」用途的有效同意（或法律依据），不能录入；请先登记同意。"


def consent_for(consents: Sequence[Consent], provider: str, purpose: str) -> Consent | None:
    """The latest living consent that covers a purpose of figures of this provider."""
    public = provider == Provider.PUBLIC
    fitting = [
        one
        for one in consents
        if one.withdrawn_on is None
        and purpose in one.purposes
        and (one.basis == ConsentBasis.PUBLISHED) == public
    ]
    return max(fitting, key=lambda one: (one.on, one.pk), default=None)


def only_firm(act: Act) -> bool:
    """Tell whether it is the firm itself that acts."""
    return act.standing is not None and act.standing.is_outside


def _lift_other_grounds(act: Act, entries: Sequence[Entry], rules: FirmRules) -> None:
    """Supersede figures of the same value that came on another ground: each keeps its own."""
    wanted = {_key(entry, rules): entry for entry in entries}
    rows = Observation.objects.filter(
        superseded_at=None,
        subject__in={entry.firm.pk for entry in entries},
        indicator__code__in={entry.indicator for entry in entries},
        period__in={entry.period for entry in entries},
    ).select_related("provision")
    over = []
    for row in rows:
        entry = wanted.get((row.subject_id, row.indicator_id, row.period, row.basis))
        if entry is not None and row.value == entry.value and not _rests_on(row, entry.ground):
            over.append((row, {"superseded_at": act.at}))
    change_many(act, "observation.supersede", over)


def _rests_on(row: Observation, ground: Ground) -> bool:
    told: Provision | None = getattr(row, "provision", None)
    if told is None:
        return False
    organisation = ground.organisation.pk if ground.organisation else None
    return (told.provider, told.purpose, told.consent_id, told.organisation_id) == (
        ground.provider,
        ground.purpose,
        ground.consent.pk,
        organisation,
    )


def _key(entry: Entry, rules: FirmRules) -> tuple[int, int, str, str]:
    asked = rules.asked[entry.indicator]
    return entry.firm.pk, asked.indicator.pk, entry.period, str(asked.basis)


def _figure(entry: Entry, rules: FirmRules) -> Figure:
    asked = rules.asked[entry.indicator]
    return Figure(
        entry.firm,
        asked.indicator,
        entry.period,
        Basis(asked.basis),
        entry.value,
        source_words(entry.ground, rules),
        entry.cell,
    )


def source_words(ground: Ground, rules: FirmRules) -> str:
    """How the figure names its source.

    >>> source_words(Ground("firm", "service", Consent()), FirmRules({}, {}, {}))
    '企业填报'
    """
    label = rules.providers()[ground.provider]
    return f"{label}：{ground.organisation}" if ground.organisation else label


def _provision(row: Observation, ground: Ground) -> Provision:
    return Provision(
        observation=row,
        subject=row.subject,
        provider=ground.provider,
        organisation=ground.organisation,
        purpose=ground.purpose,
        consent=ground.consent,
    )


def by_firm(consents: Sequence[Consent]) -> Mapping[int, list[Consent]]:
    """Consents by the key of their firm."""
    found: dict[int, list[Consent]] = {}
    for consent in consents:
        found.setdefault(consent.subject_id, []).append(consent)
    return found
