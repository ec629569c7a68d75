"""Broken and hostile project files: one sentence naming the item, and nothing else."""

import contextlib
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import Activity, BadNetwork, Deadline, Link, Network
from guatu.engines.schedule.formats.mspdi import read_mspdi, write_mspdi
from guatu.engines.schedule.formats.mspdi.document import DEEPEST, LARGEST

CALENDAR = (
    "<Calendars><Calendar><UID>1</UID><Name>标准</Name><IsBaseCalendar>1</IsBaseCalendar>"
    "</Calendar></Calendars>"
)
HEAD = "<StartDate>2026-03-02T08:00:00</StartDate>"


def project(body: str, head: str = HEAD, calendars: str = CALENDAR) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Project xmlns="http://schemas.microsoft.com/project">{head}{calendars}{body}</Project>'
    ).encode()


def tasks(*rows: str) -> str:
    return f"<Tasks>{''.join(f'<Task>{row}</Task>' for row in rows)}</Tasks>"


def task(uid: int, name: str, *parts: str, duration: str = "PT8H0M0S") -> str:
    length = f"<Duration>{duration}</Duration>" if duration else ""
    return f"<UID>{uid}</UID><Name>{name}</Name>{length}{''.join(parts)}"


def after(uid: int, **parts: object) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID>{inside}</PredecessorLink>"


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
    b"<Project><Title>&b;</Title></Project>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE p SYSTEM "http://example.invalid/p.dtd"><Project></Project>'
)
NOT_OURS = "文件里有DTD或实体定义，不是Project导出的XML，拒绝读取。"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件不是完整的XML：第1行第1列读不下去。"),
        (b"PK\x03\x04 something", "文件不是完整的XML：第1行第3列读不下去。"),
        (b"<Project><Tasks>", "文件不是完整的XML：第1行第17列读不下去。"),
        (b"<html></html>", "文件不是Microsoft Project的XML（根元素是“html”）。"),
        (
            b'<?xml version="1.0" encoding="martian"?><Project/>',
            "文件的编码读不出来，请另存为UTF-8编码的XML。",
        ),
        (ENTITIES, NOT_OURS),
        (OUTSIDE, NOT_OURS),
        (
            b"<Project>" + b"<a>" * DEEPEST,
            f"文件的元素嵌套超过{DEEPEST}层，不是Project导出的XML。",
        ),
        (b" " * (LARGEST + 1), "文件有32MB，超过32MB。"),
        (project(tasks()), "计划里没有任何工作。"),
    ],
)
def test_file_when_it_is_no_project_then_refused(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


def refusal(data: bytes) -> str:
    with pytest.raises(BadNetwork) as refused:
        read_mspdi(data)
    return str(refused.value)


TWO = (task(1, "基础"), task(2, "主体", after(1)))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [task(1, "基础", after(2)), task(2, "主体", after(1))],
            "这些工作互为前置，成了循环：「基础」→「主体」→「基础」。",
        ),
        ([task(1, "基础", after(1))], "工作「基础」不能联系到自己。"),
        ([task(1, "基础", after(9))], "任务「基础」的前置任务（第9号）不存在。"),
        (
            [task(1, "基础", "<PredecessorLink><Type>1</Type></PredecessorLink>")],
            "任务「基础」的前置任务缺少前置任务编号。",
        ),
        (
            [TWO[0], task(2, "主体", after(1, Type=7))],
            "任务「主体」的前置关系类型“7”不认识，应是0到3之一。",
        ),
        (
            [TWO[0], task(2, "主体", after(1, CrossProject=1))],
            "任务「主体」的前置任务在别的项目文件里，请先合并成一个文件。",
        ),
        (
            [TWO[0], task(2, "主体", after(1, LinkLag=-999_999_999, LagFormat=7))],
            "联系“1>2”的间隔-208333天超过36500天。",
        ),
        (
            [task(5, "基础"), task(5, "主体")],
            "任务「基础」、任务「主体」的编号5在文件里用了两次。",
        ),
        (
            [task(5, "基础"), task(5, "基础")],
            "任务「基础」的编号5在文件里用了两次。",
        ),
        (["<Name>基础</Name>"], "任务「基础」缺少编号。"),
        ([task(1, "基础", duration="")], "任务「基础」缺少工期。"),
        (
            [task(1, "基础", duration="-PT8H0M0S")],
            "任务「基础」的工期是-1天，应在0到36500天之间。",
        ),
        (
            [task(1, "基础", duration="PT999999999H0M0S")],
            "任务「基础」的工期是125000000天，应在0到36500天之间。",
        ),
        (
            [task(1, "基础", duration="三天")],
            "任务「基础」的工期“三天”读不懂，应如PT16H0M0S（16小时）。",
        ),
        (
            [task(1, "基础", "<CalendarUID>7</CalendarUID>")],
            "任务「基础」用的第7号日历不存在。",
        ),
        (
            [task(1, "基础", "<Deadline>2026-13-01T00:00:00</Deadline>")],
            "任务「基础」的期限“2026-13-01T00:00:00”不是日期。",
        ),
        (
            [task(1, "基础", "<Deadline>2028-03-13X</Deadline>")],
            "任务「基础」的期限“2028-03-13X”不是日期。",
        ),
        (
            [task(1, "基础", "<Deadline>2028-03-13T17:00:00Q</Deadline>")],
            "任务「基础」的期限“2028-03-13T17:00:00Q”不是日期。",
        ),
        (
            [task(1, "基础", "<Deadline>20280313</Deadline>")],
            "任务「基础」的期限“20280313”不是日期。",
        ),
        (
            [task(1, "基础", "<Deadline>1998-01-01T00:00:00</Deadline>")],
            "任务「基础」的期限1998-01-01不在日历表的2020—2100年之内。",
        ),
        (
            [task(1, "基础", "<ConstraintType>4x</ConstraintType>")],
            "任务「基础」的限制类型“4x”不是数字。",
        ),
        (
            [
                task(
                    1,
                    "基础",
                    "<ActualStart>2026-03-05T08:00:00</ActualStart>",
                    "<ActualFinish>2026-03-04T17:00:00</ActualFinish>",
                )
            ],
            "工作「基础」的实际完成2026-03-04早于实际开始2026-03-05。",
        ),
    ],
)
def test_task_when_it_is_wrong_then_named(rows: list[str], sentence: str) -> None:
    assert refusal(project(tasks(*rows))) == sentence


@pytest.mark.parametrize(
    ("calendars", "head", "sentence"),
    [
        ("<Calendar><Name>甲</Name></Calendar>", "", "日历“甲”缺少编号。"),
        (
            (
                "<Calendar><UID>1</UID><Name>甲</Name></Calendar>"
                "<Calendar><UID>1</UID><Name>乙</Name></Calendar>"
            ),
            "",
            "日历“乙”的编号1在文件里用了两次。",
        ),
        (
            (
                "<Calendar><UID>1</UID><Name>甲</Name><BaseCalendarUID>2</BaseCalendarUID></Calendar>"
                "<Calendar><UID>2</UID><Name>乙</Name><BaseCalendarUID>1</BaseCalendarUID></Calendar>"
            ),
            "",
            "日历“甲”以自己为基准日历。",
        ),
        (
            "<Calendar><UID>1</UID><Name>甲</Name><BaseCalendarUID>3</BaseCalendarUID></Calendar>",
            "",
            "日历“甲”的基准日历（第3号）不存在。",
        ),
        (
            "<Calendar><UID>1</UID><Name>甲</Name></Calendar>",
            "<CalendarUID>4</CalendarUID>",
            "项目用的第4号日历不存在。",
        ),
        (
            (
                "<Calendar><UID>1</UID><Name>甲</Name>"
                "<Exceptions><Exception><DayWorking>0</DayWorking></Exception></Exceptions></Calendar>"
            ),
            "",
            "日历“甲”的一项例外没有起止日期。",
        ),
        (
            "<Calendar><UID>1</UID><Name>甲</Name></Calendar>",
            "<MinutesPerDay>0</MinutesPerDay>",
            "项目的每日工时是0分钟，应在30到1440分钟之间。",
        ),
    ],
)
def test_calendar_when_it_is_wrong_then_named(calendars: str, head: str, sentence: str) -> None:
    data = project(tasks(task(1, "基础")), HEAD + head, f"<Calendars>{calendars}</Calendars>")
    assert refusal(data) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            (
                "<Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>3</ResourceUID>"
                "</Assignment></Assignments>"
            ),
            "任务「基础」分配的第3号资源不存在。",
        ),
        (
            "<Assignments><Assignment><TaskUID>8</TaskUID></Assignment></Assignments>",
            "资源分配给了第8号任务，而文件里没有它。",
        ),
        (
            (
                "<Resources><Resource><UID>3</UID><Name>吊车</Name><Type>1</Type>"
                "<MaxUnits>1</MaxUnits></Resource></Resources>"
                "<Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>3</ResourceUID>"
                "<Units>2</Units></Assignment></Assignments>"
            ),
            "工作「基础」需要资源“吊车”2，而总共只有1。",
        ),
    ],
)
def test_resource_when_it_is_wrong_then_named(body: str, sentence: str) -> None:
    assert refusal(project(tasks(task(1, "基础")) + body)) == sentence


SOUND = write_mspdi(
    Network(
        calendars={"室外": CalendarSpec(stop=(((11, 1), (3, 31)),))},
        status_date=date(2026, 3, 2),
        activities=(
            Activity(id="a", duration=3, calendar="室外", actual_start=date(2026, 3, 2)),
            Activity(id="b", duration=5, calendar="室外", allowed_starts=(date(2026, 4, 1),)),
        ),
        links=(Link(predecessor="a", successor="b", lag=2),),
        deadlines=(Deadline("b", date(2026, 10, 31)),),
    ),
    title="示例",
).decode()
TEXTS = [found.span(1) for found in re.finditer(r">([^<]+)<", SOUND)]


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TEXTS),
            st.sampled_from(
                ["", "0", "-1", "9" * 15, "1e9", "NA", "2026-02-30T00:00:00", "[]", "{"]
            )
            | st.text("0123456789PTHMS-:{}[],", max_size=20),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda change: change[0],
    )
)
def test_file_when_its_values_are_garbled_then_a_plan_or_one_sentence(
    changes: list[tuple[tuple[int, int], str]],
) -> None:
    content = SOUND
    for (start, end), value in sorted(changes, reverse=True):
        content = content[:start] + value + content[end:]
    with contextlib.suppress(BadNetwork):
        assert read_mspdi(content.encode()).activities
