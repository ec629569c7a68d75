"""What the paper does with a name, and the stage this says a project is in.

A hope is not a fact: 力争…签约 leaves a project 洽谈, 争取…启动 leaves it 储备; only 确保, a plain
plan or a report of what happened reaches the stage the words name. 签约 needs such a report
(新落位, 已签约): every plan to sign, 确保 too, leaves a project 洽谈. 统筹推进, 抓好, 实施 and
the like name no stage at all; the table lists them under an empty one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.engines.intake.paper.clause import View, len_of
from guatu.engines.intake.paper.lexicon import OPENING, VERB, Word
from guatu.engines.intake.paper.scorer import Name
from guatu.engines.intake.paper.tables import modal, stages_by_word, strengths, unreached

_HOPE = frozenset({"力争", "争取", "探索"})
_REACH = 16


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done with a name: ``action`` as ``before…after`` in the paper's words."""

    action: str | None
    stage: str | None


def strength_of(views: Sequence[View], start: int, end: int) -> str | None:
    """The strongest modal word that opens a clause of the span: 确保, 力争, 争取, 探索."""
    found = set()
    for view in views:
        if start < view.end and view.start < end:
            found.add(_opening_modal(view))
    return next((strength for strength in strengths() if strength in found), None)


def opening(view: View) -> str:
    """The words that open a clause up to its first list member: what an omitted verb inherits."""
    reach = max((at for at in view.chain if at <= view.start + _REACH), default=view.start)
    return view.text[view.start : reach]


def doing(view: View, name: Name, first_member: int, inherited: str = "") -> Doing:
    """Judge a name by the words before its list and those behind it.

    ``first_member`` is where the first name of the list starts; ``inherited`` are the opening
    words of an earlier clause of the sentence, which count when the list has none of its own.
    """
    around = view.list_at(name.start)
    first = min(around.start, first_member) if around else view.start
    own = view.text[first:first_member]
    before = own if own.strip() else inherited
    behind_from = around.closer[1] if around and around.closer else name.end
    after = view.text[max(name.end, behind_from) : view.end]
    hope = next((word for word in modal() if word in before), "")
    ahead = _verb_in(view, first, first_member) or hope
    if not own.strip():
        ahead = _last_verb_word(inherited)
    behind = _first(after, [word for word, _ in stages_by_word("reached")])
    if not behind and name.kind == "enterprise":
        behind = _move(view, max(name.end, behind_from))
    lead = hope if hope not in ahead else ""
    action = "…".join(part for part in (lead + ahead, behind) if part) or None
    return Doing(action, _stage(before, after) if action and name.kind == "project" else None)


def _opening_modal(view: View) -> str | None:
    at = view.start
    while at < view.end:
        hits = [hit for hit in view.begins.get(at, ()) if hit.word & OPENING and len_of(hit) > 1]
        if not hits:
            return None
        word = view.text[hits[0].start : hits[0].end]
        if word in modal():
            return modal()[word]
        if not hits[0].word & Word.LEAD:
            return None
        at = hits[0].end
    return None


def _verb_in(view: View, start: int, end: int) -> str:
    """The last verb of two or more characters in a stretch; the longest of those that end there."""
    found = [
        (hit.end, len_of(hit))
        for hit in view.hits
        if start <= hit.start and hit.end <= end and hit.word & VERB and len_of(hit) > 1
    ]
    stop, size = max(found, default=(0, 0))
    return view.text[stop - size : stop]


def _last_verb_word(text: str) -> str:
    words = [word for word, _ in stages_by_word("verbs") if word in text]
    return max(words, key=lambda word: (text.rfind(word) + len(word), len(word)), default="")


def _move(view: View, start: int) -> str:
    """The first predicate of a firm after its name."""
    for hit in view.hits:
        moves = hit.word & (Word.MOVES | VERB) and len_of(hit) > 1
        if hit.start >= start and moves and not hit.word & (Word.FIRM_CLASS | Word.OTHER_CLASS):
            return view.text[hit.start : hit.end]
    return ""


def _first(text: str, words: list[str]) -> str:
    found = [(text.find(word), -len(word), word) for word in words if word in text]
    return min(found)[2] if found else ""


def _stage(before: str, after: str) -> str | None:
    reached = dict(stages_by_word("reached"))
    named = _first(after, list(reached))
    stage = reached.get(named) or _by_verb(before)
    hope = {modal()[word] for word in modal() if word in before + after} & _HOPE
    if stage and hope and "确保" not in before:
        return unreached().get(stage, stage)
    return stage or None


def _by_verb(before: str) -> str | None:
    """The stage of the last governing verb, the longest of those that end there."""
    found = [
        (before.rfind(word) + len(word), len(word), stage)
        for word, stage in (*stages_by_word("verbs"), *stages_by_word("reached"))
        if word in before
    ]
    return max(found)[2] if found else None
