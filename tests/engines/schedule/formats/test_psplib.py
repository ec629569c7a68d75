import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.schedule.formats.psplib import BadPsplib, read_psplib
from tests.engines.schedule.levelling.projects import as_psplib, project

SMALL = project(4, 1, resources=2)
TEXT = as_psplib(SMALL)
LINES = TEXT.splitlines()
RELATIONS, REQUESTS = (
    LINES.index("PRECEDENCE RELATIONS:") + 2,
    LINES.index("REQUESTS/DURATIONS:") + 3,
)


def with_line(place: int, text: str) -> str:
    return "\n".join([*LINES[:place], text, *LINES[place + 1 :]])


@given(jobs=st.integers(1, 30), seed=st.integers(0, 10**6), resources=st.integers(1, 5))
def test_read_psplib_when_written_then_the_same_project(
    jobs: int, seed: int, resources: int
) -> None:
    made = project(jobs, seed, resources=resources)
    assert read_psplib(as_psplib(made)) == made


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (RELATIONS, "1 1 5 2", "写明的后续数与列出的不符"),
        (RELATIONS, "1 1 1 99", "后续工作99不存在"),
        (RELATIONS, "1 1 1 1", "不能以自己为后续"),
        (RELATIONS, "1 2 1 2", "只接受每项工作一种做法的项目"),
        (RELATIONS + 1, "7 1 1 6", "这里应是工作2，写的却是7"),
        (RELATIONS + 1, "甲", "这里应是一行整数"),
        (REQUESTS + 1, "2 1 3 1", "应有工期和2种资源需要，实际2个数"),
        (REQUESTS + 1, "2 1 -3 1 1", "数字-3不在0到1000000之间"),
        (REQUESTS + 1, "2 1 3 1 " + "9" * 30, "不在0到"),
        (REQUESTS + 1, "2 1 3 1 " + "9" * 6000, "数字太大"),
        (2, "jobs (incl. supersource/sink ):  -6", "工作数是-6"),
        (2, "jobs (incl. supersource/sink ):  many", "不是一个整数"),
        (len(LINES) - 2, "3", "应有2种资源的总量，实际1个数"),
        (5, "  - nonrenewable              :  2   N", "只接受可更新资源"),
    ],
)
def test_read_psplib_when_a_line_is_wrong_then_it_is_named(
    place: int, text: str, message: str
) -> None:
    with pytest.raises(BadPsplib, match=message) as refused:
        read_psplib(with_line(place, text))
    assert refused.value.line == place + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "不是PSPLIB的.sm文件"),
        ("\n".join(LINES[: RELATIONS + 2]), "应有6行，实际只有2行"),
        (TEXT.replace("):  6", "):  7"), "应有7行，实际只有6行"),
    ],
)
def test_read_psplib_when_a_part_is_missing_then_refused(text: str, message: str) -> None:
    with pytest.raises(BadPsplib, match=message):
        read_psplib(text)
