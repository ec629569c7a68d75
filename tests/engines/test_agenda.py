"""An agenda ranks what must be decided first, then units in protocol order, then by gravity."""

import pytest

from guatu.engines.agenda import Agenda, AgendaCause, Exceptional, Ranked, cut, rank

UP = AgendaCause("up", "上级协调", 1, 100, "请明确")
RED = AgendaCause("red", "红灯", 2, 60, "请说明")
AMBER = AgendaCause("amber", "黄灯", 3, 30, "请关注")
CAUSES = {cause.code: cause for cause in (UP, RED, AMBER)}


def test_rank_when_one_thing_has_several_causes_then_it_stands_once_under_the_gravest() -> None:
    found = [
        Exceptional("duty:a", "amber", "2", 0, "还有 3 天"),
        Exceptional("duty:a", "red", "2", 8, "逾期 8 天"),
        Exceptional("duty:b", "red", "1", 90, "逾期 90 天"),
        Exceptional("blocker:c", "up", "3", 2, "未答复"),
        Exceptional("duty:d", "struck", "0", 2, "本区不列"),
    ]
    ranked = [
        Ranked("blocker:c", UP, "3", 102, ("未答复",)),
        Ranked("duty:b", RED, "1", 90, ("逾期 90 天",)),
        Ranked("duty:a", RED, "2", 68, ("逾期 8 天", "还有 3 天")),
    ]
    assert rank(found, CAUSES) == ranked
    assert cut(ranked, 9) == Agenda(tuple(ranked), ())


def test_cut_when_there_are_too_many_then_the_gravest_stay_in_protocol_order() -> None:
    found = [Exceptional(f"duty:{n}", "red", str(9 - n), n, "") for n in range(5)]
    kept = cut(rank(found, CAUSES), 2)
    assert [one.thing for one in kept.items] == ["duty:4", "duty:3"]
    assert [one.unit for one in kept.items] == ["5", "6"]
    assert [one.thing for one in kept.left] == ["duty:2", "duty:1", "duty:0"]


def test_cut_when_one_cause_has_many_then_no_other_is_pushed_out() -> None:
    found = [Exceptional(f"blocker:{n}", "up", "1", n, "") for n in range(20)]
    found += [Exceptional(f"duty:{n}", "red", "1", n, "") for n in range(2)]
    found += [Exceptional(f"late:{n}", "amber", "1", n, "") for n in range(9)]
    kept = cut(rank(found, CAUSES), 10, 3)
    assert [one.thing for one in kept.items] == [
        *("blocker:19", "blocker:18", "blocker:17", "blocker:16", "blocker:15"),
        *("duty:1", "duty:0"),
        *("late:8", "late:7", "late:6"),
    ]
    assert len(kept.items) + len(kept.left) == len(found)
    few = [one.thing for one in cut(rank(found, CAUSES), 2, 3).items]
    assert few == ["blocker:19", "duty:1"]


def test_cause_when_its_tier_is_none_then_refused() -> None:
    with pytest.raises(ValueError, match="层次须为"):
        AgendaCause("x", "示例", 4, 1, "")
