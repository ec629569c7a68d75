"""Names and kinds of a project's fields: one table for forms, ledgers, history and gates."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a field is written and read."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    NAMES = "names"
    CHOICE = "choice"
    MARK = "mark"


@dataclass(frozen=True)
class Field:
    """One field of a project: its column, its Chinese name, its kind, and where it is filled in."""

    name: str
    label: str
    kind: Kind
    section: str


_BASE, _SCALE, _TIME, _STATE = "基本情况", "规模与资金", "时间与阶段", "进展与问题"

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("name", "项目名称", Kind.TEXT, _BASE),
        Field("short_names", "简称", Kind.NAMES, _BASE),
        Field("gbt_code", "项目代码", Kind.TEXT, _BASE),
        Field("category", "项目类别", Kind.CHOICE, _BASE),
        Field("nature", "建设性质", Kind.TEXT, _BASE),
        Field("unit", "责任单位", Kind.CHOICE, _BASE),
        Field("address", "建设地点", Kind.TEXT, _BASE),
        Field("group", "台账分组", Kind.TEXT, _BASE),
        Field("starred", "★ 标记", Kind.MARK, _BASE),
        Field("content", "建设内容及规模", Kind.LONG, _SCALE),
        Field("total_wan", "总投资（万元）", Kind.MONEY, _SCALE),
        Field("year_plan_wan", "年度计划投资（万元）", Kind.MONEY, _SCALE),
        Field("investor", "投资主体", Kind.TEXT, _SCALE),
        Field("investment_type", "投资类型", Kind.TEXT, _SCALE),
        Field("funding", "资金构成", Kind.TEXT, _SCALE),
        Field("land_certificate", "土地证号", Kind.TEXT, _SCALE),
        Field("land_state", "土地现状", Kind.TEXT, _SCALE),
        Field("operation_mode", "运营模式", Kind.TEXT, _SCALE),
        Field("next_plan_wan", "下年度计划投资（万元）", Kind.MONEY, _SCALE),
        Field("start_text", "起止时间原文", Kind.TEXT, _TIME),
        Field("start_on", "开工日期", Kind.DAY, _TIME),
        Field("finish_on", "竣工日期", Kind.DAY, _TIME),
        Field("stage", "所处阶段", Kind.CHOICE, _TIME),
        Field("stage_said", "阶段原文", Kind.TEXT, _TIME),
        Field("progress", "形象进度", Kind.LONG, _STATE),
        Field("problem", "存在问题", Kind.LONG, _STATE),
    )
}

SERIES = {
    "image_investment": "形象进度投资",
    "paid": "资金支付",
    "counted": "固投入统",
    "upper_funds": "上级资金",
}

MONEY = tuple(name for name, field in FIELDS.items() if field.kind is Kind.MONEY)


def label(name: str) -> str:
    """Chinese name of a field, without its unit where a sentence names it.

    >>> label("total_wan"), label("start_on")
    ('总投资', '开工日期')
    """
    field = FIELDS.get(name)
    return field.label.split("（")[0] if field else name
