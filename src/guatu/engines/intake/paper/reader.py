"""Reading one paper: bytes in, a :class:`Paper` of draft items out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from guatu.engines.intake.decode import decode, odd_characters
from guatu.engines.intake.paper import commitments, mentions, tense
from guatu.engines.intake.paper.clause import View, view
from guatu.engines.intake.paper.dates import Moment, moments
from guatu.engines.intake.paper.dates import plan_year as stated_year
from guatu.engines.intake.paper.domain import SectionDomain, domain_of, section_domains
from guatu.engines.intake.paper.model import Item, Paper, Value
from guatu.engines.intake.paper.outline import Outline, Sentence, outline
from guatu.engines.intake.paper.quantities import amounts, quota_item, quotas
from guatu.engines.intake.paper.scorer import Name, names
from guatu.engines.intake.paper.stage import doing, opening
from guatu.engines.intake.paper.tables import terms

_BYLINE = re.compile(rf"[（(]?\s*(?:{'|'.join(terms('byline'))})\s*[:：]")
_SPRINTS = frozenset({"开门红", "双过半"})
_NICKNAME = re.compile(r"[两三四五六七八九十][\u4e00-\u9fff]{1,3}$")
_NAME_TAIL = re.compile(r"(?:改造提升|改造|提升)?(?:建设)?(?:项目|工程)|改造提升|改造(?!治理)|提升")
_STAGE_TAIL = re.compile(
    r"(?P<open>[（(])?(?:[一二三四五六七八九十]{1,2}|\d)(?:期|标段|号地块)(?(open)[）)])"
)
_QUOTED = 3


def read_paper(data: bytes, filename: str, plan_year: int | None = None) -> Paper:
    """Read a ``.txt`` or ``.docx`` paper; :class:`BadInput` when it cannot be taken.

    ``plan_year`` settles 年内 and the like; without it the text's own year does, and without
    that they stay ``None``.
    """
    source = decode(data, filename)
    text = source.text
    year = plan_year if plan_year is not None else stated_year(text)
    shape = _without_bylines(text, outline(text))
    sections = section_domains(text, shape)
    items = list(_items(text, shape, sections, year))
    clashes = tuple(s.clash for s in sections if s.clash is not None)
    return Paper(source.sha256, source.encoding, text, _tidy(text, items), clashes, year)


def _without_bylines(text: str, shape: Outline) -> Outline:
    """Drop lines that name editors and reviewers: nobody named there owns or does anything."""
    names_editors = {s.line for s in shape.sentences if _BYLINE.match(text, s.start)}
    kept = [i for i, s in enumerate(shape.sentences) if s.line not in names_editors]
    number = {old: new for new, old in enumerate(kept)}
    clauses = tuple(
        replace(c, sentence=number[c.sentence]) for c in shape.clauses if c.sentence in number
    )
    return replace(shape, sentences=tuple(shape.sentences[i] for i in kept), clauses=clauses)


def _items(
    text: str, shape: Outline, sections: Sequence[SectionDomain], year: int | None
) -> Iterator[Item]:
    dates = list(moments(text, year))
    yield from (_date_item(text, moment) for moment in dates)
    # A sprint called for again and again is one target, stated where it first stands.
    sprints = {text[m.start : m.end]: m for m in reversed(dates)}
    yield from (_sprint(text, m) for word, m in sprints.items() if word in _SPRINTS)
    yield from mentions.mentions(text)
    back = -1
    for number, group in groupby(shape.clauses, key=lambda clause: clause.sentence):
        sentence = shape.sentences[number]
        section = _section_of(sections, sentence.start)
        views = [view(text, clause, shape.atomic) for clause in group]
        inherited = ""
        for seen in views:
            yield from _named(seen, inherited)
            inherited = opening(seen) or inherited
        said = text[sentence.start : sentence.end]
        onward = tense.ahead(views, back=sentence.line == back)
        back = sentence.line if tense.looks_back(said) else back
        if onward and not sentence.topic.endswith(said) and not commitments.is_cell(text, sentence):
            yield from _promised(onward, sentence, section, dates)


def _promised(
    views: Sequence[View], sentence: Sentence, section: SectionDomain, dates: Sequence[Moment]
) -> Iterator[Item]:
    """Commitments and targets of one sentence."""
    text = views[0].text
    for span in commitments.spans(views):
        own = text[span[0] : span[1]]
        facet = commitments.facet(views, span[0])
        path = (section.section.heading, sentence.topic, facet)
        domain = domain_of(own) or domain_of(f"{sentence.topic} {facet}") or section.domain
        due = _due(dates, span[0], span[1])
        heading = " / ".join(part for part in path if part)
        context = commitments.Context(heading, domain, sentence)
        yield commitments.commitment(views, span, context, due)
        yield from commitments.targets(text, span, due)


def _named(seen: View, inherited: str) -> Iterator[Item]:
    """Names, quotas, amounts and places of one clause."""
    chosen = [_whole_name(seen, name) for name in names(seen)]
    for name in chosen:
        around = seen.list_at(name.start)
        first = min(n.start for n in chosen if seen.list_at(n.start) is around)
        yield _name_item(seen, name, first, inherited)
    yield from (quota_item(seen, quota, chosen) for quota in quotas(seen))
    yield from amounts(seen)
    inside = [(name.start, name.end) for name in chosen]
    for place in mentions.places(seen):
        if not any(start <= place.start < end for start, end in inside):
            yield place


def _whole_name(seen: View, name: Name) -> Name:
    """Give a name its trailing 改造项目 and take quotation marks around the whole of it away."""
    start, end = name.start, name.end
    if seen.text[start] in '“"' and seen.text[end - 1] in '”"' and end - start > _QUOTED:
        return replace(name, start=start + 1, end=end - 1)
    stage = _STAGE_TAIL.match(seen.text, end, seen.end)
    if stage:  # 二期 of a firm's name is a project's
        name = replace(name, end=stage.end(), kind="project")
        end = name.end
    tail = _NAME_TAIL.match(seen.text, end, seen.end)
    around = seen.list_at(start)
    closed = around is not None and around.closer is not None and around.closer[0] == end
    return replace(name, end=tail.end()) if tail and not closed else name


def _name_item(seen: View, name: Name, first: int, inherited: str) -> Item:
    text = seen.text[name.start : name.end]
    done = doing(seen, name, first, inherited)
    attrs: dict[str, Value] = {"action": done.action}
    if name.kind == "project":
        attrs["stage"] = done.stage
    elif _NICKNAME.match(text):
        attrs["collective"] = True
    attrs["score"] = round(name.score, 2)
    return Item(name.kind, text, name.start, name.end, attrs)


def _date_item(text: str, moment: Moment) -> Item:
    key = "by" if moment.deadline else "iso"
    said = text[moment.start : moment.end]
    return Item("date", said, moment.start, moment.end, {key: moment.day})


def _sprint(text: str, moment: Moment) -> Item:
    said = text[moment.start : moment.end]
    return Item("target", said, moment.start, moment.end, {"by": moment.day, "verb": None})


def _section_of(sections: Sequence[SectionDomain], at: int) -> SectionDomain:
    return sections[bisect_right(sections, at, key=lambda s: s.section.end) - 1]


def _due(dates: Sequence[Moment], start: int, end: int) -> str | None:
    """The last deadline stated inside a commitment."""
    first = bisect_left(dates, start, key=lambda moment: moment.start)
    last = bisect_right(dates, end, key=lambda moment: moment.start)
    inside = [m.day for m in dates[first:last] if m.deadline and m.end <= end and m.day]
    return inside[-1] if inside else None


def _tidy(text: str, items: list[Item]) -> tuple[Item, ...]:
    """Sort, drop doubles, and flag items that hold control or direction characters."""
    odd = odd_characters(text)
    kept: dict[tuple[str, int, int], Item] = {}
    for item in items:
        kept.setdefault((item.kind, item.start, item.end), item)
    ordered = sorted(kept.values(), key=lambda item: (item.start, -item.end, item.kind))
    if not odd:
        return tuple(ordered)
    return tuple(_flag(item, odd) for item in ordered)


def _flag(item: Item, odd: Sequence[int]) -> Item:
    first = bisect_left(odd, item.start)
    if first < len(odd) and odd[first] < item.end:
        return replace(item, attrs={**item.attrs, "warning": "含不可见或方向控制字符"})
    return item
