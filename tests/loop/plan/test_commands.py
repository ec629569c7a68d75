"""Commands over a sketch: what each does, what each refuses, and that nothing else changes."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR
from guatu.engines.schedule.validation import LONGEST
from guatu.loop.plan import command_fields
from guatu.loop.plan.commands import ACTIVITIES, apply, apply_one, read_command
from guatu.loop.plan.differences import difference
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Invalid
from guatu.register.recording import Json

DAY = dt.date(2026, 3, 2)
WINTER: dict[str, Json] = {
    "first": "2026-11-01",
    "last": "2026-11-20",
    "kind": "stop",
    "basis": " 示例批复 ",
}
WEEKENDS: dict[str, Json] = {"first": "2026-05-01", "last": "2026-06-30", "kind": "rest"}
NOVEMBER = "停工期 2026-11-01 至 2026-11-20（示例批复）"
MAY_AND_JUNE = "休息日 2026-05-01 至 2026-06-30（依据未报）"
Commands = list[dict[str, Json]]


def a_sketch() -> Sketch:
    """A permit (node), works after it, and hand-over as deadline."""
    permit = Step(key="permit", name="施工许可", sequence=9, duration=20, calendar="office")
    works = Step(
        key="works",
        name="主体施工",
        kind="work",
        sequence=15,
        duration=100,
        low=80,
        high=150,
        calendar="outdoor",
        splittable=True,
    )
    over = Step(
        key="operation",
        name="交付",
        sequence=18,
        duration=0,
        calendar="office",
        firm=True,
        due=dt.date(2026, 12, 31),
    )
    dated = Step(key="roster", name="入库", sequence=19, due=dt.date(2027, 3, 1))
    ties = (Tie(before="permit", after="works", lag=7), Tie(before="works", after="operation"))
    return Sketch({step.key: step for step in (permit, works, over, dated)}, ties)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            {"op": "duration", "key": "works", "duration": 90, "high": 120},
            ["「主体施工」工期 100 天 → 90 天", "「主体施工」最长工期 150 天 → 120 天"],
        ),
        (
            {"op": "calendar", "key": "works", "calendar": "elapsed"},
            ["「主体施工」日历 outdoor → 自然日"],
        ),
        (
            {"op": "splittable", "key": "works", "splittable": False},
            ["「主体施工」可中断 是 → 否"],
        ),
        (
            {"op": "deadline", "key": "operation", "due": "2026-11-30"},
            ["「交付」期限 2026-12-31 → 2026-11-30"],
        ),
        (
            {"op": "start", "key": "works", "no_earlier": "2026-05-06"},
            ["「主体施工」最早开始 未定 → 2026-05-06"],
        ),
        (
            {"op": "leave", "key": "works", "leave": [WINTER, WEEKENDS]},
            [f"「主体施工」获准施工 无 → {MAY_AND_JUNE}；{NOVEMBER}"],
        ),
        (
            {"op": "meeting", "key": "permit", "meeting": "planning_review"},
            ["「施工许可」评审会 未定 → planning_review"],
        ),
        (
            {"op": "validity", "key": "permit", "days": 90},
            ["「施工许可」有效天数 未定 → 90 天"],
        ),
        (
            {"op": "rename", "key": "works", "name": " 主体工程 "},
            ["「主体施工」名称 主体施工 → 主体工程"],
        ),
        (
            {"op": "remove", "key": "works"},
            [
                "移出「主体施工」",
                "移出联系「施工许可」→「主体施工」完成—开始",
                "移出联系「主体施工」→「交付」完成—开始",
            ],
        ),
        (
            {"op": "link", "before": "permit", "after": "operation", "type": "FF", "lag": -2},
            ["新增联系「施工许可」→「交付」完成—完成（-2 天）"],
        ),
        (
            {"op": "unlink", "before": "permit", "after": "works"},
            ["移出联系「施工许可」→「主体施工」完成—开始"],
        ),
        (
            {
                "op": "relink",
                "before": "permit",
                "after": "works",
                "lag": 3,
                "lag_calendar": "elapsed",
            },
            ["联系「施工许可」→「主体施工」完成—开始间隔 7 天 → 3 天，按自然日"],
        ),
        (
            {
                "op": "add",
                "name": "围挡",
                "duration": 5,
                "calendar": "office",
                "after": "permit",
                "before": "works",
            },
            [
                "新增「围挡」（5 天）",
                "新增联系「施工许可」→「围挡」完成—开始（不间隔）",
                "新增联系「围挡」→「主体施工」完成—开始（不间隔）",
            ],
        ),
    ],
)
def test_apply_when_one_command_then_this_and_nothing_else_differs(
    command: dict[str, Json], words: list[str]
) -> None:
    before = a_sketch()
    after = apply(before, [command])
    assert [one.words for one in difference(before, after, {"elapsed": "自然日"})] == words
    assert before == a_sketch()


def test_apply_when_remaining_is_set_then_expectation_goes_and_only_for_begun_work() -> None:
    with pytest.raises(Invalid, match="还没有开始"):
        apply(a_sketch(), [{"op": "remaining", "key": "works", "remaining": 5}])
    begun = Step(
        key="works", name="主体施工", duration=9, started=DAY, forecast=DAY, calendar="office"
    )
    after = apply(Sketch({"works": begun}), [{"op": "remaining", "key": "works", "remaining": 5}])
    assert (after.steps["works"].remaining, after.steps["works"].forecast) == (5, None)


def test_split_when_done_then_days_add_up_and_links_follow_their_ends() -> None:
    commands: Commands = [
        {"op": "link", "before": "permit", "after": "works", "type": "FF"},
        {"op": "link", "before": "works", "after": "operation", "type": "SS"},
        {"op": "split", "key": "works", "first": 30, "name": "基础"},
    ]
    after = apply(a_sketch(), commands)
    first, rest = after.steps["w1"], after.steps["works"]
    assert [(s.name, s.duration, s.low, s.high) for s in (first, rest)] == [
        ("基础", 30, 24, 45),
        ("主体施工", 70, 56, 105),
    ]
    assert {(tie.before, tie.after, tie.type, tie.lag) for tie in after.ties} == {
        ("permit", "w1", "FS", 7),
        ("permit", "works", "FF", 0),
        ("w1", "works", "FS", 0),
        ("w1", "operation", "SS", 0),
        ("works", "operation", "FS", 0),
    }
    assert [*after.steps] == ["permit", "w1", "works", "operation", "roster"]


def test_split_when_node_then_node_keeps_its_promise_and_finish() -> None:
    after = apply(a_sketch(), [{"op": "split", "key": "permit", "first": 8, "new": "paper"}])
    assert (after.steps["paper"].kind, after.steps["permit"].kind) == ("work", "")
    assert after.steps["permit"].duration == 12


def test_remove_when_key_is_used_again_then_a_new_key_never_repeats_one_that_was() -> None:
    added: Commands = [{"op": "add", "name": "甲", "duration": 1, "calendar": "office"}]
    after = apply(a_sketch(), [*added, {"op": "remove", "key": "w1"}, *added])
    assert [key for key in planned(after) if key.startswith("w")] == ["works", "w2"]


def test_apply_one_when_command_adds_then_it_is_kept_with_its_key() -> None:
    _, kept = apply_one(
        a_sketch(), {"op": "add", "name": "甲", "duration": 1, "calendar": "office"}
    )
    assert kept["new"] == "w1"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("duration", "写法不对"),
        ({"op": "explode"}, "没有「explode」这种编辑"),
        ({"op": ["x"]}, "这种编辑"),
        ({"op": "duration", "key": "works"}, "缺少工期"),
        ({"op": "duration", "key": "works", "duration": -1}, "0 到"),
        ({"op": "duration", "key": "works", "duration": True}, "0 到"),
        ({"op": "duration", "key": "works", "duration": LONGEST + 1}, "0 到"),
        ({"op": "duration", "key": "works", "duration": 90, "low": 95}, "最短工期 95 天长于"),
        ({"op": "duration", "key": "works", "duration": 200}, "最长工期 150 天短于"),
        ({"op": "duration", "key": "ghost", "duration": 1}, "没有编号为「ghost」"),
        ({"op": "duration", "key": "works", "duration": 1, "colour": "red"}, "不认识"),
        ({"op": "rename", "key": "works", "name": " "}, "请填写名称"),
        ({"op": "rename", "key": "works", "name": "长" * 121}, "不超过 120 字"),
        ({"op": "rename", "key": "works", "name": "甲\x00乙"}, "控制字符"),
        ({"op": "deadline", "key": "operation", "due": "2026-13-01"}, "写法不对"),
        ({"op": "deadline", "key": "operation", "due": "1999-01-01"}, "不在日历表"),
        ({"op": "deadline", "key": "operation", "due": None}, "请填写「交付」的期限"),
        ({"op": "deadline", "key": "roster", "due": "2027-01-01", "firm": True}, "还没有工期"),
        (
            {
                "op": "start",
                "key": "works",
                "no_earlier": "2026-05-02",
                "fixed_start": "2026-05-01",
            },
            "早于最早开始",
        ),
        ({"op": "calendar", "key": "roster", "calendar": "office"}, "还没有工期"),
        ({"op": "leave", "key": "works"}, "缺少获准施工"),
        ({"op": "leave", "key": "roster", "leave": []}, "还没有工期"),
        ({"op": "leave", "key": "works", "leave": "2026"}, "写法不对"),
        ({"op": "leave", "key": "works", "leave": [1]}, "写法不对"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "who": 1}]}, "写法不对"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "kind": "work"}]}, "之一"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "kind": ["rest"]}]}, "之一"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "first": None}]}, "起止日期"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "first": "2026-11-31"}]}, "起止日期"),
        (
            {"op": "leave", "key": "works", "leave": [{**WINTER, "last": "2101-01-01"}]},
            "不在日历表",
        ),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "last": "2026-10-31"}]}, "先后颠倒"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "last": "2099-12-31"}]}, "合计"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "basis": "长" * 201}]}, "200 字"),
        ({"op": "leave", "key": "works", "leave": [{**WINTER, "basis": "甲\x00"}]}, "控制字符"),
        ({"op": "leave", "key": "works", "leave": [WINTER] * 51}, "50 段"),
        ({"op": "meeting", "key": "permit"}, "缺少"),
        ({"op": "meeting", "key": "roster", "meeting": "x"}, "还没有工期"),
        ({"op": "meeting", "key": "permit", "meeting": 7}, "编号"),
        ({"op": "meeting", "key": "permit", "meeting": "x" * 41}, "40"),
        ({"op": "validity", "key": "permit"}, "缺少"),
        ({"op": "validity", "key": "permit", "days": -1}, "0 到"),
        ({"op": "validity", "key": "ghost", "days": 9}, "没有编号为「ghost」"),
        ({"op": "unexpect", "key": "roster"}, "还没有工期"),
        ({"op": "remove", "key": "permit"}, "是项目节点"),
        ({"op": "link", "before": "works", "after": "works"}, "不能联系到自己"),
        ({"op": "link", "before": "works", "after": "roster"}, "「入库」还没有工期"),
        ({"op": "link", "before": "permit", "after": "works", "type": "XX"}, "只能是"),
        ({"op": "link", "before": "permit", "after": "works"}, "已有 FS 联系"),
        ({"op": "link", "before": "permit", "after": "ghost"}, "没有编号为「ghost」"),
        ({"op": "unlink", "before": "permit", "after": "operation"}, "没有这个联系"),
        ({"op": "split", "key": "works", "first": 100}, "1 到 99"),
        ({"op": "split", "key": "works", "first": 9, "new": "permit"}, "已用于「施工许可」"),
    ],
)
def test_apply_when_command_is_bad_then_one_sentence_names_the_item(
    command: object, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        apply(a_sketch(), [command])  # type: ignore[list-item] -- what may come in


def test_apply_when_step_is_done_or_begun_then_it_stays() -> None:
    done = Step(key="a", name="甲", kind="work", duration=3, started=DAY, finished=DAY)
    begun = Step(key="b", name="乙", kind="work", duration=3, started=DAY)
    sketch = Sketch({"a": done, "b": begun})
    for command, words in (
        ({"op": "duration", "key": "a", "duration": 5}, "已于 2026-03-02 完成"),
        ({"op": "remove", "key": "b"}, "已于 2026-03-02 开始"),
        ({"op": "split", "key": "b", "first": 1}, "不能再拆分"),
        ({"op": "start", "key": "b", "no_earlier": "2026-04-01"}, "不再限定"),
    ):
        with pytest.raises(Invalid, match=words):
            apply(sketch, [command])


def test_apply_when_plan_grows_too_large_then_refused() -> None:
    steps = {
        f"s{n}": Step(key=f"s{n}", name="甲", kind="work", duration=1) for n in range(ACTIVITIES)
    }
    with pytest.raises(Invalid, match=f"不超过 {ACTIVITIES} 项"):
        apply(Sketch(steps), [{"op": "add", "name": "乙", "duration": 1, "calendar": "office"}])


def test_limits_when_compared_then_those_of_the_engine() -> None:
    ours = (command_fields.LONGEST, command_fields.FIRST_YEAR, command_fields.LAST_YEAR)
    assert ours == (LONGEST, FIRST_YEAR, LAST_YEAR)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
names = st.sampled_from(
    [
        "op",
        "key",
        "duration",
        "low",
        "due",
        "firm",
        "before",
        "after",
        "type",
        "lag",
        "first",
        "new",
    ]
)
values = st.sampled_from(["works", "permit", "link", "split", "add", "FS", 3, None]) | json_values


@given(st.lists(st.dictionaries(names, values, max_size=6), max_size=4))
def test_apply_when_anything_at_all_comes_in_then_a_sketch_or_a_sentence(raw: Commands) -> None:
    with suppress(Invalid):
        after = apply(a_sketch(), raw)
        assert {key for tie in after.ties for key in (tie.before, tie.after)} <= set(after.steps)


@given(
    st.sampled_from(
        [{"op": "duration", "key": "works", "duration": 7}, {"op": "remove", "key": "w"}]
    )
)
def test_read_when_read_again_then_the_same(command: dict[str, Json]) -> None:
    assert read_command(read_command(command)) == read_command(command)
