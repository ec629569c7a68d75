"""The numbered entries of minutes, so that one out of which nothing was read can be told."""

import re
from dataclasses import dataclass

from guatu.engines.intake.paper.outline import LINE, is_heading, numbering
from guatu.engines.intake.paper.tense import is_past

_MARK = re.compile(r"第?[（(]?(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})")
_LEADS = re.compile(r"(?:议定|决定|明确|要求|安排)[^。]{0,12}[:：]$")
_APART = re.compile(r"(?:参加|参会|出席|列席|主持|记录|时间|地点|主送|抄送|分送|报送|签发|印发)")
_LONGEST_NUMBER = 8
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered line, without its number: where it stands, and the number as written."""

    number: str
    start: int
    end: int


def entries(text: str) -> tuple[Entry, ...]:
    r"""Every numbered line that is neither a heading nor tells only of what was.

    A word processor's own numbers are not in the text: lines without one that follow 议定如下： or
    the like are counted instead.

    >>> paper = "一、项目组\n1.由示例局牵头办理。\n2.会议听取了汇报。"
    >>> [(entry.number, entry.start) for entry in entries(paper)]
    [('1', 8)]
    >>> [entry.number for entry in entries("会议议定：\n由示例局办理此事。\n请另一局配合做好。")]
    ['1', '2']
    """
    found = []
    counted = -1
    for match in LINE.finditer(text):
        line = match[0].strip()
        if _LEADS.search(line):
            counted = 0
            continue
        skip = numbering(line[:_LONGEST_NUMBER])
        mark = _MARK.match(line) if skip else None
        words = line[skip:].strip()
        if len(words) < _LEAST or is_heading(line) or _APART.match(words):
            continue
        counted += counted >= 0 and not skip
        number = mark["number"] if mark else str(counted) if counted > 0 and not skip else ""
        if number and not is_past(words):
            at = text.index(words, match.start())
            found.append(Entry(number, at, at + len(words)))
    return tuple(found)
