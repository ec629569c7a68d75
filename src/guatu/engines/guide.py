"""A guide written in Markdown as pages: its sections, each as HTML that can hold nothing else.

Read is what the guides use: headings, paragraphs, numbered and bulleted lists, tables, code blocks,
``code``, **bold** and [links](address). Everything else is text. All text is escaped first, and a
link leads only within the guides or to a page of the site.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

HEADING = re.compile(r"(#{1,6}) +(.+)")
NUMBERED, BULLET = re.compile(r"\d+\. +(.+)"), re.compile(r"[*-] +(.+)")
TABLE_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
CODE, BOLD = re.compile(r"`([^`]+)`"), re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]*)\)")
WITHIN = re.compile(r"(?P<page>[a-z]+)\.md(?P<at>#[\w-]+)?|(?P<own>#[\w-]+)")
FENCE = "```"


@dataclass(frozen=True)
class Section:
    """A section: ``anchor`` is where it stands, ``body`` its HTML, ``text`` its plain words."""

    title: str
    anchor: str
    body: str
    text: str


@dataclass(frozen=True)
class Guide:
    """One guide; ``intro`` is the HTML of what stands before its first section."""

    title: str
    intro: str
    sections: tuple[Section, ...]


def anchor(heading: str) -> str:
    """Fragment under which a heading is reached.

    >>> anchor("出现错误时，怎么办？"), anchor("Command line")
    ('出现错误时怎么办', 'command-line')
    """
    return re.sub(r"[^\w\s-]", "", heading.strip().lower()).replace(" ", "-")


def read_guide(text: str, root: str) -> Guide:
    r"""Read a guide; ``root`` is the address under which guides stand, as in ``/help/``.

    >>> guide = read_guide("# 手册\n\n先<看>。\n\n## 一、登录\n\n1. 点`登录`。", "/help/")
    >>> guide.intro, guide.sections[0].body
    ('<p>先&lt;看&gt;。</p>', '<ol><li>点<code>登录</code>。</li></ol>')
    """
    title, parts = "", [("", list[str]())]
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith(FENCE)
        said = None if fenced else HEADING.fullmatch(line)
        if said is None or len(said[1]) > 2:  # noqa: PLR2004 -- a section has a heading of two marks
            parts[-1][1].append(line)
        elif len(said[1]) == 1:
            title = said[2]
        else:
            parts.append((said[2], []))
    (_, intro), *others = parts
    sections = [
        Section(name, anchor(name), "".join(_blocks(lines, root)), _plain(lines))
        for name, lines in others
    ]
    return Guide(title, "".join(_blocks(intro, root)), tuple(sections))


def found(guide: Guide, words: Sequence[str]) -> list[Section]:
    """Sections in which each word stands somewhere, those named by one first."""
    wanted = [word.lower() for word in words if word]
    kept = [
        section
        for section in guide.sections
        if all(word in f"{section.title} {section.text}".lower() for word in wanted)
    ]
    return sorted(kept, key=lambda one: not any(word in one.title.lower() for word in wanted))


def _plain(lines: Sequence[str]) -> str:
    bare = LINK.sub(r"\1", " ".join(lines))
    return " ".join(re.sub(r"[`*|#]", " ", bare).split())


def _blocks(lines: Sequence[str], root: str) -> Iterator[str]:
    """HTML of each block in turn."""
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
        elif line.startswith(FENCE):
            end = _end_of(lines, place + 1, lambda one: not one.startswith(FENCE))
            yield f"<pre>{html.escape(chr(10).join(lines[place + 1 : end]))}</pre>"
            place = end + 1
        elif (said := HEADING.fullmatch(line)) is not None:
            yield f"<h3>{_inline(said[2], root)}</h3>"
            place += 1
        elif line.startswith("|"):
            end = _end_of(lines, place, lambda one: one.startswith("|"))
            yield _table(lines[place:end], root)
            place = end
        else:
            end = _end_of(lines, place, _goes_on)
            yield from _run(lines[place : max(end, place + 1)], root)
            place = max(end, place + 1)


def _end_of(lines: Sequence[str], start: int, holds: Callable[[str], bool]) -> int:
    place = start
    while place < len(lines) and holds(lines[place]):
        place += 1
    return place


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.startswith((FENCE, "|", "#"))


def _run(lines: Sequence[str], root: str) -> Iterator[str]:
    """Paragraphs and lists of consecutive lines; a line without a mark goes on with the one before.

    Chinese is joined without a space.
    """
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        bare = line.strip()
        for tag, mark in (("ol", NUMBERED), ("ul", BULLET)):
            if (said := mark.fullmatch(bare)) is not None:
                if not groups or groups[-1][0] != tag:
                    groups.append((tag, []))
                groups[-1][1].append(said[1])
                break
        else:
            if not groups:
                groups.append(("p", [bare]))
            else:
                groups[-1][1][-1] += bare if ord(bare[0]) > 0x2E7F else f" {bare}"  # noqa: PLR2004 -- where Chinese begins
    for tag, items in groups:
        if tag == "p":
            yield f"<p>{_inline(items[0], root)}</p>"
        else:
            told = "".join(f"<li>{_inline(item, root)}</li>" for item in items)
            yield f"<{tag}>{told}</{tag}>"


def _table(lines: Sequence[str], root: str) -> str:
    rows = [
        [_inline(cell.strip(), root) for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not TABLE_RULE.fullmatch(line.strip())
    ]
    head, *body = rows
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    told = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{told}</tbody></table>"


def _inline(text: str, root: str) -> str:
    """Escape, then mark code, bold and links; code is taken out first, nothing in it is marked."""
    kept: list[str] = []

    def put_by(said: re.Match[str]) -> str:
        kept.append(f"<code>{said[1]}</code>")
        return f"\0{len(kept) - 1}\0"

    escaped = html.escape(text.replace("\0", ""), quote=True)
    marked = CODE.sub(put_by, escaped)
    marked = BOLD.sub(r"<strong>\1</strong>", marked)
    marked = LINK.sub(lambda said: _link(said[1], said[2], root), marked)
    return re.sub(r"\0(\d+)\0", lambda said: kept[int(said[1])], marked)


def _link(words: str, target: str, root: str) -> str:
    """A link within the guides; of any other only the words are kept."""
    within = WITHIN.fullmatch(target)
    if within is None:
        return words
    address = within["own"] or f"{root}{within['page']}/{within['at'] or ''}"
    return f'<a href="{address}">{words}</a>'
