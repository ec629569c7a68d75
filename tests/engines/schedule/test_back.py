"""Plans small enough to check by hand, read from the file format of `guatu schedule back`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from guatu.engines.calendars import Leave, shipped_table
from guatu.engines.schedule import (
    Activity,
    BadNetwork,
    Crash,
    as_document,
    back_schedule,
    network_from,
)

CALENDARS = {
    "office": {"base": "china"},
    "outdoor": {"base": "china", "stop": [["11-01", "03-31"]]},
    "elapsed": {"base": "every-day"},
}
Rows = list[dict[str, object]]


def plan(
    activities: Rows, links: Rows | None = None, deadlines: Rows | None = None, **rest: object
) -> dict[str, object]:
    return {
        "calendars": CALENDARS,
        "status_date": "2026-03-02",
        "activities": activities,
        "links": links or [],
        "deadlines": deadlines or [],
        **rest,
    }


def row(
    identity: str, duration: int, calendar: str = "office", **rest: object
) -> dict[str, object]:
    return {"id": identity, "duration": duration, "calendar": calendar, **rest}


def answer(document: Mapping[str, object]) -> dict[str, object]:
    return as_document(back_schedule(network_from(document)))


def dates(document: Mapping[str, object], identity: str) -> list[object]:
    found = answer(document)["activities"][identity]
    return [found[key] for key in ("early_start", "early_finish", "late_start", "late_finish")]


def conflict(document: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(item["kind"], item["id"]) for item in answer(document)["conflict"]]


def test_lag_when_seven_elapsed_days_follow_april_8_then_start_is_april_16() -> None:
    document = plan(
        [row("a", 1, start_no_earlier="2026-04-08"), row("b", 1)],
        [{"from": "a", "to": "b", "lag": 7, "lag_calendar": "elapsed"}],
    )
    assert dates(document, "b")[0] == "2026-04-16"


def test_answer_when_one_activity_then_whole_document() -> None:
    document = plan([row("a", 3)], deadlines=[{"activity": "a", "finish": "2026-03-08"}])
    duration = {"kind": "duration", "id": "a", "reason": "「a」需要3天"}
    assert answer(document) == {
        "feasible": True,
        "infeasible_by_calendar_days": 0,
        "conflict": [],
        "provisional": False,
        "activities": {
            "a": {
                "early_start": "2026-03-02",
                "early_finish": "2026-03-04",
                "late_start": "2026-03-04",
                "late_finish": "2026-03-06",
                "total_float_own": 2,
                "total_float_office": 2,
                "total_float_calendar_days": 2,
                "free_float_own": 2,
                "free_float_office": 2,
                "free_float_calendar_days": 2,
                "critical": True,
                "provisional": False,
                "drivers": {
                    "early_start": {
                        "kind": "status_date",
                        "id": "",
                        "reason": "状态日期2026-03-02",
                    },
                    "early_finish": duration,
                    "late_start": duration,
                    "late_finish": {
                        "kind": "deadline",
                        "id": "a",
                        "reason": "「a」须于2026-03-08前完成",
                    },
                },
            }
        },
    }


@pytest.mark.parametrize(
    ("splittable", "start", "finish"),
    [(True, "2026-10-26", "2027-04-02"), (False, "2027-04-01", "2027-04-12")],
)
def test_winter_when_work_meets_the_stop_then_it_pauses_or_waits(
    start: str, finish: str, *, splittable: bool
) -> None:
    works = row("w", 7, "outdoor", splittable=splittable, start_no_earlier="2026-10-26")
    assert dates(plan([works]), "w")[:2] == [start, finish]
    assert answer(plan([works]))["provisional"]


@pytest.mark.parametrize(
    ("works", "link", "driver"),
    [
        (
            row("w", 30, "outdoor", start_no_earlier="2026-10-19"),
            None,
            (
                "calendar_stop",
                "outdoor",
                "「w」需要30天，在“outdoor”11月1日停工前做不完，到2027-04-01才能开始",
            ),
        ),
        (
            row("w", 5, "outdoor", splittable=True, start_no_earlier="2026-12-01"),
            None,
            (
                "calendar_stop",
                "outdoor",
                "「w」可以开始时“outdoor”正在停工（11月1日—3月31日），到2027-04-01才能开始",
            ),
        ),
        (
            row("w", 30, "outdoor"),
            {"from": "a", "to": "w", "type": "FF", "lag": 20},
            (
                "calendar_stop",
                "outdoor",
                "「w」需要30天，在“outdoor”11月1日停工前做不完，到2027-04-01才能开始",
            ),
        ),
        (
            row("w", 5, "outdoor"),
            {"from": "a", "to": "w", "lag": 12},
            (
                "calendar_stop",
                "outdoor",
                "「w」可以开始时“outdoor”正在停工（11月1日—3月31日），到2027-04-01才能开始",
            ),
        ),
        (
            row("w", 5, "outdoor"),
            {"from": "a", "to": "w"},
            ("link", "a>w", "「a」完成后，「w」才能开始"),
        ),
        (
            row("w", 1, allowed_starts=["2026-10-14", "2026-10-28"]),
            {"from": "a", "to": "w"},
            ("allowed_starts", "w", "「w」只能在规定的日子开始，2026-10-28是最早的一天"),
        ),
    ],
)
def test_driver_when_a_stop_or_allowed_days_hold_work_back_then_it_is_named(
    works: dict[str, object], link: dict[str, object] | None, driver: tuple[str, str, str]
) -> None:
    before = row("a", 10, start_no_earlier="2026-10-09")
    if link:
        document = plan([before, works], [{**link, "lag_calendar": "elapsed"}])
    else:
        document = plan([works])
    told = answer(document)["activities"]["w"]["drivers"]["early_start"]
    assert (told["kind"], told["id"], told["reason"]) == driver


def test_driver_when_begun_work_waits_for_spring_then_its_finish_names_the_stop() -> None:
    begun = row("w", 30, "outdoor", actual_start="2026-10-12", remaining=20)
    document = {**plan([begun]), "status_date": "2026-10-19"}
    drivers = answer(document)["activities"]["w"]["drivers"]
    assert drivers["early_start"]["kind"] == "actual"
    assert drivers["early_finish"] == {
        "kind": "calendar_stop",
        "id": "outdoor",
        "reason": "「w」需要20天，在“outdoor”11月1日停工前做不完，到2027-04-01才能接着做",
    }


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [row("a", 3), row("long", 36_000)],
            "工作「long」最早到2166-10-16才能完成，超出日历表的2020—2100年，请核对工期和日期。",
        ),
        (
            [row(f"a{number}", 36_500, parent=None) for number in range(3)],
            "工作「a0」最早到2168-09-15才能完成，超出日历表的2020—2100年，请核对工期和日期。",
        ),
    ],
)
def test_plan_when_a_date_leaves_the_table_then_one_sentence_names_the_work(
    rows: Rows, message: str
) -> None:
    with pytest.raises(BadNetwork) as told:
        back_schedule(network_from(plan(rows)))
    assert str(told.value) == message


def test_plan_when_no_date_can_ever_come_in_any_table_then_the_work_is_named() -> None:
    rows = [row(f"a{number:03}", 36_500, "outdoor", splittable=True) for number in range(300)]
    links = [{"from": f"a{n:03}", "to": f"a{n + 1:03}"} for n in range(299)]
    with pytest.raises(BadNetwork, match="工作「a000」"):
        back_schedule(network_from(plan(rows, links)))


def test_plan_when_it_would_begin_before_the_table_then_one_sentence() -> None:
    document = plan([row("a", 3_000)], deadlines=[{"activity": "a", "finish": "2026-03-06"}])
    document["status_date"] = None
    with pytest.raises(BadNetwork, match=r"工作「a」要从20..-..-..开始，早于日历表的2020—2100年"):
        back_schedule(network_from(document))


def test_late_dates_when_the_deadline_lies_in_winter_then_work_ends_before_the_stop() -> None:
    document = plan([row("w", 5, "outdoor")], deadlines=[{"activity": "w", "finish": "2027-02-01"}])
    assert dates(document, "w")[2:] == ["2026-10-26", "2026-10-30"]


def test_make_up_day_when_it_is_a_sunday_then_it_is_worked() -> None:
    assert dates(plan([row("a", 2, start_no_earlier="2026-09-18")]), "a")[:2] == [
        "2026-09-18",
        "2026-09-20",
    ]


def test_permit_when_its_user_waits_for_spring_then_it_is_not_taken_out_too_early() -> None:
    document = plan(
        [
            row("p", 5, valid_days=30),
            row("w", 5, "outdoor", start_no_earlier="2026-11-10"),
        ],
        [{"from": "p", "to": "w"}],
    )
    assert dates(document, "w")[0] == "2027-04-01"
    assert dates(document, "p")[1] == "2027-03-02"


def test_permit_when_it_must_lapse_before_use_then_conflict_names_its_validity() -> None:
    document = plan(
        [row("p", 5, valid_days=10), row("m", 30), row("w", 5)],
        [{"from": "p", "to": "m"}, {"from": "m", "to": "w"}, {"from": "p", "to": "w"}],
    )
    assert not answer(document)["feasible"]
    assert set(conflict(document)) == {
        ("validity", "p"),
        ("duration", "m"),
        ("link", "p>m"),
        ("link", "m>w"),
        ("link", "p>w"),
    }


def test_meeting_when_it_sits_every_second_thursday_then_start_is_one_of_them() -> None:
    review = row("r", 1, allowed_starts={"from": "2026-03-05", "every_weeks": 2})
    document = plan(
        [row("a", 4), review],
        [{"from": "a", "to": "r"}],
        [{"activity": "r", "finish": "2026-04-10"}],
    )
    assert dates(document, "r") == ["2026-03-19", "2026-03-19", "2026-04-02", "2026-04-02"]
    assert dates(document, "a")[3] == "2026-04-01"


def test_summary_when_rows_lie_under_it_then_it_spans_them_and_drives_what_follows() -> None:
    document = plan(
        [
            row("s", 0),
            row("a", 3, parent="s"),
            row("b", 5, parent="s"),
            row("c", 1),
        ],
        [{"from": "s", "to": "c"}],
        [{"activity": "c", "finish": "2026-03-10"}],
    )
    assert dates(document, "s") == ["2026-03-02", "2026-03-06", "2026-03-03", "2026-03-09"]
    assert dates(document, "c")[0] == "2026-03-09"


def test_progress_when_work_has_begun_then_what_remains_waits_for_its_predecessor() -> None:
    document = plan(
        [
            row("a", 5, actual_start="2026-02-24", actual_finish="2026-02-27"),
            row("b", 4),
            row("c", 10, actual_start="2026-02-25", remaining=2),
        ],
        [{"from": "a", "to": "b"}, {"from": "b", "to": "c"}],
        [{"activity": "c", "finish": "2026-03-13"}],
    )
    assert dates(document, "a") == ["2026-02-24", "2026-02-27", "2026-02-24", "2026-02-27"]
    assert dates(document, "b") == ["2026-03-02", "2026-03-05", "2026-03-06", "2026-03-11"]
    assert dates(document, "c") == ["2026-02-25", "2026-03-09", "2026-02-25", "2026-03-13"]


def test_conflict_when_a_chain_misses_its_deadline_then_days_and_items() -> None:
    document = plan(
        [row("a", 10), row("b", 10), row("x", 2)],
        [{"from": "a", "to": "b"}, {"from": "x", "to": "b"}],
        [{"activity": "b", "finish": "2026-03-20"}],
    )
    assert answer(document)["infeasible_by_calendar_days"] == 7
    assert conflict(document) == [
        ("status_date", ""),
        ("duration", "a"),
        ("link", "a>b"),
        ("duration", "b"),
        ("deadline", "b"),
    ]


def test_conflict_when_work_is_longer_than_any_season_then_stop_and_duration() -> None:
    document = plan(
        [row("w", 200, "outdoor")], deadlines=[{"activity": "w", "finish": "2027-10-01"}]
    )
    found = answer(document)
    assert found["infeasible_by_calendar_days"] is None
    assert found["activities"]["w"]["early_start"] is None
    assert conflict(document) == [("calendar_stop", "outdoor"), ("duration", "w")]


def test_start_when_no_status_date_then_the_latest_that_keeps_the_deadline() -> None:
    document = plan([row("a", 5)], deadlines=[{"activity": "a", "finish": "2026-03-06"}])
    document["status_date"] = None
    assert dates(document, "a")[:3] == ["2026-03-02", "2026-03-06", "2026-03-02"]


def test_holidays_when_a_notice_is_loaded_then_dates_are_no_longer_provisional() -> None:
    document = plan([row("a", 3, start_no_earlier="2027-02-03")])
    notice = b"year,date,kind,source,provisional\n2027,2027-02-05,off,x,false\n"
    table = shipped_table().with_file(notice)
    assert answer(document)["provisional"]
    assert not back_schedule(network_from(document), table).provisional


def test_document_when_optional_fields_are_given_then_the_activity_has_them() -> None:
    given = {"low": 8, "high": 20, "cause": "approval", "legal_days": 20, "promised_days": 9}
    crash = [{"days": 3, "what": "夜间施工", "cost": "12.5"}, {"days": 1}]
    leave = [{"from": "2026-03-07", "to": "2026-03-08", "kind": "rest", "basis": "示例批复"}]
    network = network_from(plan([row("a", 10, crash=crash, leave=leave, **given)]))
    assert network.activities == (
        Activity(
            id="a",
            duration=10,
            calendar="office",
            crash=(Crash(3, "夜间施工", Decimal("12.5")), Crash(1)),
            leave=(Leave(date(2026, 3, 7), date(2026, 3, 8), "rest", "示例批复"),),
            **given,
        ),
    )


CREW = "资源“crew”的分期数量"


def crew_in(*periods: tuple[str, str, int]) -> dict[str, object]:
    rows = [{"from": first, "to": last, "capacity": there} for first, last, there in periods]
    return {"resources": [{"id": "crew", "capacity": 2, "periods": rows}]}


def leave(first: str, last: str, kind: str = "rest") -> dict[str, str]:
    return {"from": first, "to": last, "kind": kind}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"activities": [row("a", 1, low=3, high=2)]},
            "工作「a」的最短工期3天长于最长工期2天。",
        ),
        (
            {"activities": [row("a", 1, crash=[{"days": 0}])]},
            "工作「a」的赶工措施缩短0天，至少应是1天。",
        ),
        (
            {"activities": [row("a", 1, leave=[leave("2026-03-07", "2026-03-07", "night")])]},
            "leave第1项的kind“night”不是rest、stop、all之一。",
        ),
        (
            {"activities": [row("a", 1, leave=[leave("2026-03-07", "2026-03-06")])]},
            "工作「a」的获准施工从2026-03-07到2026-03-06，先后颠倒。",
        ),
        (
            {"activities": [row("a", 1, leave=[leave("2026-03-07", "2126-03-06")])]},
            "工作「a」的获准施工日期2126-03-06不在日历表的2020—2100年之内。",
        ),
        (
            {"activities": [row("a", 1, leave=[leave("2026-03-07", "2096-03-06")])]},
            "工作「a」的获准施工合计25568天，不能超过10000天。",
        ),
        (
            {"activities": [row("a", 1, leave=[leave("2026-03-07", "2026-03-07")] * 101)]},
            "工作「a」的获准施工超过100段。",
        ),
        (
            {
                "activities": [
                    row("a", 1, leave=[leave("2026-03-07", "2026-03-07")]),
                    row("b", 1, parent="a"),
                ]
            },
            "汇总行「a」不能有获准施工，请写在其下级。",
        ),
        (
            {"activities": [row("a", 1, crash=[{"days": 1, "cost": "-1"}])]},
            "工作「a」的赶工费用“-1”不是金额。",
        ),
        (
            {"activities": [row("a", 1, crash=[{"days": 1, "cost": "many"}])]},
            "crash第1项的cost“many”不是金额。",
        ),
        (
            {"links": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]},
            "这些工作互为前置，成了循环：「a」→「b」→「a」。",
        ),
        ({"links": [{"from": "a", "to": "a"}]}, "工作「a」不能联系到自己。"),
        ({"links": [{"from": "a", "to": "z"}]}, "联系“a>z”指向的工作“z”不存在。"),
        (
            {
                "activities": [row("a", 1), row("b", 1, parent="a")],
                "links": [{"from": "a", "to": "b"}],
            },
            "汇总行与自己的下级不能相联系：「a」→「b」。",
        ),
        ({"activities": [row("a", -1)]}, "工作「a」的工期是-1天，应在0到36500天之间。"),
        ({"activities": [row("a", 1, "moon")]}, "工作「a」的日历“moon”没有定义。"),
        (
            {"deadlines": [{"activity": "a", "finish": "2026-03-01"}]},
            "工作「a」的期限2026-03-01早于状态日期2026-03-02。",
        ),
        (
            {"deadlines": [{"activity": "a", "finish": "2126-03-01"}]},
            "工作「a」的期限2126-03-01不在日历表的2020—2100年之内。",
        ),
        (
            {
                "activities": [row("a", 1, needs={"crew": 3})],
                "resources": [{"id": "crew", "capacity": 2}],
            },
            "工作「a」需要资源“crew”3，而总共只有2。",
        ),
        (
            {
                "activities": [row("a", 1, needs={"desk": 1})],
                "resources": [{"id": "crew", "capacity": 2}],
            },
            "工作「a」需要的资源“desk”没有定义。",
        ),
        (crew_in(("2026-04-02", "2026-04-01", 0)), f"{CREW}从2026-04-02到2026-04-01，先后颠倒。"),
        (crew_in(("2026-04-01", "2026-04-02", -1)), f"{CREW}有一段是-1，不能为负。"),
        (
            crew_in(("2026-04-02", "2026-04-09", 0), ("2026-04-01", "2026-04-02", 3)),
            f"{CREW}重叠：2026-04-01至2026-04-02，2026-04-02至2026-04-09。",
        ),
        (
            crew_in(("2026-04-02", "2126-04-09", 0)),
            f"{CREW}日期2126-04-09不在日历表的2020—2100年之内。",
        ),
        (
            crew_in(*[("2026-04-02", "2026-04-02", 0)] * 201),
            f"{CREW}超过200段。",
        ),
        ({"activities": [row("a", 1), row("a", 2)]}, "工作编号重复：a。"),
        ({"status_date": "2026-02-30"}, "status_date“2026-02-30”不是日期，应如2026-03-01。"),
        ({"speed": 1}, "文件里有不认识的项：speed。"),
    ],
)
def test_plan_when_it_cannot_be_computed_then_one_sentence_naming_the_items(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(BadNetwork) as told:
        network_from({**plan([row("a", 1), row("b", 1)]), **change})
    assert str(told.value) == message


def test_leave_when_the_work_waits_for_a_stop_then_its_calendar_is_named() -> None:
    granted = [leave("2026-04-04", "2026-04-04")]
    document = plan([row("a", 3, "outdoor", leave=granted)])
    found = answer(document)["activities"]["a"]
    assert (found["early_start"], found["early_finish"]) == ("2026-04-01", "2026-04-03")
    assert found["drivers"]["early_start"]["kind"] == "calendar_stop"
    assert found["drivers"]["early_start"]["id"] == "outdoor"
