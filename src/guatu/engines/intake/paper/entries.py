"""The numbered entries of minutes, so that one out of which nothing was read can be told."""

import re
from dataclasses import dataclass

from guatu.engines.intake.paper.outline import LINE, is_heading, numbering
from guatu.engines.intake.paper.tense import is_past

_MARK = re.compile(r"第?[（(]?(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})")
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

    >>> paper = "一、项目组\n1.由示例局牵头办理。\n2.会议听取了汇报。"
    >>> [(entry.number, entry.start) for entry in entries(paper)]
    [('1', 8)]
    """
    found = []
    for match in LINE.finditer(text):
        line = match[0].strip()
        start = match.start() + match[0].index(line) if line else match.start()
        mark = _MARK.match(line)
        skip = numbering(line[:_LONGEST_NUMBER])
        words = line[skip:].strip()
        if mark and skip and len(words) >= _LEAST and not is_heading(line) and not is_past(words):
            at = text.index(words, start + skip)
            found.append(Entry(mark["number"], at, at + len(words)))
    return tuple(found)
