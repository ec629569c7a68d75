"""Counts, quotas and amounts: ``9户亿元企业`` is a quota of nine with its named members."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from guatu.engines.intake.paper.clause import COUNTED, MEASURE, NUMERAL, View
from guatu.engines.intake.paper.lexicon import Word
from guatu.engines.intake.paper.model import Item, Value
from guatu.engines.intake.paper.scorer import Name

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_AMOUNT = re.compile(
    r"(?<![\d.])(?P<number>\d+(?:\.\d+)?|[一二三四五六七八九十百千两]{1,5})?(?P<over>余|多)?"
    r"(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|万)?"
    r"(?P<unit>元|美元|平方公里|平方千米|平方米|立方米|公里|千米|亩|公顷|户|人次|人|名|套|吨|千瓦时|千瓦|"
    r"百分点|个百分点|%|％)(?P<bound>以上|以下|左右|以内)?"
)
_SCALES = {
    None: 1.0, "": 1.0, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十亿": 1e9, "百亿": 1e10,
    "千亿": 1e11, "万亿": 1e12,
}  # fmt: skip
_OP = {"以上": ">=", "以下": "<=", "以内": "<=", "左右": "~"}
_FACETS = re.compile(
    rf"(?P<number>{NUMERAL})(?P<unit>个|大)方面(?P<rest>的[\u4e00-\u9fff]{{2,8}})?"
)
_BOUNDED_NOUN = re.compile(r"的?(?:[\u4e00-\u9fff]{0,4}?(?:项目|企业|工程))")
_ONE = re.compile(r"一(?![十百千万二三四五六七八九])")
_PARTS = re.compile(rf"({NUMERAL})余?(万|千|百|亿)?({MEASURE})")


@dataclass(frozen=True, slots=True)
class Quota:
    """A counted class that closes a list, with the span of the list's named members."""

    start: int
    end: int
    first: int
    last: int


def quotas(view: View) -> list[Quota]:
    """The counted phrases that close the clause's lists."""
    found = []
    for one in view.lists:
        if one.noun and one.closer and one.noun[0] in view.counts:
            if not _is_quota(view, one.noun[0], one.word):
                continue
            stop = _phrase_end(view, view.counts[one.noun[0]], one.noun[1])
            found.append(Quota(one.noun[0], stop, one.start, one.closer[0]))
    return found


def _is_quota(view: View, at: int, word: int) -> bool:
    """三个方面 are facets and 一项责任, 每一批 or 三点意见 are speech: none names a quota."""
    if _FACETS.match(view.text, at, view.end) or view.text[max(view.start, at - 1) : at] == "每":
        return False
    if view.text[at].isdigit():
        return True
    named = Word.PROJECT_CLASS | Word.FIRM_CLASS
    return not _ONE.match(view.text, at, view.end) and bool(word & named)


def quota_item(view: View, quota: Quota, names: Sequence[Name]) -> Item:
    """The quota as an item: value, unit, of, members, and how many a person must still fill in."""
    text = view.text[quota.start : quota.end]
    match = _PARTS.match(text)
    value = number(match[1]) * _SCALES[match[2]] if match and match[2] in _SCALES else None
    if match and value is None:
        value = number(match[1]) * _UNITS[match[2]]
    members = [
        view.text[n.start : n.end] for n in names if quota.first <= n.start and n.end <= quota.last
    ]
    whole = int(value) if value is not None and value == int(value) else value
    unnamed = whole - len(members) if isinstance(whole, int) else None
    attrs: dict[str, Value] = {
        "value": whole,
        "unit": match[3] if match else None,
        "of": (text[match.end() :] or None) if match else text,
        "members": members,
        "unnamed": unnamed if unnamed is not None and unnamed >= 0 else None,
    }
    return Item("quantity", text, quota.start, quota.end, attrs)


def amounts(view: View) -> Iterator[Item]:
    """Amounts with a unit, facets counted in words, and counts that close no list."""
    taken = {quota.start for quota in quotas(view)}
    for match in _AMOUNT.finditer(view.text, view.start, view.end):
        bounded = match["scale"] and match["bound"]
        if (match["number"] or bounded) and match.start() not in taken:
            of = _BOUNDED_NOUN.match(view.text, match.end(), view.end) if match["bound"] else None
            yield _item(view, match.start(), of.end() if of else match.end(), _amount(match))
    for match in _FACETS.finditer(view.text, view.start, view.end):
        yield _item(view, match.start(), match.end(), _facets(view, match))
    for start, stop in view.counts.items():
        match_count = COUNTED.match(view.text, start, stop)
        noun = _counted_noun(view, stop)
        if start not in taken and match_count and noun and view.text[stop - 1] not in "批类种大名":
            parts = _PARTS.match(view.text[start:stop])
            if parts and view.text[start].isdigit():
                factor = _SCALES.get(parts[2]) or float(_UNITS[parts[2]])
                value = number(parts[1]) * factor
                shown: Value = int(value) if value == int(value) else value
                attrs = {"value": shown, "unit": parts[3], "of": view.text[stop:noun]}
                yield _item(view, start, noun, attrs)


def number(text: str) -> float:
    """A numeral in digits or Chinese characters, up to 千."""
    if text[0].isdigit():
        return float(text)
    total = section = 0
    for character in text:
        if character in _DIGITS:
            section = _DIGITS[character]
        else:
            total += (section or 1) * _UNITS[character]
            section = 0
    return float(total + section)


def _amount(match: re.Match[str]) -> Mapping[str, Value]:
    count = number(match["number"]) if match["number"] else 1.0
    value = round(count * _SCALES[match["scale"]], 6)
    attrs: dict[str, Value] = {
        "value": int(value) if value == int(value) else value,
        "unit": match["unit"].replace("％", "%"),
    }
    if match["bound"] or match["over"]:
        attrs["op"] = _OP.get(match["bound"] or "", ">=")
    return attrs


def _facets(view: View, match: re.Match[str]) -> Mapping[str, Value]:
    """``A、B、C三个方面``: the facets are the members of the list before the count."""
    marks = [mark for mark in view.commas if mark < match.start()]
    first = max((at for at in view.chain if not marks or at < marks[0]), default=view.start)
    cuts = [first - 1, *marks, match.start()]
    members = [view.text[a + 1 : b].strip() for a, b in pairwise(cuts) if marks]
    count = int(number(match["number"]))
    whole = len(members) <= count
    return {
        "value": count,
        "unit": "个方面",
        "of": match["rest"] and match["rest"].removeprefix("的"),
        "members": members if whole else [],
        "unnamed": count - len(members) if whole and members else None,
    }


def _counted_noun(view: View, at: int) -> int | None:
    """End of a noun of listed words right after a count."""
    end = at
    while end < view.end:
        longest = next((h for h in view.begins.get(end, ()) if h.end - h.start > 1), None)
        if longest is None:
            break
        end = longest.end
        if end - at >= 4:  # noqa: PLR2004 -- four characters name a class well enough
            break
    return end if end > at else None


def _phrase_end(view: View, count_end: int, noun_end: int) -> int:
    return max(count_end, min(noun_end, view.end))


def _item(view: View, start: int, end: int, attrs: Mapping[str, Value]) -> Item:
    return Item("quantity", view.text[start:end], start, end, attrs)
