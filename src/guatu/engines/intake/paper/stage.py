"""What the paper does with a project, and the stage this says it is in.

A hope is not a fact: 力争…签约 leaves a project 洽谈, 争取…启动 leaves it 储备; only 确保, a plain
plan or a report of what happened reaches the stage the words name.
"""

from guatu.engines.intake.paper.clause import View
from guatu.engines.intake.paper.scorer import Name
from guatu.engines.intake.paper.tables import modal, stages_by_word, strengths, unreached

_HOPE = frozenset({"力争", "争取", "探索"})


def strength_of(text: str) -> str | None:
    """The strongest modal word in a text: 确保 over 力争 over 争取 over 探索."""
    found = {strength for word, strength in modal().items() if word in text}
    return next((strength for strength in strengths() if strength in found), None)


def action_and_stage(view: View, name: Name) -> tuple[str | None, str | None]:
    """The words around a project, as ``before…after``, and the stage they give; else ``None``."""
    around = view.list_at(name.start)
    first = around.start if around else view.start
    before = _before(view, name, first)
    after = view.text[name.end : view.end]
    action = _action(before, after)
    if action is None:
        return None, None
    return action, _stage(before, after)


def _before(view: View, name: Name, first: int) -> str:
    marks = [mark for mark in view.commas if first <= mark < name.start]
    lead = view.text[first : min([name.start, *marks])]
    if lead.strip():
        return lead
    return view.text[view.start : min([name.start, *view.commas])]


def _action(before: str, after: str) -> str | None:
    verbs = [word for word, _ in (*stages_by_word("verbs"), *stages_by_word("reached"))]
    verbs += list(modal())
    ahead = max((w for w in verbs if before.rstrip().endswith(w)), key=len, default="")
    if not ahead:
        ahead = max((w for w in verbs if w in before), key=len, default="")
    behind = _first(after, [word for word, _ in stages_by_word("reached")])
    hope = next((word for word in modal() if word in before and word not in ahead), "")
    parts = [hope + ahead, behind]
    return "…".join(part for part in parts if part) or None


def _first(text: str, words: list[str]) -> str:
    found = [(text.find(word), -len(word), word) for word in words if word in text]
    return min(found)[2] if found else ""


def _stage(before: str, after: str) -> str | None:
    reached = dict(stages_by_word("reached"))
    named = _first(after, list(reached))
    stage = reached.get(named)
    if stage is None:
        stage = _by_verb(before)
    hope = {modal()[word] for word in modal() if word in before + after[:12]} & _HOPE
    if stage and hope and "确保" not in before:
        return unreached().get(stage, stage)
    return stage


def _by_verb(before: str) -> str | None:
    """The stage of the last governing verb, the longest of those that end there."""
    found = [
        (before.rfind(word) + len(word), len(word), stage)
        for word, stage in (*stages_by_word("verbs"), *stages_by_word("reached"))
        if word in before
    ]
    return max(found)[2] if found else None
