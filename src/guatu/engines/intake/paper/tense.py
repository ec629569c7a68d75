"""Tense: which clauses tell what was, and which look ahead and can undertake something."""

import re
from collections.abc import Sequence

from guatu.engines.intake.paper.clause import View
from guatu.engines.intake.paper.tables import pattern

_QUOTES = frozenset('“"')
_PAST = re.compile(
    r"(?<![为除])了(?!解|然)(?!.*(?:要|确保)).|了$|已经?(?!.{1,4}的)[\u4e00-\u9fff]{2}|以来|同比|截至|累计(?=.*\d)"
    r"|(?:去年|上年|20\d\d年以来|上一年)(?!.{0,3}(?:底|末)前)|有了|得到(?:了|有效|显著|明显)|再创新高|稳居|排名"
)
_BACKWARD = re.compile(
    r"过去的?[一五]年|[一五]年来|(?:去年|今年|开年|年初)以来|回顾|比上年|较上年|上年同期"
)
_NARRATES = re.compile(
    r"(?:20\d\d年)?\d{1,2}月\d{1,2}日(?![前之以至])|[^，,]{0,12}(?:近日|(?<!\d)日前)"
)
_TURNS = re.compile(
    r".{0,12}?(?:下一步|接下来|今后|(?<![主重需只想首次摘概])要(?!求)|将|须|必须|务必|确保|力争|争取|探索|建议|要求.{2,12}(?:加快|做好))"
)


def is_past(text: str) -> bool:
    """Whether a clause tells what has been done."""
    return bool(_PAST.search(text)) or bool(pattern("past").search(text))


def looks_back(text: str) -> bool:
    """Whether a sentence sets its whole paragraph in the past: 过去的一年, 一年来."""
    return bool(_BACKWARD.search(text))


def ahead(views: Sequence[View], *, back: bool) -> Sequence[View]:
    """The clauses of a sentence that can undertake something.

    A sentence that tells of the past does so from its first clause on: after its last telling
    clause only those from the next 要, 将, 确保 or 下一步 look ahead.  ``back`` says that an
    earlier sentence of the paragraph set it in the past.
    """
    first = views[0]
    if first.text[first.start] in _QUOTES and not first.atomic[first.start]:
        return ()  # somebody's speech, too long for a name
    told = [
        order
        for order, view in enumerate(views)
        if is_past(view.text[view.start : view.end])
        or looks_back(view.text[view.start : view.end])
        or (order == 0 and _NARRATES.match(view.text, view.start, view.end))
    ]
    if not told and not back:
        return views
    for order in range(told[-1] + 1 if told else 0, len(views)):
        if _TURNS.match(views[order].text, views[order].start, views[order].end):
            return views[order:]
    return ()
