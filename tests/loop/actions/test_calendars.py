"""Calendars and holiday notices: only the office, checked whole, and every plan follows."""

import datetime as dt

import pytest

from guatu.loop.actions.calendars import (
    Said,
    add_calendar,
    change_calendar,
    load_notices,
    preview_notices,
)
from guatu.loop.models import HolidayNotice, Timing, WorkCalendar
from guatu.loop.plan.calendars import load_shipped
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from guatu.register.sealing import verify
from tests.factories import act_of
from tests.loop.builders import District
from tests.loop.plans import laid, small_sketch

HEAD = "year,date,kind,source,provisional\n"
NOTICE = (
    HEAD + "2027,2027-01-01,off,示例通知,false\n2027,2027-01-02,work,示例通知,false\n"
).encode()
OUTDOOR = Said(name="室外施工", stop=[("11-01", "03-31")])


def outdoor() -> WorkCalendar:
    return WorkCalendar.objects.get(code="outdoor")


def finish_of(place: District, key: str) -> dt.date | None:
    return Timing.objects.get(subject=place.subject, known_to=None).dates[key].early_finish


def test_change_when_stop_is_shortened_then_every_plan_is_computed_again(place: District) -> None:
    laid(place)
    before = finish_of(place, "works")
    said = Said(name="室外施工", stop=[("11-01", "03-15")], off=["2025-05-09"], source="示例复函")
    change_calendar(act_of(place.office), outdoor(), said, reason="住建局复函")
    row = outdoor()
    assert (row.stop, row.off) == ([["11-01", "03-15"]], ["2025-05-09"])
    assert finish_of(place, "works") != before
    event = Event.objects.get(verb="calendar.change")
    assert (event.model, event.reason) == ("loop.WorkCalendar", "住建局复函")
    assert verify().intact


@pytest.mark.parametrize(
    ("said", "reason", "words"),
    [
        (Said(name=" "), "改", "请填写日历名称"),
        (Said(name="甲", stop=[("13-01", "03-31")]), "改", "「13-01」写法不对"),
        (Said(name="甲", stop=[("02-30", "03-31")]), "改", "「02-30」写法不对"),
        (Said(name="甲", stop=[("01-01", "12-31")]), "改", "全年没有一天工作"),
        (Said(name="甲", off=["昨天"]), "改", "停工日「昨天」写法不对"),
        (Said(name="甲", work=["2300-01-01"]), "改", "不在 2020—2100 年"),
        (Said(name="甲", off=["2026-05-04"], work=["2026-05-04"]), "改", "既停工又加班"),
        (OUTDOOR, " ", "请写明理由"),
    ],
)
def test_change_when_it_cannot_be_then_named_and_nothing_saved(
    place: District, said: Said, reason: str, words: str
) -> None:
    load_shipped()
    with pytest.raises(Invalid, match=words):
        change_calendar(act_of(place.office), outdoor(), said, reason=reason)
    assert outdoor().revision == 1


def test_change_when_not_the_office_or_shown_revision_is_old_then_refused(place: District) -> None:
    load_shipped()
    for standing in (place.owner, place.leader, place.stranger):
        with pytest.raises(Forbidden):
            change_calendar(act_of(standing), outdoor(), OUTDOOR, reason="改")
        with pytest.raises(Forbidden):
            load_notices(act_of(standing), NOTICE)
    with pytest.raises(Stale):
        change_calendar(act_of(place.office), outdoor(), OUTDOOR, reason="改", expected_revision=4)


def test_add_when_code_is_free_then_there_and_else_refused(place: District) -> None:
    load_shipped()
    act = act_of(place.office)
    row = add_calendar(
        act, Said(name="沥青摊铺", stop=[("10-16", "04-30")]), code="paving-2", reason="新增"
    )
    assert (row.base, row.stop) == ("china", [["10-16", "04-30"]])
    for code, words in (("outdoor", "已用于"), ("沥青", "小写字母")):
        with pytest.raises(Invalid, match=words):
            add_calendar(act, Said(name="乙"), code=code, reason="新增")


def test_notice_when_previewed_then_days_that_change_and_nothing_saved(place: District) -> None:
    load_shipped()
    (year,) = preview_notices(NOTICE)
    assert (year.year, year.provisional) == (2027, False)
    assert dt.date(2027, 1, 2) in year.opened
    assert not HolidayNotice.objects.exists()
    load_notices(act_of(place.office), NOTICE, accept_statutory=True)
    assert preview_notices(NOTICE)[0].opened == ()


def test_notice_when_statutory_days_would_be_worked_then_named_and_refused_unless_accepted(
    place: District,
) -> None:
    load_shipped()
    (year,) = preview_notices(NOTICE)
    assert dt.date(2027, 2, 8) in year.statutory
    assert dt.date(2027, 1, 1) not in year.statutory
    with pytest.raises(Invalid, match=r"法定节假日会变成上班日：2027年2月5日、.*2027年10月1日"):
        load_notices(act_of(place.office), NOTICE)
    assert not HolidayNotice.objects.exists()
    whole = HEAD + "".join(
        f"2027,{day},off,示例通知,false\n"
        for day in sorted({"2027-01-01", *map(str, year.statutory)})
    )
    assert preview_notices(whole.encode())[0].statutory == ()
    load_notices(act_of(place.office), whole.encode())
    assert HolidayNotice.objects.count() == 1


def test_notice_when_loaded_then_provisional_plans_are_settled_and_again_replaces(
    place: District,
) -> None:
    load_shipped()
    laid(place, small_sketch(dt.date(2027, 9, 30), days=300))
    assert Timing.objects.get(subject=place.subject, known_to=None).provisional
    load_notices(act_of(place.office), NOTICE, accept_statutory=True)
    assert not Timing.objects.get(subject=place.subject, known_to=None).provisional
    row = HolidayNotice.objects.get()
    assert row.days == [["2027-01-01", "off"], ["2027-01-02", "work"]]
    second = (HEAD + "2027,2027-01-01,off,示例通知二,true\n").encode("gb18030")
    load_notices(act_of(place.office), second, accept_statutory=True)
    row.refresh_from_db()
    assert (row.source, row.provisional, row.revision) == ("示例通知二", True, 2)
    assert Timing.objects.get(subject=place.subject, known_to=None).provisional
    assert verify().intact


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"year,date\n", "缺少列"),
        (HEAD.encode(), "没有一天"),
        ((HEAD + "2027,2028-01-01,off,x,false\n").encode(), "第 2 行.*不一致"),
        ((HEAD + "2027,2027-01-01,maybe,x,false\n").encode(), "第 2 行.*kind"),
        ((HEAD + "2027,2027-01-01,off,,false\n").encode(), "缺少来源"),
        (b"x" * 1_000_001, "文件过大"),
    ],
)
def test_notice_when_file_is_broken_then_the_line_is_named(
    place: District, content: bytes, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        load_notices(act_of(place.office), content)
    assert not HolidayNotice.objects.exists()
