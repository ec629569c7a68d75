"""A brief in words: fixed sentences around figures, and what people wrote in quotes."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from guatu.campaign.brief.counting import Figure, Money
from guatu.campaign.brief.gathering import Brief, Item
from guatu.engines.official import day_beside

Written = tuple[str, ...]
KIND_UNITS = {"duties": "件", "projects": "个", "blockers": "项", "letters": "件"}
HEADINGS = (
    "一、本周情况",
    "二、逾期事项及原因",
    "三、需研究决定的事项",
    "四、下周时间节点",
    "五、补充说明",
)


def paragraphs_of(brief: Brief, remark: str = "") -> Written:
    """Paragraphs of the brief in order; a section without anything says so."""
    late, year = brief.figure("duties", "red").value, brief.week.last.year
    told = [HEADINGS[0], *_figures(brief), HEADINGS[1]]
    told += _listed(brief.late, late, "件", "没有逾期的责任事项。", partial(_late_line, year=year))
    told += [HEADINGS[2]]
    told += _listed(
        brief.decide, brief.decide_in_all, "项", "没有待批的延期和提请协调的堵点。", _decide_line
    )
    told += [HEADINGS[3]]
    told += _listed(
        brief.coming,
        brief.coming_in_all,
        "项",
        "下周没有到期的责任事项和项目节点。",
        partial(_coming_line, year=year),
    )
    lines = [line.strip() for line in remark.split("\n") if line.strip()]
    return (*told, *((HEADINGS[4], *lines) if lines else ()))


def _figures(brief: Brief) -> Iterator[str]:
    day = _day(brief.week.last, brief.week.last.year)
    if brief.is_quiet:
        yield "本周没有记录到下达、办结、上报、函件往来、灯色变化和投资数据更新。"
    duties = {one.key: one for one in brief.figures["duties"]}
    yield (
        f"截至{day}，{_standing(duties['open'])}，其中逾期{_count(duties['red'])}、"
        f"临期{_count(duties['amber'])}。本周新下达{_flow(duties['issued'])}，"
        f"办结{_flow(duties['closed'])}。"
    )
    projects = {one.key: one for one in brief.figures["projects"]}
    yield (
        f"{_standing(projects['all'])}，亮红灯{_count(projects['red'])}，"
        f"亮黄灯{_count(projects['amber'])}。本周灯色转差 {projects['worse'].value} 个"
        f"{_named(brief)}，转好 {projects['better'].value} 个。"
    )
    blockers = {one.key: one for one in brief.figures["blockers"]}
    yield (
        f"{_standing(blockers['open'])}，其中上级协调{_count(blockers['upper'])}。"
        f"本周新上报{_flow(blockers['raised'])}，完结{_flow(blockers['closed'])}。"
    )
    letters = {one.key: one for one in brief.figures["letters"]}
    yield (
        f"{_standing(letters['owed'])}，其中逾期未回复{_count(letters['overdue'])}。"
        f"本周送达{_flow(letters['sent'])}，收到回复{_flow(letters['answered'])}。"
    )
    if brief.money:
        series = "；".join(_money(one) for one in brief.money)
        yield f"{brief.week.last.year}年投资累计：{series}。"


def _standing(figure: Figure) -> str:
    unit = KIND_UNITS[figure.kind]
    return f"{figure.label} {figure.value} {unit}（{compared(figure)}）"


def _count(figure: Figure) -> str:
    return f" {figure.value} {KIND_UNITS[figure.kind]}（{compared(figure)}）"


def _flow(figure: Figure) -> str:
    unit = KIND_UNITS[figure.kind]
    before = "" if figure.before is None else f"（上周 {figure.before} {unit}）"
    return f" {figure.value} {unit}{before}"


def compared(figure: Figure) -> str:
    """How a figure stands beside last week's."""
    change = figure.change
    if change is None:
        return "上周无可比数"
    if not change:
        return "与上周末持平"
    return f"比上周末{'增加' if change > 0 else '减少'} {abs(change)} {KIND_UNITS[figure.kind]}"


def _named(brief: Brief) -> str:
    shown = "、".join(brief.worse[:5])
    rest = "等" if len(brief.worse) > 5 else ""  # noqa: PLR2004 -- as many as a sentence bears
    return f"（{shown}{rest}）" if shown else ""


def _money(one: Money) -> str:
    gap = f"含 {one.unreported} 项未报" if one.unreported else ""
    if one.value is None:
        return f"{one.name}未报"
    change = one.change
    moved = "" if change is None else f"{_moved(change)}"
    notes = "，".join(note for note in (moved, gap) if note)
    return f"{one.name} {_wan(one.value)} 万元" + (f"（{notes}）" if notes else "")


def _moved(change: Decimal) -> str:
    if not change:
        return "与上周末持平"
    return f"比上周末{'增加' if change > 0 else '减少'} {_wan(abs(change))} 万元"


def _wan(value: Decimal) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _listed(
    items: Sequence[Item], in_all: int, unit: str, nothing: str, line: Callable[[Item], str]
) -> list[str]:
    if not items:
        return [nothing]
    head = f"共 {in_all} {unit}" + (
        f"，先列 {len(items)} {unit}：" if in_all > len(items) else "："
    )
    return [head, *(f"{n}. {line(item)}" for n, item in enumerate(items, 1))]


def _late_line(item: Item, year: int) -> str:
    due = f"应于{_day(item.day, year)}完成" if item.day else "期限待定"
    said = f"最近报告：「{item.why}」" if item.quoted else item.why
    why = said if item.why else "未报原因"
    return f"{item.title}（{item.unit or '未定责任单位'}，{due}）。{why}。"


def _decide_line(item: Item) -> str:
    return f"{item.title}（{item.unit or '未定责任单位'}）。{item.why}。"


def _coming_line(item: Item, year: int) -> str:
    return f"{_day(item.day, year)}　{item.title}（{item.unit or '未定责任单位'}）。"


def _day(day: dt.date | None, year: int) -> str:
    return "待定" if day is None else day_beside(day, year)
