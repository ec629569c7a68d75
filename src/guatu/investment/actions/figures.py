"""Figures and monthly images of projects: superseded by later vintages, never overwritten."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from guatu.investment.fields import SERIES
from guatu.investment.models import MonthlyImage, Project
from guatu.investment.values import LARGEST_WAN, check_month
from guatu.register.enums import Basis
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Indicator, Observation, SourceCell, Subject
from guatu.register.policies import require
from guatu.register.recording import (
    BATCH,
    Act,
    change,
    change_many,
    create,
    create_many,
    stored,
)

PERIOD = re.compile(r"\d{4}(Q[1-4]|-(0[1-9]|1[0-2])(/(0[1-9]|1[0-2]))?)?")


@dataclass(frozen=True)
class MoneyRow:
    """One figure to record: 万元, None = known to be missing."""

    subject_id: int
    indicator: str
    period: str
    basis: str
    value: Decimal | None
    source: str
    cell_id: int | None = None


def record_money(
    act: Act,
    subject: Subject,
    *,
    indicator: str,
    period: str,
    basis: Basis,
    value: Decimal | None,
    source: str,
    cell: SourceCell | None = None,
) -> Observation:
    """Record one figure of a project; returns the one that now holds.

    The same value again adds nothing; another supersedes the one before.
    """
    require(act.standing, "project.edit", subject.project)
    row = MoneyRow(
        subject.pk, indicator, period, basis, value, source, None if cell is None else cell.pk
    )
    record_money_many(act, [row])
    return Observation.objects.get(
        subject=subject,
        indicator__code=indicator,
        period=period,
        basis=basis,
        superseded_at=None,
    )


def record_money_many(act: Act, rows: Sequence[MoneyRow]) -> int:
    """Record figures in bulk; returns how many were new or different.

    The caller has asked whether the officer may edit the projects. A constant number of statements
    per 500 rows.
    """
    for row in rows:
        _check(row)
    indicators = {item.code: item for item in Indicator.objects.filter(code__in=SERIES)}
    now = _present({row.subject_id for row in rows})
    fresh: list[Observation] = []
    superseded: list[Observation] = []
    given: set[tuple[int, str, str, str]] = set()
    for row in rows:
        key = (row.subject_id, row.indicator, row.period, row.basis)
        old = now.get(key)
        if old is not None and old.value == kept(row.value):
            continue
        if key in given:
            message = f"{row.period} 的「{SERIES[row.indicator]}」给出了两个不同的数。"
            raise Invalid(message, "period")
        if old is not None:
            superseded.append(old)
        given.add(key)
        now[key] = _observation(act, row, indicators[row.indicator])
        fresh.append(now[key])
    with transaction.atomic():
        change_many(
            act, "figure.supersede", [(row, {"superseded_at": act.at}) for row in superseded]
        )
        create_many(act, "figure.record", fresh)
    return len(fresh)


def kept(value: Decimal | None) -> Decimal | None:
    """Return the figure as the database keeps it, so that the same figure is seen as the same."""
    found: Decimal | None = stored(Observation._meta.get_field("value"), value)
    return found


def _check(row: MoneyRow) -> None:
    if row.indicator not in SERIES:
        raise Invalid("资金只分形象进度投资、资金支付、固投入统、上级资金四类。", "indicator")
    if not PERIOD.fullmatch(row.period):
        message = f"「{row.period[:20]}」不是期别，请按 2025、2025-03 的写法填写。"
        raise Invalid(message, "period")
    if row.basis not in Basis.values:
        raise Invalid("口径只分当期、累计、时点。", "basis")
    if row.value is not None and row.value < 0:
        raise Invalid("金额不能是负数。", "value")
    if row.value is not None and row.value > LARGEST_WAN:
        raise Invalid("金额超过 1 万亿元，请核对单位（应为万元）。", "value")
    if not row.source.strip():
        raise Invalid("请写明数据来源。", "source")


def _present(subjects: Iterable[int]) -> dict[tuple[int, str, str, str], Observation]:
    """Figures that hold now, by subject, indicator, period and basis."""
    keys = sorted(subjects)
    return {
        (row.subject_id, row.indicator.code, row.period, row.basis): row
        for start in range(0, len(keys), BATCH)
        for row in Observation.objects.filter(
            subject_id__in=keys[start : start + BATCH],
            indicator__code__in=SERIES,
            superseded_at=None,
        ).select_related("indicator")
    }


def _observation(act: Act, row: MoneyRow, indicator: Indicator) -> Observation:
    return Observation(
        subject_id=row.subject_id,
        indicator_id=indicator.pk,
        period=row.period,
        basis=row.basis,
        value=row.value,
        source=row.source.strip()[:200],
        cell_id=row.cell_id,
        vintage=act.at,
        officer_id=act.standing.officer.pk if act.standing else None,
    )


def set_monthly_image(
    act: Act, project: Project, month: str, words: str, expected_revision: int | None = None
) -> MonthlyImage:
    """Say what the project is to look like at the end of a month; blank words are refused."""
    require(act.standing, "project.edit", project)
    check_month(month)
    if not words.strip():
        raise Invalid("请写明当月形象进度目标。", "words")
    image = MonthlyImage.objects.filter(subject=project.subject, month=month).first()
    if image is None:
        row = MonthlyImage(subject=project.subject, month=month, words=words.strip())
        return create(act, "image.set", row)
    if expected_revision is not None and expected_revision != image.revision:
        raise Stale("这个月的目标刚被别人改过。")
    return change(act, "image.set", image, words=words.strip())
