"""What the scorer sees of a candidate: abstract features, never a character of a name.

Each feature is a short word; ``training`` learns one weight per feature and kind, and ``reader``
can print the weights that decided, so every choice can be explained.
"""

from collections.abc import Iterator

from guatu.engines.intake.paper.candidates import PREDICATE, Candidate
from guatu.engines.intake.paper.clause import Enumeration, View, len_of
from guatu.engines.intake.paper.lexicon import CLASS_NOUN, COMMON, OPENING, VERB, Hit, Word
from guatu.engines.intake.paper.tables import department

_SHORT_NAME = 4
_MOST_MEMBERS = 60
_CLEAN_LEFT = ("start", "comma", "joint", "chain")
_CLEAN_RIGHT = frozenset({"comma", "joint", "deng", "end", "count", "time", "predicate"})
_LONGEST_WORD = 6
_OFFICE_ENDS = frozenset("局委厅办府会部署组")
_VERB_LETTERS = ((Word.ACT, "a"), (Word.BACK, "b"), (Word.VISIT, "v"), (Word.PLAIN, "p"))
_HELD = (
    (PREDICATE, "predicate"),
    (Word.FIRM_END, "firm"),
    (Word.PROJECT_END, "project"),
)
_ENDINGS = (
    (Word.PROJECT_END, "P"),
    (Word.FIRM_END, "F"),
    (Word.ABSTRACT_END, "A"),
    (Word.SITE_END, "S"),
)


def features(view: View, spot: Candidate) -> list[str]:
    """Describe a candidate by its ending, its neighbours, its list and its make-up."""
    ending, stem = _ending(view, spot)
    inside = _inside(view, spot)
    around = view.list_at(spot.start)
    tail, clean = _tail(spot, around)
    odd = min(view.unknown_between(spot.start, spot.end), 6)
    left = spot.left
    next_word = _next(view, spot.end)
    listed = _listed(view, spot, around)
    verb = _governing(view, spot, around)
    size = _bucket(spot.end - spot.start)
    return [
        "bias",
        f"left={left}",
        f"right={spot.right}",
        f"left={left}&right={spot.right}",
        f"end={ending}",
        f"end={ending}&right={spot.right}",
        f"end={ending}&left={left}",
        f"end={ending}&odd={min(odd, 3)}",
        f"end={ending}&cut={clean}&odd={min(odd, 3)}",
        f"end={ending}&left={left.partition(':')[0]}&right={spot.right}",
        f"end={ending}&stem={stem}",
        f"end={ending}&next={next_word}",
        f"end={ending}&tail={tail}{clean}",
        f"end={ending}&verb={verb}",
        f"tail={tail}{clean}",
        f"tail={tail}{clean}&odd={min(odd, 3)}",
        f"tail={tail}{clean}&size={size}",
        f"listed={listed}&tail={tail}",
        f"listed={listed}&end={ending}",
        f"verb={verb}",
        f"verb={verb}&odd={min(odd, 3)}",
        f"odd={odd}",
        f"odd={min(odd, 3)}&size={size}",
        f"size={size}",
        f"next={next_word}",
        f"next={next_word}&odd={min(odd, 3)}",
        *inside,
    ]


def _ending(view: View, spot: Candidate) -> tuple[str, str]:
    """Which telling endings the span has, and how much stands before the longest of them."""
    letters, longest = _ending_letters(view, spot.start, spot.end)
    return letters, str(min(spot.end - spot.start - longest, 4))


def _ending_letters(view: View, start: int, end: int) -> tuple[str, int]:
    hits = [h for h in view.stops.get(end, ()) if h.start >= start]
    letters = ""
    longest = 0
    for role, letter in _ENDINGS:
        sizes = [len_of(hit) for hit in hits if hit.word & role]
        if sizes:
            letters += letter
            longest = max(longest, *sizes)
    return letters or "none", longest


def _inside(view: View, spot: Candidate) -> list[str]:
    """The span's own make-up: how it opens, what it holds."""
    start, end = spot.start, spot.end
    opening = [h for h in view.begins.get(start, ()) if h.end <= end]
    held = [
        hit
        for at in range(start + 1, end)
        for hit in view.begins.get(at, ())
        if hit.end < end and len_of(hit) > 1
    ]
    found = _opens(view, start, end, opening)
    if any(_only_verb(hit) for hit in held):
        found.append("holds=verb")
    for role, name in _HELD:
        if any(hit.word & role for hit in held):
            found.append(f"holds={name}")
    found.extend(_marks(view, spot))
    found.extend(_cuts(view, spot))
    if view.office and end - start <= _SHORT_NAME:
        surname = any(hit.word & Word.SURNAME for hit in opening)
        found.append("person" if surname else "office")
    found.extend(_joins(view, spot))
    return found


def _joins(view: View, spot: Candidate) -> Iterator[str]:
    """What a 和 inside the span joins: two things that look like names are two names."""
    for joint in range(spot.start + 1, spot.end):
        if joint in view.joints:
            left = _ending_letters(view, spot.start, joint)[0]
            yield "joins=" + left
            right = _ending_letters(view, joint, spot.end)[0]
            odd = view.unknown_between(spot.start, joint)
            if odd and view.unknown_between(joint + 1, spot.end) and "none" not in (left, right):
                yield "joins=two-names"


def _cuts(view: View, spot: Candidate) -> list[str]:
    """Whether a boundary splits a listed word, and whether the name could go on at its end."""
    found = []
    for side, at in (("left", spot.start), ("right", spot.end)):
        for first in range(max(view.start, at - _LONGEST_WORD), at):
            if any(hit.end > at and hit.word & COMMON for hit in view.begins.get(first, ())):
                found.append(f"splits={side}")
                break
    more = [hit for hit in view.begins.get(spot.end, ()) if len_of(hit) > 1]
    if any(hit.word & Word.PROJECT_END for hit in more):
        found.append("more=project")
    if any(hit.word & Word.FIRM_END for hit in more):
        found.append("more=firm")
    last = view.text[spot.end - 1]
    if last in _OFFICE_ENDS:
        found.append("ends=office")
    if department().fullmatch(view.text, spot.start, spot.end):
        found.append("department")
    return found


def _opens(view: View, start: int, end: int, opening: list[Hit]) -> list[str]:
    found = []
    if any(hit.word & OPENING for hit in opening):
        long = any(hit.word & OPENING and len_of(hit) > 1 for hit in opening)
        found.append("opens=verb" if long else "opens=short-verb")
    if any(hit.word & Word.REGION for hit in opening):
        found.append("opens=region" + ("2" if len_of(opening[0]) > 1 else "1"))
    if any(hit.word & Word.GENERIC and len_of(hit) > 1 for hit in opening):
        found.append("opens=generic")
    if start in view.counts:
        found.append("opens=count")
    if opening and _only_regions(view, start, end):
        found.append("regions")
    return found


def _only_regions(view: View, start: int, end: int) -> bool:
    at = start
    while at < end:
        hits = (h for h in view.begins.get(at, ()) if h.end <= end and h.word & Word.REGION)
        longest = next(hits, None)
        if longest is None:
            return False
        at = longest.end
    return True


def _marks(view: View, spot: Candidate) -> list[str]:
    name = view.text[spot.start : spot.end]
    tests = (
        ("joint", any(at in view.joints for at in range(spot.start + 1, spot.end))),
        ("de", "的" in name),
        ("latin", any(c.isascii() and c.isalpha() for c in name)),
        ("digit", any(c.isdigit() for c in name)),
        ("percent", "%" in name or "％" in name),
    )
    found = [f"holds={what}" for what, true in tests if true]
    if name[0] in '“"《':
        found.append("quoted" if name[-1] in '”"》' else "quote-opens")
    elif any(view.atomic[spot.start : spot.end]):
        found.append("in-quotes" if view.atomic[spot.start] else "holds=quote")
    if name[0] == "《":
        found.append("title")
    return found


def _only_verb(hit: Hit) -> bool:
    nouns = Word.GENERIC | Word.PROJECT_END | Word.FIRM_END | CLASS_NOUN
    return bool(hit.word & VERB) and not hit.word & nouns


def _tail(spot: Candidate, around: Enumeration | None) -> tuple[str, str]:
    """What closes the list the span is in, and whether the span is cut as a member would be."""
    if around is None or around.closer is None:
        return "open", _clean(spot)
    if spot.end > around.closer[0]:
        return "after", _clean(spot)
    if around.word & Word.PROJECT_CLASS:
        name = "both" if around.word & Word.FIRM_CLASS else "project"
    elif around.word & Word.FIRM_CLASS:
        name = "firm"
    else:
        name = "other" if around.word & Word.OTHER_CLASS else "unnamed"
    closes = "!" if spot.end == around.closer[0] else ""
    return name, _clean(spot) + closes


def _clean(spot: Candidate) -> str:
    left = spot.left.startswith(_CLEAN_LEFT)
    right = spot.right in _CLEAN_RIGHT
    return "+" if left and right else "-"


def _next(view: View, at: int) -> str:
    """What the first listed word after the span is; predicates of projects and firms differ."""
    if at >= view.end:
        return "end"
    hits = view.begins.get(at, ())
    for hit in hits:
        done, moves = bool(hit.word & Word.DONE), bool(hit.word & Word.MOVES)
        if (done or moves) and len_of(hit) > 1:
            return ("D" if done else "") + ("M" if moves else "")
        if hit.word & CLASS_NOUN and len_of(hit) > 1:
            return "class"
    if hits and len_of(hits[0]) > 1:
        return "verb" if hits[0].word & VERB else "word"
    if view.text[at] in "、的等和与及":
        return view.text[at]
    return "other"


def _listed(view: View, spot: Candidate, around: Enumeration | None) -> str:
    """Whether the span's neighbours across the marks end as projects or as firms."""
    if around is None:
        return "no"
    ends = view.members.get(around.start)
    if ends is None:
        ends = view.members[around.start] = _member_ends(view, around)
    if len(ends) == 1:
        return "no"
    other = [kinds for end, kinds in ends if not spot.start < end <= spot.end]
    project = sum(bool(kinds & Word.PROJECT_END) for kinds in other)
    firm = sum(bool(kinds & Word.FIRM_END) for kinds in other)
    half = len(other) / 2
    return ("P" if project > half else "p" if project else "") + (
        "F" if firm > half else "f" if firm else ""
    ) or "plain"


def _member_ends(view: View, around: Enumeration) -> list[tuple[int, int]]:
    """Where the members of a list end, with the endings they have."""
    stop = around.closer[0] if around.closer else around.end
    marks = [m for m in (*view.commas, *view.joints) if around.start <= m < stop]
    found = []
    for end in (*marks[:_MOST_MEMBERS], stop):
        kinds = 0
        for hit in view.stops.get(end, ()):
            kinds |= hit.word if len_of(hit) > 1 else 0
        found.append((end, kinds))
    return found


def _governing(view: View, spot: Candidate, around: Enumeration | None) -> str:
    """The nearest verb before the span's list in its clause: an omitted verb is inherited."""
    first = around.start if around else view.start
    for at in range(spot.start, first, -1):
        found = 0
        for hit in view.stops.get(at, ()):
            if hit.start >= first and len_of(hit) > 1:
                found |= hit.word & VERB
        if found:
            return "".join(letter for role, letter in _VERB_LETTERS if found & role)
    return "none"


def _bucket(size: int) -> str:
    for limit in (2, 3, 4, 6, 9, 13, 18):
        if size <= limit:
            return str(limit)
    return "long"
