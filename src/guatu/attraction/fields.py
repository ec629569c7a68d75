"""Names and kinds of a lead's fields: one table for forms, ledgers, pages and sentences."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a field is written and read."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field of a lead: its column, its Chinese name, its kind, where it is filled in."""

    name: str
    label: str
    kind: Kind
    section: str


_BASE, _PLAN, _PEOPLE, _STATE = "投资方与来源", "拟投资内容", "责任", "进展"

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("name", "线索名称", Kind.TEXT, _BASE),
        Field("investor", "投资方", Kind.TEXT, _BASE),
        Field("enterprise", "企业库对应企业", Kind.CHOICE, _BASE),
        Field("industry", "行业代码", Kind.CHOICE, _BASE),
        Field("source", "线索来源", Kind.CHOICE, _BASE),
        Field("tactic", "招商方式", Kind.CHOICE, _BASE),
        Field("first_on", "首次接触日期", Kind.DAY, _BASE),
        Field("content", "拟建内容", Kind.LONG, _PLAN),
        Field("intended_wan", "意向投资（万元）", Kind.MONEY, _PLAN),
        Field("site", "意向选址", Kind.TEXT, _PLAN),
        Field("area", "片区", Kind.CHOICE, _PLAN),
        Field("unit", "责任单位", Kind.CHOICE, _PEOPLE),
        Field("owner_post", "责任岗位", Kind.CHOICE, _PEOPLE),
        Field("leader_post", "包保领导", Kind.CHOICE, _PEOPLE),
        Field("progress", "台账所述进展", Kind.LONG, _STATE),
        Field("problem", "存在问题", Kind.LONG, _STATE),
    )
}

OF_SUBJECT = frozenset({"unit", "area"})
"""Fields that are kept on the subject."""


def label(name: str) -> str:
    """Chinese name of a field, without its unit where a sentence names it.

    >>> label("intended_wan"), label("site")
    ('意向投资', '意向选址')
    """
    field = FIELDS.get(name)
    return field.label.split("（")[0] if field else name
