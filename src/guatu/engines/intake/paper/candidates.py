"""Spans that may be a project's or a firm's name: many on purpose; the scorer chooses.

A span opens where something ends that cannot be part of a name (a mark, a verb, a count) and
closes where something begins that cannot (a mark, 等, a predicate) or where a telling ending stops.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from guatu.engines.intake.paper.charges import Charge
from guatu.engines.intake.paper.clause import View, len_of
from guatu.engines.intake.paper.lexicon import CLASS_NOUN, OPENING, VERB, Word
from guatu.engines.intake.paper.tables import terms

SHORTEST, LONGEST = 2, 34
MOST = 400
"""Candidates looked at in one clause: prose has a few dozen, only noise has more."""
ENDING = Word.PROJECT_END | Word.FIRM_END | Word.SITE_END
PREDICATE = Word.DONE | Word.MOVES
_ROLES = (("act", Word.ACT), ("back", Word.BACK), ("visit", Word.VISIT), ("plain", Word.PLAIN))
_PREPOSITIONS = frozenset("为向由给到赴在")
_MOST_JOINTS = 3
_DEPARTMENT = "|".join(terms("department"))
_GENERAL = re.compile(
    r"(?:一批|一系列|各项|各个|各类|所有|全部|更多).*"
    r"|.*(?:各[类个大]?|个别|部分|多个|上述|一些|众多|若干|有的)(?:[新续在]建|重点|产业)?(?:项目|工程|企业|工地)"
    r"|.*(?:重点|重大|产业|招商|民生|专项债|国债|在建|新建|续建|储备|亿元|以上|各个|[个类批]|投资|优质)(?:项目|工程)"
)
_IDLE = r"闲置|低效|老旧|现有|存量|相关|部分|其他|有关|沿街|周边|辖区|上述|此类|多个|该|本|空置"
_HELD = r"厂房|楼宇|土地|资产|用地|地块|小区|住宅|企业|项目|载体|园区|商铺|设施|厂区|管网|街区|建筑"
_UNIT = re.compile(
    rf"(?:{_IDLE})+内?(?:{_HELD})+|(?:[\u4e00-\u9fff]{{0,4}}(?:区|市|县|省))?(?:{_DEPARTMENT})"
    r"(?:局|委员会|委|厅|办公室|办|部门)?|[\u4e00-\u9fff]{1,6}街道|.{0,6}(?:部门|责任单位)"
)
_GRAMMAR = re.compile(
    r"[还也仍均并都后]将|关于|[是为]由|等等|主持召开|出席会议|(?:常务|副)[区市县省州]长|区委常委|不(?:少于|低于|超过)|[！？!?。]|[将已也都还均正曾](?!.)"
)
_OF_NAMES = frozenset({"的士", "了望"})
_FIRM = re.compile(r"(?:集团|公司)$")
_FIRST = re.compile(r"首[个座条家批台款]|最大|唯一")
_OPEN_MARKS = frozenset('“‘「『《（(【［["')
_CLOSE_MARKS = frozenset('”’」』》）)】］]"')


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name with what stands to its left and right, in the scorer's words."""

    start: int
    end: int
    left: str
    right: str


def candidates(view: View) -> Iterator[Candidate]:
    """Give every span between a left and a right boundary of one piece of the clause."""
    return islice(_spans(view), MOST)


def _spans(view: View) -> Iterator[Candidate]:
    lefts = sorted(_lefts(view).items())
    rights = sorted(_rights(view).items())
    counted = (one.closer[0] for one in view.lists if one.closer and one.closer[0] in view.counts)
    walls = sorted({*view.commas, *view.closers, *counted, view.end})
    wall = 0
    low = 0
    for start, left in lefts:
        if start in view.counts and view.text[start].isdigit():
            continue  # 300个重点项目 counts things; it names none
        while walls[wall] < start:
            wall += 1
        while low < len(rights) and rights[low][0] < start + SHORTEST:
            low += 1
        crossed = 0
        for end, right in rights[low:]:
            if end > walls[wall] or end - start > LONGEST or crossed > _MOST_JOINTS:
                break
            crossed += end in view.joints
            if _whole(view, start, end) and not _no_name(view, start, end):
                yield Candidate(start, end, left, right)


def _lefts(view: View) -> dict[int, str]:
    """Where a name may open, with what stands before it; a stronger reason replaces a weaker."""
    found = {
        hit.end: "verb:" + _role(hit.word)
        for hit in view.hits
        if hit.word & OPENING and len_of(hit) > 1
    }
    found.update(
        {match.end(): "first" for match in _FIRST.finditer(view.text, view.start, view.end)}
    )
    found.update(dict.fromkeys(view.times.values(), "time"))
    found.update({stop: "count" for at, stop in view.counts.items() if stop - at > 1})
    for at in range(view.start, view.end):
        character = view.text[at]
        if character in "的了着" and not view.atomic[at]:
            found[at + 1] = "de"
        elif character in _OPEN_MARKS:
            found.setdefault(at, "before-quote")
            found[at + 1] = "quote"
        elif character in _PREPOSITIONS:
            found.setdefault(at + 1, "preposition")
        elif character.isspace():
            found[at + 1] = "space"
    found.update({at: "chain:" + _role(word) for at, word in view.chain.items()})
    found.update(dict.fromkeys(view.joint_ends, "joint"))
    found.update({comma + 1: "comma" for comma in view.commas})
    found[view.start] = "start"
    if view.charge is not None:
        found = _outside(view, view.charge, found)
    return {at: left for at, left in found.items() if at < view.end and at not in view.glued}


def _outside(view: View, charge: Charge, found: dict[int, str]) -> dict[int, str]:
    """Names open before a charge, behind it, or where a unit of it that is a firm does."""
    firms = {at: "preposition" for at, end in charge.units if _FIRM.search(view.text, at, end)}
    return {
        **firms,
        **{at: left for at, left in found.items() if not charge.start <= at <= charge.action},
        view.times.get(charge.action, charge.action): "start",
    }


def _rights(view: View) -> dict[int, str]:
    """Where a name may close, with what stands behind it; a stronger reason replaces a weaker."""
    found = _endings(view)
    for hit in view.hits:
        if hit.word & PREDICATE and hit.start > view.start:
            found[hit.start] = "predicate"
        elif hit.word & (VERB | CLASS_NOUN) and hit.start > view.start and len_of(hit) > 1:
            found.setdefault(hit.start, "verb")
        elif hit.word & Word.LEAD and hit.start > view.start and len_of(hit) > 1:
            found.setdefault(hit.start, "lead")
    for at in range(view.start, view.end):
        character = view.text[at]
        if character in '的 　（(”"' and not (view.atomic[at] and character == "的"):
            found[at] = "mark"
    found.update(dict.fromkeys(view.times, "time"))
    found.update(dict.fromkeys(view.counts, "count"))
    found.update(dict.fromkeys(view.joints, "joint"))
    found.update(dict.fromkeys(view.closers, "deng"))
    found.update(dict.fromkeys(view.commas, "comma"))
    found[view.end] = "end"
    return {at: right for at, right in found.items() if at > view.start}


def _endings(view: View) -> dict[int, str]:
    found: dict[int, str] = {}
    for hit in view.hits:
        if hit.word & ENDING and (len_of(hit) > 1 or hit.word & Word.PROJECT_END):
            found.setdefault(hit.end, "ending")
        elif hit.word & Word.SITE_END:
            found.setdefault(hit.end, "letter")
    return found


def _role(word: int) -> str:
    return next((name for name, bit in _ROLES if word & bit), "lead")


def _no_name(view: View, start: int, end: int) -> bool:
    """What cannot be a name: a general phrase, an office, a stretch with a particle of grammar."""
    text = view.text
    if view.charge is not None and start < view.charge.start < end:
        return True
    if _GENERAL.fullmatch(text, start, end) or _UNIT.fullmatch(text, start, end):
        return True
    if _GRAMMAR.search(text[start:end]):
        return True
    return any(
        text[at] in "的了" and not view.atomic[at] and text[at : at + 2] not in _OF_NAMES
        for at in range(start, end)
    )


def _whole(view: View, start: int, end: int) -> bool:
    """A name does not begin or end inside a bracket that it does not hold whole."""
    if not any(view.atomic[start:end]):
        return True
    depth = 0
    for at in range(start, end):
        if view.text[at] in _OPEN_MARKS and view.text[at] != '"':
            depth += 1
        elif view.text[at] in _CLOSE_MARKS and view.text[at] != '"':
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
