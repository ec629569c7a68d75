"""How something found shows: where it leads, and which part of its name was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from guatu.campaign.search import Asked, Group, Hit, Kind
from guatu.register.initials import initials_of, written_narrow
from guatu.register.search import code_of, letters_of

LISTS = {
    Kind.PROJECT: "projects:list",
    Kind.ENTERPRISE: "enterprises:enterprises",
    Kind.LEAD: "leads:list",
    Kind.RESERVE: "reserve:list",
    Kind.DUTY: "duties:duties",
}
PAGES: Mapping[Kind, Callable[[Hit], str]] = {
    Kind.PROJECT: lambda hit: reverse("projects:project", args=[hit.key]),
    Kind.ENTERPRISE: lambda hit: reverse("enterprises:enterprise", args=[hit.key]),
    Kind.LEAD: lambda hit: reverse("leads:lead", args=[hit.key]),
    Kind.RESERVE: lambda hit: reverse("reserve:reserve", args=[hit.key]),
    Kind.DUTY: lambda hit: reverse("duties:duty", args=[hit.key]),
    Kind.TARGET: lambda hit: reverse(f"targets:{'part' if hit.code else 'target'}", args=[hit.key]),
    Kind.REFORM: lambda hit: reverse("reforms:reform", args=[hit.key]),
    Kind.MEETING: lambda hit: reverse("meetings:meeting", args=[hit.key]),
    Kind.BLOCKER: lambda hit: reverse("blockers:blocker", args=[hit.key]),
    Kind.LETTER: lambda hit: reverse("letters:letter", args=[hit.key]),
    Kind.HANDOVER: lambda hit: reverse("handovers:handover", args=[hit.key]),
    Kind.PLAN: lambda hit: reverse("firms:plan", args=[hit.key]),
    Kind.VISIT: lambda hit: reverse("visits:visit", args=[hit.key]),
    # What has no page of its own leads to what is owed for it.
    Kind.MATTER: lambda hit: f"{reverse('duties:duties')}?{urlencode({'q': hit.title})}",
    Kind.UNIT: lambda hit: reverse("organisations:unit", args=[hit.key]),
    Kind.POST: lambda hit: reverse("organisations:unit", args=[hit.key]),
    Kind.PAPER: lambda hit: reverse("intake:paper", args=[hit.key]),
    Kind.LEDGER: lambda hit: reverse("intake:ledger", args=[hit.key]),
    Kind.RESOURCE: lambda hit: f"{reverse('resources:resources')}#resource-{hit.code}",
}
JOINED = " · "
"""Stands between things told of a row: no name runs across it."""
Piece = tuple[str, bool]


@dataclass(frozen=True)
class Face:
    """One row: address, and its name and note in pieces, the marked ones being what was asked."""

    hit: Hit
    href: str
    title: Sequence[Piece]
    code: Sequence[Piece]
    note: Sequence[Piece]


@dataclass(frozen=True)
class Shown:
    """One kind with its rows, how many there are in all, and where all of them stand."""

    kind: Kind
    rows: Sequence[Face]
    count: str
    href: str


def face(asked: Asked, hit: Hit) -> Face:
    """The row of something found."""
    pieces = [marked(asked.words, text) for text in (hit.title, hit.code, hit.note)]
    return Face(hit, PAGES[hit.kind](hit), *pieces)


def shown(asked: Asked, group: Group) -> Shown:
    """A kind as the page shows it; a list of its own takes the same words along."""
    count = f"{group.count} 项以上" if group.more else f"{group.count} 项"
    rows = [face(asked, hit) for hit in group.hits]
    if group.kind in LISTS:
        query = urlencode({"q": asked.text})
        return Shown(group.kind, rows, count, f"{reverse(LISTS[group.kind])}?{query}")
    if group.count == len(rows):
        return Shown(group.kind, rows, count, "")
    query = urlencode({"q": asked.text, "kind": group.kind.value})
    return Shown(group.kind, rows, count, f"{reverse('search:search')}?{query}")


def marked(words: Sequence[str], text: str) -> list[Piece]:
    """``text`` in pieces: what one of ``words`` says, by its signs or its initials, is marked.

    >>> marked(("道", "s"), "示例道路")
    [('示', True), ('例', False), ('道', True), ('路', False)]
    >>> marked(("xm-1",), "XM-00001"), marked(("xm",), "中心 · 谋划")
    ([('XM-00001', True)], [('中心 · 谋划', False)])
    """
    plain = "".join(_narrow(sign) for sign in text)
    hit = [False] * len(text)
    for word in words:
        for place in _said(plain, word) or _spelt(text, letters_of(word)):
            hit[place] = True
    pieces: list[Piece] = []
    for sign, holds in zip(text, hit, strict=True):
        if pieces and pieces[-1][1] == holds:
            pieces[-1] = (pieces[-1][0] + sign, holds)
        else:
            pieces.append((sign, holds))
    return pieces


def _narrow(sign: str) -> str:
    """The sign as it is compared; what would become several stays, so that places agree."""
    plain = written_narrow(sign).lower()
    return plain if len(plain) == 1 else sign


def _said(text: str, word: str) -> list[int]:
    """Places of the signs of ``word``, or of the whole where it is the code that is meant."""
    if text.upper() == code_of(word):
        return list(range(len(text)))
    starts = [place for place in range(len(text)) if text.startswith(word, place)]
    return [place for start in starts for place in range(start, start + len(word))]


def _spelt(text: str, letters: str) -> list[int]:
    """Places of the signs whose initials are ``letters``, the first time they come in one part."""
    begun = 0
    for part in text.split(JOINED):
        places = [begun + place for place, sign in enumerate(part) if sign.isalnum()]
        initials = initials_of(part) if letters else ""
        start = initials.find(letters) if letters else -1
        if start >= 0 and len(places) == len(initials):
            return places[start : start + len(letters)]
        begun += len(part) + len(JOINED)
    return []
