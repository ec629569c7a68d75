"""A header, one or several levels → the field it means, its unit and its period."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from guatu.engines.intake.sheet.money import WAN_PER_UNIT, narrow, unit_of
from guatu.engines.intake.sheet.periods import Period, period_of
from guatu.engines.intake.sheet.vocabulary import PARTY_FIELDS, PERIODIC, Type, vocabulary

_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_LEADING = re.compile(r"^(?:[★☆*#※]|其中[:：]?|\d{1,2}[.、]|\([一二三四五六七八九十\d]{1,3}\))+")
_SEPARATORS = re.compile(r"[、，,/·.。:：;；\-_—\"“”'‘’%％|&+]")
_JOINTS = re.compile(r"及|和|与|、|/|，|,|&|\+")
_TRAILING_UNIT = re.compile(r"(?:[/,，:：]|单位[:：]?)(亿元|万元|千元|元)$")
_UNIT_LEAVES = frozenset({"名称", "单位名称", "业主名称", "单位", "责任单位", "全称", "企业名称"})

_FUZZY_THRESHOLD = 88
"""rapidfuzz ratio; at 85 计划开工时间 and 计划竣工时间 would meet, here the guard words decide."""
_FUZZY_SHORTEST = 4
_GUARDS = re.compile(
    r"计划|实际|累计|本年|上年|今年|去年|全年|年度|当月|本月|月|旬|开工|竣工|完工|投产|签约|完成|领导|单位"
    r"|电话|责任人|负责人|联系人|总|入统|支付|上级|目标|问题|地点|不|未|预计|拟|代码|名称|率|市|县|省|区|\d"
)
"""Words that change what a header means: two headers that differ in one are never the same."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header means; ``second`` when its cells hold two facts (联系人及电话).

    ``general``: the header is one that ledgers of any kind may have.
    """

    field: str | None
    type: Type
    unit: str | None = None
    period: str | None = None
    rule: str | None = None
    second: str | None = None
    general: bool = False


@lru_cache(maxsize=8192)
def canonical(header: str) -> str:
    """Reduce a header to what is compared.

    >>> canonical("★ 总投资（万元）"), canonical("业主、法人（责任）单位")
    ('总投资', '业主法人单位')
    """
    text = _LEADING.sub("", narrow(header))
    text = _TRAILING_UNIT.sub("", _BRACKETS.sub("", text))
    return _SEPARATORS.sub("", text).removesuffix("情况表")


@lru_cache(maxsize=4096)
def meaning(path: tuple[str, ...], kind: str, year: int | None, *, fuzzy: bool = True) -> Meaning:
    """Find the field of ``kind`` that a header path means; the field is ``None`` if none does.

    >>> said = meaning(("至2009年底累计完成投资（万元）",), "project", None)
    >>> said.field, said.unit, said.period
    ('done_before_wan', '万元', '../2009')
    >>> meaning(("项目业主单位", "电话"), "project", None).field
    'owner_phone'
    """
    unit = header_unit(path)
    period = period_of("/".join(path), year)
    segments = tuple(part for part in period.rest.split("/") if part) if period else path
    found = _exact(segments, kind) or _exact(path, kind) or _pair(segments, kind)
    if found is None and fuzzy:
        found = _similar(segments, kind)
    if found is None:
        money = unit in WAN_PER_UNIT
        label = period.label if period else None
        return Meaning(None, Type.MONEY if money else Type.TEXT, unit, label)
    return _with_period(replace(found, unit=unit), period, kind)


@lru_cache(maxsize=2048)
def header_unit(path: tuple[str, ...]) -> str | None:
    """Find the unit written in a header, the innermost first: （万元）, ，亿元, (%), （亩）."""
    for part in reversed(path):
        text = narrow(part)
        for bracket in reversed(_BRACKETS.findall(text)):
            unit = unit_of(bracket[1:-1])
            if unit:
                return unit
        trailing = _TRAILING_UNIT.search(text)
        if trailing:
            return trailing.group(1)
        if text.endswith(("%", "%)")):
            return "%"
    return None


def _with_period(found: Meaning, period: Period | None, kind: str) -> Meaning:
    if period is None or found.field is None:
        return found
    field = PERIODIC.get((found.field, period.reach.value), found.field)
    if field not in vocabulary()[kind].types and not field.startswith("span_"):
        field = found.field
    return replace(found, field=field, period=period.label)


def _typed(field: str, kind: str, rule: str | None = None, second: str | None = None) -> Meaning:
    return Meaning(field, vocabulary()[kind].types[field], rule=rule, second=second)


def _exact(path: tuple[str, ...], kind: str) -> Meaning | None:
    if not path:
        return None
    names = vocabulary()[kind].names
    levels = [canonical(part) for part in path]
    leaf = levels[-1]
    if len(levels) > 1:
        parent = names.get(levels[-2], "")
        if parent in PARTY_FIELDS and kind == "project":
            if leaf in _UNIT_LEAVES:
                return _typed(parent, kind)
            under = PARTY_FIELDS[parent].get(names.get(leaf, ""))
            if under:
                return _typed(under, kind)
        for joined in ("".join(levels), "".join(levels[-2:])):
            if joined in names:
                return _named(joined, kind)
        if parent == "leader":
            return _typed("leader", kind)
    if len(levels) > 1 and not leaf:
        leaf = levels[-2]
    return _named(leaf, kind) if leaf in names else None


def _named(header: str, kind: str) -> Meaning:
    known = vocabulary()[kind]
    return replace(_typed(known.names[header], kind), general=header in known.general)


def _pair(path: tuple[str, ...], kind: str) -> Meaning | None:
    """Read 联系人及电话 as two fields when both halves are known and fit each other."""
    if not path:
        return None
    text = _BRACKETS.sub("", narrow(path[-1]))
    names = vocabulary()[kind].names
    for joint in reversed(list(_JOINTS.finditer(text))):
        first = names.get(canonical(text[: joint.start()]))
        second = names.get(canonical(text[joint.end() :]))
        if not first or not second:
            continue
        second = PARTY_FIELDS.get(first, {}).get(second, second)
        known, general = vocabulary()[kind].types, vocabulary()[kind].general
        types = (known[first], known.get(second, Type.TEXT))
        if types in {(Type.UNIT, Type.PERSON), (Type.PERSON, Type.PHONE), (Type.UNIT, Type.PHONE)}:
            told = _typed(first, kind, rule="一格两项，已拆分", second=second)
            halves = {canonical(text[: joint.start()]), canonical(text[joint.end() :])}
            return replace(told, general=bool(halves & general))
    return None


@lru_cache(maxsize=4096)
def _guards(text: str) -> tuple[str, ...]:
    return tuple(sorted(_GUARDS.findall(text)))


def _similar(path: tuple[str, ...], kind: str) -> Meaning | None:
    text = canonical("".join(path[-1:]))
    if len(text) < _FUZZY_SHORTEST:
        return None
    # Loaded here only: most ledgers use known headers.
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- see above

    guards = _guards(text)
    names = [n for n in vocabulary()[kind].names if _guards(n) == guards]
    best = process.extractOne(text, names, scorer=fuzz.ratio, score_cutoff=_FUZZY_THRESHOLD)
    if best is None:
        return None
    name, score, _ = best
    rule = f"表头近似“{name}”（{score:.0f}分）"
    return _typed(vocabulary()[kind].names[name], kind, rule=rule)
