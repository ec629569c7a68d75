"""The shape of a paper: lines, headings, sentences and clauses, each as a span of the text.

Nothing is normalised.  ASCII and full-width marks separate alike; brackets and short quotations
are atomic, so a comma inside them separates nothing.  One pass each, linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_PAIRS = {
    "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉",
    "（": "）", "(": ")", "〔": "〕", "［": "］", "[": "]", "【": "】", '"': '"',
}  # fmt: skip
_LONGEST_ATOM = 40
_SENTENCE_END = frozenset("。！？!?；;")
_FULL_STOP = frozenset("。！？!?")
_CLAUSE_END = frozenset("，,：:…")
_CLOSING = frozenset("”’」』）)】")
_NUMBERING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d(?!\d?月))"
    r"|第[一二三四五六七八九十]{1,3}[章节篇部]分?|——|[一二三四五六七八九十]是(?:要)?"
    r"|[●■◆▲•·○◇□▪►➢✓☆★※*-](?!\d)"
)
_ENTRY = re.compile(r"\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳●■◆▲•·○◇□▪►➢✓☆★※*-]")
_TASK = re.compile(r"月[底末]?前|日前|，.*(?:牵头|负责)|由.*(?:牵头|负责)|责成")
_SHORT_ENTRY = 9
_TABLE = 5
_LONGEST_NUMBER = 8
_LONGEST_HEADING = 40
_LONGEST_TOPIC = 26
_LEAST_BODY = 36
_LONGEST_CLAUSE = 200


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between separating marks; ``sentence`` numbers the sentence it belongs to."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch up to a full stop, semicolon or line end, with the headings it stands under."""

    start: int
    end: int
    line: int
    topic: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading line and the text below it, to the next heading; the first may have none."""

    heading: str
    start: int
    end: int
    body_end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The paper's shape; ``atomic[i]`` says that character ``i`` lies in brackets or quotes."""

    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    clauses: tuple[Clause, ...]
    atomic: bytearray


def outline(text: str) -> Outline:
    """Find the paper's shape."""
    atomic = bytearray(len(text))
    marks: list[tuple[int, int]] = []
    sentences: list[Sentence] = []
    clauses: list[Clause] = []
    for number, (start, end, heads) in enumerate(_lines(text)):
        if heads:
            marks.append((start, end))
            continue
        _mark_atoms(text, start, end, atomic)
        topic = ""
        for order, (begin, last) in enumerate(_stretches(text, start, end, atomic, _SENTENCE_END)):
            first = begin
            if order == 0:
                topic = _topic(text, first, last, end) or topic
                skip = numbering(text[first : first + _LONGEST_NUMBER])
                first = _trim(text, first + skip, last)[0]
            sentences.append(Sentence(first, last, number, topic))
            clauses.extend(
                Clause(part, min(part + _LONGEST_CLAUSE, two), len(sentences) - 1)
                for one, two in _stretches(text, first, last, atomic, _CLAUSE_END)
                for part in range(one, two, _LONGEST_CLAUSE)
            )
    return Outline(_sections(text, marks), tuple(sentences), tuple(clauses), atomic)


def numbering(text: str) -> int:
    """Length of a leading number such as 一、 （二） 3. ——; 0 where there is none."""
    match = _NUMBERING.match(text)
    return match.end() if match else 0


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _lines(text: str) -> list[tuple[int, int, bool]]:
    """Lines that hold something, each with whether it heads what follows.

    Many short lines on end are the cells of a table, not headings.
    """
    spans = [_trim(text, match.start(), match.end()) for match in LINE.finditer(text)]
    kept = [(start, end, is_heading(text[start:end])) for start, end in spans if start < end]
    found: list[tuple[int, int, bool]] = []
    for heads, group in groupby(kept, key=lambda line: line[2]):
        run = list(group)
        found.extend((a, b, heads and len(run) < _TABLE) for a, b, _ in run)
    return found


def is_heading(line: str) -> bool:
    """Whether a line heads what follows: short, without the marks of prose, and no task."""
    if _TASK.search(line) and ("，" in line or numbering(line)):
        return False
    if _ENTRY.match(line) and len(line) > _SHORT_ENTRY:
        return False
    if len(line) > _LONGEST_HEADING or line[-1] in "。；;，,、：:！？!?—…”)）":
        return False
    return not any(mark in line for mark in "。；;：:")


def _topic(text: str, start: int, end: int, line_end: int) -> str | None:
    """A short opening sentence with a body of text behind it names a topic."""
    skip = numbering(text[start : start + _LONGEST_NUMBER])
    short = end - start - skip <= _LONGEST_TOPIC
    stops = end < line_end and text[end] in _FULL_STOP
    claims = not skip and "是" in text[start:end]
    if short and stops and not claims and line_end - end > _LEAST_BODY:
        return text[start:end]
    return None


def _mark_atoms(text: str, start: int, end: int, atomic: bytearray) -> None:
    """Mark bracketed and quoted stretches; one that never closes, or runs long, is no atom."""
    at = start
    while at < end:
        close = _PAIRS.get(text[at])
        if close:
            stop = text.find(close, at + 1, min(end, at + _LONGEST_ATOM + 2))
            if stop > 0 and "。" not in text[at:stop]:
                atomic[at : stop + 1] = b"\x01" * (stop + 1 - at)
                at = stop
        at += 1


def _stretches(
    text: str, start: int, end: int, atomic: bytearray, marks: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Cut at the given marks outside atoms; each stretch is trimmed and not empty."""
    first = start
    at = start
    while at < end:
        size = _separator(text, at, end, marks) if not atomic[at] else 0
        if not size:
            at += 1
            continue
        one, two = _trim(text, first, at)
        if one < two:
            yield one, two
        at += size
        first = at
    one, two = _trim(text, first, end)
    if one < two:
        yield one, two


def _separator(text: str, at: int, end: int, marks: frozenset[str]) -> int:
    character = text[at]
    if character == "—" and "，" in marks and text[at : at + 2] == "——":
        return 2
    if character == "." and marks is _SENTENCE_END and _is_stop(text, at, end):
        return 1
    if character not in marks:
        return 0
    if character in ",:" and 0 < at < end - 1 and text[at - 1].isdigit() and text[at + 1].isdigit():
        return 0  # 1,000 and 9:30 are one number
    size = 1
    if marks is _SENTENCE_END:
        while at + size < end and text[at + size] in _CLOSING:
            size += 1
    return size


def _is_stop(text: str, at: int, end: int) -> bool:
    """An ASCII dot after prose, before a space, prose or the end; not in 3.5 or No.1."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < end else " "
    prose = not before.isascii() or before in _CLOSING or before in '")%'
    return prose and not (after.isascii() and after.isalnum()) and after != "."


def _sections(text: str, marks: list[tuple[int, int]]) -> tuple[Section, ...]:
    stops = [*(start for start, _ in marks), len(text)]
    below = [
        Section(text[start:end], start, end, stop)
        for (start, end), stop in zip(marks, stops[1:], strict=True)
    ]
    return (Section("", 0, 0, stops[0]), *below)
