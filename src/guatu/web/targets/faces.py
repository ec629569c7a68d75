"""How targets show: figures, lights and the words that say why."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from guatu.campaign.targets.account import Account, Line, Position
from guatu.engines.apportion import Balance
from guatu.engines.plan_path import Judged, Light, Why
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import WHY_NOTES
from guatu.web import format as written
from guatu.web.components import LampFace

PLACES = 2


def trimmed(value: Decimal) -> str:
    """Write a figure with at most two decimals and no trailing zeros.

    >>> trimmed(Decimal("1200.500000")), trimmed(Decimal("3")), trimmed(Decimal("-2"))
    ('1,200.5', '3', '-2')
    """
    text = written.number(value, PLACES)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal) -> str:
    """Write a difference with its sign; the minus is the typographic one.

    >>> signed(Decimal(2)), signed(Decimal("-1.50")), signed(Decimal(0))
    ('+2', '−1.5', '0')
    """
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{trimmed(abs(value))}"


def target_url(target: Target) -> str:
    """Address of a target."""
    return reverse("targets:target", args=[target.public_id])


def part_url(part: TargetPart) -> str:
    """Address of a unit's part."""
    return reverse("targets:part", args=[part.public_id])


def implied_words(told: Balance) -> str:
    """Say for how many units blank months are kept as 0; empty for none."""
    count = len(told.implied_units)
    return f"{count} 个单位已填各月合计等于年度目标，未填的月份按 0 保存。" if count else ""


def lamp_of(judged: Judged, href: str) -> LampFace:
    """The light of a judgement; it opens the words that say why."""
    return LampFace(judged.light.value, f"{href}#why", note=WHY_NOTES[judged.why])


def reason(judged: Judged, told: Account, unit: str) -> list[str]:
    """Sentences that say how the light follows, with the figures it followed from."""
    light = told.rules.cited["target.light"]
    done = _done(judged, unit)
    if judged.why is Why.NOT_BEGUN:
        first = f"截至 {judged.month} 月末计划应达为 0 或还没有满月，暂不评判。"
        return [first, done]
    if judged.why is Why.NO_PLAN:
        first = f"1—{judged.month} 月的计划{_not_given(judged)}没有分解到月，"
        return [f"{first}无法说应达多少，不评判。", done]
    expected = trimmed(judged.expected.value or Decimal(0))
    lines = [f"时序应达 = 月度计划 1—{judged.month} 月之和 = {expected} {unit}。"]
    lines.append(done)
    if judged.gap is not None and judged.percent is not None:
        percent = written.percent(judged.percent)
        lines.append(f"差额 = 已完成 − 应达 = {signed(judged.gap)} {unit}，为应达的 {percent}。")
    if judged.light is Light.UNRATED:
        lines.append("已知的还不够应达，又有未报的，不能判为落后，也不能判为达到。")
    green, amber = (
        written.percent(Decimal(light.value[name]) * 100, 0)
        for name in ("green_from", "amber_from")
    )
    lines.append(
        f"界限：应达的 {green} 及以上为绿，{amber} 及以上为黄，以下为红"
        f"（{light.name}，{light.valid_from}起，{light.issuer}"
        f"{'，待核' if light.status == 'pending' else ''}）。"
    )
    return lines


def _not_given(judged: Judged) -> str:
    """How much of the plan is meant: of a sum without any known part, all."""
    lacking = judged.expected.unknown
    return f"还有 {lacking} 项" if lacking and judged.expected.value is not None else "都"


def _done(judged: Judged, unit: str) -> str:
    """What was reached, with what is unreported in it; nothing known is no figure."""
    actual = judged.actual
    if actual.value is None:
        return f"完成数未报（{actual.unknown} 项）。" if actual.unknown else "完成数未报。"
    noted = f"（含 {actual.unknown} 项未报）" if actual.unknown else ""
    return f"已完成 {trimmed(actual.value)} {unit}{noted}。"


@dataclass(frozen=True)
class Figure:
    """One figure of the head: label, value, what it opens and a note beneath."""

    label: str
    value: Decimal | None
    href: str
    note: str = ""


@dataclass(frozen=True)
class UnitLine:
    """One unit's line with its light and addresses; ``name`` stands also for what has no unit."""

    name: str
    line: Line
    lamp: LampFace | None
    href: str
    rows_href: str
    sample: bool = False


def unit_lines(position: Position) -> list[UnitLine]:
    """Lines of a target as its page shows them."""
    if position.target is None:
        return []
    rows = reverse("targets:rows", args=[position.target.public_id])
    found = []
    for line in position.lines:
        if line.part is None or line.unit is None:
            found.append(UnitLine("未分解到的单位", line, None, "", f"{rows}?unit=none"))
            continue
        href = part_url(line.part)
        found.append(
            UnitLine(
                str(line.unit),
                line,
                lamp_of(line.judged, href),
                href,
                f"{rows}?unit={line.unit.code}",
                line.part.subject.is_sample,
            )
        )
    return found
