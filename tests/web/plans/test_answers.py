"""Why a plan cannot hold, short enough to be read: chains of works folded into one line."""

from itertools import pairwise

from guatu.engines.schedule.back import ConflictItem, ConflictSet
from guatu.loop.plan.sketch import Step
from guatu.web.plans.answers import clash_sets

KEYS = "abcde"
STEPS = {key: Step(key=key, name=f"工作{key}", duration=5, calendar="office") for key in KEYS}
DEADLINE = ConflictItem("deadline", "e", "「工作e」须于2026-10-01前完成")
STOP = ConflictItem("calendar_stop", "outdoor", "“室外施工”停工")


def works(keys: str) -> list[ConflictItem]:
    """Durations of the works and the links between them, in their order."""
    found = [ConflictItem("duration", keys[0], "工期")]
    for before, after in pairwise(keys):
        found.append(ConflictItem("link", f"{before}>{after}", "前后关系"))
        found.append(ConflictItem("duration", after, "工期"))
    return found


def test_clashes_when_a_chain_is_long_then_it_is_one_line_that_opens() -> None:
    items = (*works(KEYS), STOP, DEADLINE)
    (shown,) = clash_sets([ConflictSet((DEADLINE,), items)], STEPS, missed=False)
    assert shown.chain == "从「工作a」到「工作e」前后相接的 5 项工作"
    assert [one.kind for one in shown.apart] == ["停工", "期限"]
    assert [one.kind for one in shown.folded] == ["工期", *["前后关系", "工期"] * 4]
    assert len(shown.clashes) == len(items)


def test_clashes_when_a_chain_is_short_then_all_stands_open() -> None:
    items = (*works("abc"), DEADLINE)
    (shown,) = clash_sets([ConflictSet((DEADLINE,), items)], STEPS, missed=False)
    assert (shown.chain, shown.folded, shown.apart) == ("", [], shown.clashes)


def test_clashes_when_chains_run_side_by_side_then_no_single_end_is_claimed() -> None:
    items = (*works("abe"), *works("cde"), DEADLINE)
    (shown,) = clash_sets([ConflictSet((DEADLINE,), items)], STEPS, missed=False)
    assert shown.chain == "「工作a」等前后相接的 5 项工作"
