"""Policies, industries, institutions and places a paper mentions, by term lists and patterns."""

import re
from collections.abc import Iterator

from guatu.engines.intake.paper.clause import View
from guatu.engines.intake.paper.lexicon import Word
from guatu.engines.intake.paper.model import Item, Kind
from guatu.engines.intake.paper.tables import department, pattern

_TITLE = re.compile(r"《[^《》\n]{2,40}》")
_SLOGAN = re.compile(
    r"(?<=[“\"])(?:[一二三四五六七八九十两]个[\u4e00-\u9fff]{2,6}|一[\u4e00-\u9fff]一[\u4e00-\u9fff]{1,3})(?=[”\"])"
)
_MECHANISM = re.compile(
    r"(?:谋划|健全|践行|建立|完善|落实|推行)(?P<what>[\u4e00-\u9fff]{2,6}(?:机制|制度))"
)
_BESIDE = frozenset("市省、，,等和与及在赴到往")
_AREA = re.compile(
    r"(?:^|(?<=[，,。；;、“\s]))([\u4e00-\u9fff]{2,3}[区县市])(?=将|召开|以|已|立下|要|委|政府|上下)"
)
_STREET = re.compile(
    r"(?<=[在到往入、和])[\u4e00-\u9fff]{2,4}(?:街道|镇|乡|社区|村)(?![\u4e00-\u9fff]{0,2}府)"
)
_IDIOM = re.compile(r"四平八稳|长治久安|大同小异|天下大同")
"""Sayings that open or end with the name of a city."""
_NO_AREA = re.compile(r"[全各老新城我]|地区|社区|园区|片区|辖区|市区|城区|景区")


def mentions(text: str) -> Iterator[Item]:
    """Find mentions in the whole text; each kind never overlaps itself."""
    kinds: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
        ("policy", (_TITLE, _MECHANISM, pattern("policy"), _SLOGAN)),
        ("industry", (pattern("industry"),)),
        ("institution", (department(), pattern("institution"))),
    )
    for kind, expressions in kinds:
        taken = bytearray(len(text))
        for expression in expressions:
            for match in expression.finditer(text):
                start, end = match.span("what" if "what" in expression.groupindex else 0)
                if not any(taken[start:end]):
                    taken[start:end] = b"\x01" * (end - start)
                    yield Item(kind, text[start:end], start, end)
    yield from _areas(text)


def places(view: View) -> Iterator[Item]:
    """Provinces and cities named outright in a clause, beside a mark or a word of place."""
    last = view.start
    sayings = [m.span() for m in _IDIOM.finditer(view.text, view.start, view.end)]
    for hit in view.hits:
        if hit.end - hit.start > 1 and hit.start >= last and hit.word & Word.REGION:
            around = view.text[max(view.start, hit.start - 1) : hit.start]
            around += view.text[hit.end : hit.end + 1]
            named = not hit.word & (Word.GENERIC | Word.LEAD | Word.OTHER_CLASS)
            said = any(start <= hit.start and hit.end <= end for start, end in sayings)
            if named and not said and _BESIDE & set(around):
                last = hit.end
                yield Item("place", view.text[hit.start : hit.end], hit.start, hit.end)


def _areas(text: str) -> Iterator[Item]:
    seen: set[str] = set()
    for match in _AREA.finditer(text):
        if match[1] not in seen and not _NO_AREA.search(match[1]):
            seen.add(match[1])
            yield Item("place", match[1], match.start(1), match.end(1))
    for match in _STREET.finditer(text):
        if not _NO_AREA.search(match[0]):
            yield Item("place", match[0], match.start(), match.end())
