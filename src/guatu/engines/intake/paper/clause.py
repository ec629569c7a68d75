"""One clause prepared for reading: listed words by place, list pieces, and what closes a list."""

import re
from dataclasses import dataclass, field

from guatu.engines.intake.paper.charges import Charge, charge_in
from guatu.engines.intake.paper.lexicon import (
    CLASS_NOUN,
    COMMON,
    OPENING,
    VERB,
    Hit,
    Word,
    scan,
)
from guatu.engines.intake.paper.outline import Clause

NUMERAL = r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十百两]+)"
MEASURE = r"(?:个|户|家|所|条|座|项|处|大|名|件|批|类|种|宗|栋|幢|台|套|对|支|片|块|口|列)"
TIME = re.compile(
    r"(?:(?:20\d\d)年)?(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月(?:底|末|份|上旬|中旬|下旬)?(?:\d{1,2}日)?前?"
    r"|20\d\d年(?:底|末)?前?|年[内底中末初]前?|[上下]半年|[一二三四]季度|(?:春节|国庆|五一|元旦|汛期)节?[前后]?"
)
COUNTED = re.compile(rf"{NUMERAL}余?(?:万|千|百|亿)?{MEASURE}")
_CONJUNCTION = re.compile(r"以及|[和与及暨]")
_NOT_CONJUNCTION = re.compile(
    r"和谐|温和|缓和|总和|饱和|祥和|共和|参与|与会|与时|涉及|普及|及时|及早|波及|触及|危及|顾及|提及|惠及"
)
_AND_SO_ON = re.compile(r"(?<![高初中平对同均相优上下劣甲乙一二三])等(?![级于待候额比同离价效])")
_TAIL_REACH = 24
_COMPLEMENTS = frozenset("好住牢稳紧足")
_PEOPLE = ("领导", "同志", "代表", "委员", "专家", "学者", "人员")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A 、-list inside a clause: where it runs and the class noun that closes it, if any.

    ``closer`` is the span of ``等`` (or of the count that follows the last member); ``noun`` the
    span of the closing phrase with its class noun, e.g. ``9户亿元企业``; ``word`` what that is.
    """

    start: int
    end: int
    closer: tuple[int, int] | None
    noun: tuple[int, int] | None
    word: int


@dataclass(slots=True)
class View:
    """A clause with everything the candidate and feature code asks about it."""

    text: str
    start: int
    end: int
    atomic: bytearray
    hits: list[Hit]
    begins: dict[int, list[Hit]] = field(default_factory=dict)
    stops: dict[int, list[Hit]] = field(default_factory=dict)
    commas: list[int] = field(default_factory=list)
    joints: dict[int, int] = field(default_factory=dict)
    joint_ends: set[int] = field(default_factory=set)
    closers: list[int] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    lists: list[Enumeration] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    chain: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    office: bool = False
    glued: set[int] = field(default_factory=set)
    charge: Charge | None = None

    def list_at(self, at: int) -> Enumeration | None:
        """The list that the character at ``at`` belongs to."""
        return next((one for one in self.lists if one.start <= at < one.end), None)

    def unknown_between(self, start: int, end: int) -> int:
        """How many characters of the span no listed word explains."""
        return self.unknown[end - self.start] - self.unknown[start - self.start]


def view(text: str, clause: Clause, atomic: bytearray) -> View:
    """Prepare a clause."""
    start, end = clause.start, clause.end
    made = View(text, start, end, atomic, list(scan(text, start, end)))
    _complete_verbs(made)
    for hit in made.hits:
        made.begins.setdefault(hit.start, []).append(hit)
        made.stops.setdefault(hit.end, []).append(hit)
        made.office = made.office or bool(hit.word & Word.OFFICE)
    _find_marks(made)
    _find_unknown(made)
    made.chain = _opening_chain(made)
    made.lists = _lists(made)
    made.charge = charge_in(text, start, end, made.begins)
    return made


def _complete_verbs(made: View) -> None:
    """Join a verb to its complement: 服务好, 盯住; ``glued`` is where no name can open then.

    A complement that opens a listed word of its own (稳投资, 好项目) belongs to that word.
    """
    words = {hit.start for hit in made.hits if len_of(hit) > 1}
    whole = {hit.end for hit in made.hits if hit.word & VERB}
    joined = [
        Hit(hit.start, hit.end + 1, hit.word)
        for hit in made.hits
        if hit.word & VERB
        and len_of(hit) > 1
        and hit.end < made.end
        and made.text[hit.end] in _COMPLEMENTS
        and hit.end not in words
    ]
    made.glued = {hit.end - 1 for hit in joined}
    fresh = [hit for hit in joined if hit.end not in whole]
    made.hits = sorted([*made.hits, *fresh], key=lambda hit: (hit.start, -hit.end))


def _find_marks(made: View) -> None:
    text, start, end = made.text, made.start, made.end
    made.commas = [i for i in range(start, end) if text[i] in "、;；" and not made.atomic[i]]
    barred = {
        i
        for match in _NOT_CONJUNCTION.finditer(text, start, end)
        for i in range(match.start(), match.end())
    }
    for match in _CONJUNCTION.finditer(text, start, end):
        if match.start() not in barred and not made.atomic[match.start()]:
            made.joints[match.start()] = match.end()
            made.joint_ends.add(match.end())
    made.closers = [
        match.start()
        for match in _AND_SO_ON.finditer(text, start, end)
        if not made.atomic[match.start()]
    ]
    made.times = {match.start(): match.end() for match in TIME.finditer(text, start, end)}
    made.counts = {match.start(): match.end() for match in COUNTED.finditer(text, start, end)}


def _find_unknown(made: View) -> None:
    """Count, by prefix sums, the characters that no listed word of two or more explains."""
    known = bytearray(made.end - made.start)
    for hit in made.hits:
        size = hit.end - hit.start
        if size > 1 and hit.word & COMMON:
            known[hit.start - made.start : hit.end - made.start] = b"\x01" * size
        elif hit.word & Word.GENERIC:
            known[hit.start - made.start] = 1
    total = 0
    made.unknown = [0]
    for offset, flag in enumerate(known):
        character = made.text[made.start + offset]
        total += not flag and character.isalnum() and not character.isdigit()
        made.unknown.append(total)


def _opening_chain(made: View) -> dict[int, int]:
    """Positions reached from a clause or piece start by openings alone, with the last of them.

    The longest opening at a place is taken, so that 推进 is never cut into 推 and 进.
    """
    heads = [made.start, *(comma + 1 for comma in made.commas), *made.joint_ends]
    reached: dict[int, int] = {}
    for head in heads:
        at = made.times.get(head, head)
        if at != head:
            reached[at] = Word.LEAD
        while hit := next((h for h in made.begins.get(at, ()) if h.word & OPENING), None):
            reached[hit.end] = hit.word
            at = hit.end
    return reached


def _lists(made: View) -> list[Enumeration]:
    """Cut the clause into lists: each runs to its 等, or to the clause's end."""
    found: list[Enumeration] = []
    first = made.start
    for closer in made.closers:
        if closer < first:
            continue
        noun = _closing_noun(made, closer + 1)
        stop = noun[0][1] if noun else closer + 1
        word = noun[1] if noun else 0
        found.append(
            Enumeration(first, stop, (closer, closer + 1), noun[0] if noun else None, word)
        )
        first = stop
    if first < made.end:
        found.append(_open_list(made, first))
    return found


def _open_list(made: View, first: int) -> Enumeration:
    """The last list has no 等; a count or 项目/工程 after its last member may close it."""
    last = max((mark for mark in [*made.commas, *made.joints] if mark >= first), default=None)
    if last is not None:
        for at, stop in sorted(made.counts.items()):
            if at > last + 1:
                noun = _closing_noun(made, at)
                if noun and noun[0][1] > stop:
                    return Enumeration(first, made.end, (at, at), noun[0], noun[1])
        for hit in made.hits:
            if hit.start > last + 1 and made.text[hit.start : hit.end] in {"项目", "工程"}:
                span = (hit.start, hit.end)
                return Enumeration(first, made.end, (hit.start, hit.start), span, hit.word)
    return Enumeration(first, made.end, None, None, 0)


def _closing_noun(made: View, at: int) -> tuple[tuple[int, int], int] | None:
    """The closing phrase from ``at``: its span and what its class noun is.

    The phrase ends before the next mark or the first plain verb; of the class nouns in it the
    last that is a project's or a firm's counts (等重点企业改革 closes with 企业), else the last of
    all (等特色产业集群发展 closes with 产业集群); people at the end outweigh both.
    """
    limit = min(made.end, at + _TAIL_REACH)
    limit = min([limit, *(mark for mark in (*made.commas, *made.closers) if mark >= at)])
    best: Hit | None = None
    cursor = at
    while cursor < limit:
        if best and made.text[cursor] in '“‘"（(':
            break
        hits = [hit for hit in made.begins.get(cursor, ()) if hit.end <= limit]
        noun = next((hit for hit in hits if hit.word & CLASS_NOUN), None)
        long = hits[0] if hits else None
        if noun and (not long or noun.end >= long.end or not long.word & VERB):
            best = _weightier(made, best, noun)
            cursor = noun.end
        elif long and best and long.word & (VERB | Word.DONE | Word.LEAD) and len_of(long) > 1:
            break
        else:
            cursor = long.end if long and len_of(long) > 1 else cursor + 1
    if best is None:
        return None
    return (at, best.end), best.word & CLASS_NOUN


def _weightier(made: View, best: Hit | None, noun: Hit) -> Hit:
    named = Word.PROJECT_CLASS | Word.FIRM_CLASS
    people = made.text[noun.start : noun.end].endswith(_PEOPLE)
    keeps = best is not None and best.word & named and not noun.word & named and not people
    return best if keeps and best is not None else noun


def len_of(hit: Hit) -> int:
    """How long a found word is."""
    return hit.end - hit.start
