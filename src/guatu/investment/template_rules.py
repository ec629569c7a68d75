"""What a template must satisfy: one acyclic network over exactly the nodes of its categories."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guatu.investment.templates import Template, TemplateActivity

CAUSES = ("approval", "procurement", "weather", "funds", "site", "design", "none")
LINK_TYPES = ("FS", "SS", "FF", "SF")
COUNTED_IN = {"working": "office", "calendar": "elapsed"}
"""The calendar of a template that counts a legal limit of that unit."""


class BadTemplate(ValueError):
    """A template that cannot be used, said in one sentence naming template and item."""


@dataclass(frozen=True, slots=True)
class _Province:
    """What stages.json says: the stage of each node and the path of each category."""

    stage_of: Mapping[str, str]
    stages: frozenset[str]
    path: Mapping[str, tuple[str, ...]]


@cache
def _province() -> _Province:
    text = resources.files("guatu.investment").joinpath("data/stages.json").read_text("utf-8")
    shipped = json.loads(text)
    return _Province(
        {row["code"]: row["stage"] for row in shipped["nodes"]},
        frozenset(row["code"] for row in shipped["stages"]),
        {row["code"]: tuple(row["path"]) for row in shipped["categories"]},
    )


def check(template: "Template") -> None:
    """Check the whole template; BadTemplate names the first thing that is wrong."""
    where = f"模板“{template.name}”"
    ids = [row.id for row in template.activities]
    twice = [key for key, times in Counter(ids).items() if times > 1]
    if twice:
        raise BadTemplate(f"{where}的工作编号重复：{'、'.join(twice)}。")
    if template.deadline not in ids:
        raise BadTemplate(f"{where}的完成日期指向的工作“{template.deadline}”不存在。")
    for row in template.activities:
        _check_activity(row, template, f"{where}的工作“{row.name}”")
    _check_links(template, frozenset(ids), where)
    _check_nodes(template, where)


def _check_activity(row: "TemplateActivity", template: "Template", where: str) -> None:
    province = _province()
    faults = (
        (row.calendar not in template.calendars, f"日历“{row.calendar}”没有定义"),
        (not 0 <= row.low <= row.duration <= row.high, "应为最短≤计划≤最长"),
        (row.stage not in province.stages, f"阶段“{row.stage}”不存在"),
        (row.cause not in CAUSES, f"成因“{row.cause}”不在表内"),
        (not row.source or not row.owner, "缺少来源或责任单位"),
        (row.id in province.stage_of and row.node != row.id, "编号是节点代码，却不是该节点"),
        (row.node is not None and row.node != row.id, "是节点，编号应为节点代码"),
        (
            row.node is not None and province.stage_of.get(row.node) != row.stage,
            f"节点“{row.node}”不在阶段“{row.stage}”",
        ),
        (row.status == "verified" and not _set_by_law(row), "标为已核，天数却不是法定天数"),
        (_shorter_than_law(row), "最短天数短于法定最少天数"),
    )
    for wrong, what in faults:
        if wrong:
            raise BadTemplate(f"{where}：{what}。")


def _set_by_law(row: "TemplateActivity") -> bool:
    """Tell whether the law itself gives the number of days, counted as the law counts."""
    if row.legal is None:
        return False
    same_days = row.duration == row.legal.limit_days
    return same_days and row.calendar == COUNTED_IN[row.legal.unit]


def _shorter_than_law(row: "TemplateActivity") -> bool:
    legal = row.legal
    if legal is None or legal.bound != "at_least":
        return False
    return row.calendar == COUNTED_IN[legal.unit] and row.low < legal.limit_days


def _check_links(template: "Template", ids: frozenset[str], where: str) -> None:
    order: dict[str, list[str]] = {}
    tied: set[str] = set()
    for link in template.links:
        ends = (link.predecessor, link.successor)
        for end in ends:
            if end not in ids:
                raise BadTemplate(f"{where}的联系{'>'.join(ends)}指向不存在的工作“{end}”。")
        if link.type not in LINK_TYPES:
            raise BadTemplate(f"{where}的联系{'>'.join(ends)}的类型“{link.type}”不存在。")
        if link.lag_calendar is not None and link.lag_calendar not in template.calendars:
            raise BadTemplate(f"{where}的联系{'>'.join(ends)}的日历没有定义。")
        order.setdefault(link.successor, []).append(link.predecessor)
        tied.update(ends)
    if loose := sorted(ids - tied):
        raise BadTemplate(f"{where}里没有联系的工作：{'、'.join(loose)}。")
    try:
        TopologicalSorter(order).prepare()
    except CycleError as bad:
        raise BadTemplate(f"{where}里互为前置的工作：{'→'.join(bad.args[1])}。") from bad


def _check_nodes(template: "Template", where: str) -> None:
    nodes = sorted(row.node for row in template.activities if row.node is not None)
    for category in template.categories:
        path = sorted(_province().path.get(category, ()))
        if nodes != path:
            strange = sorted(set(nodes) ^ set(path))
            raise BadTemplate(f"{where}的节点与类别“{category}”的不一致：{'、'.join(strange)}。")
