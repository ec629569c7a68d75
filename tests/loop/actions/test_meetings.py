"""Review bodies: the office alone changes them, and what waits for them follows."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, Meetings, WorkCalendar, shipped_table
from guatu.loop.actions.meetings import Said, add_meeting, change_meeting
from guatu.loop.actions.network import edit_network, sketch_of
from guatu.loop.models import Forecast, ReviewMeeting, Timing
from guatu.loop.plan.calendars import Calendars, calendars_on, load_shipped
from guatu.loop.plan.computing import compute, digest_of
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of
from tests.loop.builders import District, on
from tests.loop.plans import laid, small_sketch

DAY = dt.timedelta(days=1)
COUNCIL = Said(name="示例规委会", since=dt.date(2025, 3, 1), weeks=2, weekday=4)
"""First sits on Thursday, 6 March 2025; after today, the 18th, on 20 March."""
WAITS = {"op": "meeting", "key": "permit", "meeting": "council"}


def timing(place: District) -> tuple[dt.date | None, dt.date | None]:
    row = Timing.objects.get(subject=place.subject, known_to=None).dates["permit"]
    return row.early_start, row.late_start


def waiting(place: District) -> ReviewMeeting:
    laid(place)
    body = add_meeting(act_of(place.office), COUNCIL, code="council", reason="示例")
    edit_network(act_of(place.office), place.subject, [WAITS], reason="须上会")
    return body


def test_plan_when_work_waits_for_a_body_then_it_begins_on_its_days(place: District) -> None:
    body = waiting(place)
    early, late = timing(place)
    days = calendars_on().meetings["council"].days(TODAY, dt.date(2025, 12, 31))
    assert early == dt.date(2025, 3, 20) == days[0]
    assert late in days
    assert Forecast.objects.filter(superseded_at=None).exists()
    change_meeting(
        act_of(place.office), body, replace(COUNCIL, cancelled=["2025-03-20"]), reason="改期"
    )
    assert timing(place)[0] == dt.date(2025, 4, 3)
    moved = replace(COUNCIL, cancelled=["2025-03-20"], added=["2025-03-24"])
    change_meeting(act_of(place.office), body, moved, reason="改期")
    assert timing(place)[0] == dt.date(2025, 3, 24)
    assert [
        event.verb for event in Event.objects.filter(model="loop.ReviewMeeting", row=body.pk)
    ] == [
        "meeting.add",
        "meeting.change",
        "meeting.change",
    ]
    assert verify().intact


def test_digest_when_no_work_waits_then_bodies_do_not_count(place: District) -> None:
    laid(place)
    before = digest_of(sketch_of(place.subject), calendars_on())
    body = add_meeting(act_of(place.office), COUNCIL, code="council", reason="示例")
    assert digest_of(sketch_of(place.subject), calendars_on()) == before
    bare = replace(calendars_on(), meetings={}, bodies={})
    assert digest_of(sketch_of(place.subject), bare) == before
    edit_network(act_of(place.office), place.subject, [WAITS], reason="须上会")
    waits = digest_of(sketch_of(place.subject), calendars_on())
    change_meeting(act_of(place.office), body, replace(COUNCIL, weeks=3), reason="改期")
    assert len({before, waits, digest_of(sketch_of(place.subject), calendars_on())}) == 3


def test_edit_when_the_body_is_not_known_then_refused_by_name(place: District) -> None:
    laid(place)
    with pytest.raises(Invalid, match="「施工许可」的评审会「ghost」没有登记"):
        edit_network(
            act_of(place.office), place.subject, [{**WAITS, "meeting": "ghost"}], reason="示例"
        )


def test_calendars_when_read_as_of_a_past_day_then_the_body_as_it_was(place: District) -> None:
    body = waiting(place)
    change_meeting(on(place.office), body, replace(COUNCIL, weeks=4), reason="改期")
    assert calendars_on(TODAY).meetings["council"].weeks == 2
    # Entered after the day read it counts as it was first entered.
    assert calendars_on(TODAY - 30 * DAY).meetings["council"].weeks == 2


@pytest.mark.parametrize(
    ("said", "reason", "words"),
    [
        (replace(COUNCIL, name=" "), "改", "请填写评审会名称"),
        (replace(COUNCIL, name="甲\x00"), "改", "请填写评审会名称"),
        (replace(COUNCIL, since=dt.date(1999, 1, 1)), "改", "不在 2020—2100 年"),
        (replace(COUNCIL, weeks=0), "改", "1 到 52 周"),
        (replace(COUNCIL, weekday=8), "改", "周一到周日"),
        (replace(COUNCIL, cancelled=["昨天"]), "改", "取消的会期「昨天」写法不对"),
        (replace(COUNCIL, added=["2300-01-01"]), "改", "不在 2020—2100 年"),
        (
            replace(COUNCIL, added=["2025-03-20"], cancelled=["2025-03-20"]),
            "改",
            "既取消又增加",
        ),
        (replace(COUNCIL, source="长" * 301), "改", "来源不超过"),
        (COUNCIL, " ", "请写明理由"),
    ],
)
def test_body_when_what_is_said_cannot_be_then_one_sentence(
    place: District, said: Said, reason: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        add_meeting(act_of(place.office), said, code="council", reason=reason)


def test_body_when_not_the_office_or_stale_or_twice_then_refused(place: District) -> None:
    load_shipped()
    with pytest.raises(Forbidden):
        add_meeting(act_of(place.owner), COUNCIL, code="council", reason="示例")
    body = add_meeting(act_of(place.office), COUNCIL, code="council", reason="示例")
    with pytest.raises(Invalid, match="已用于另一个"):
        add_meeting(act_of(place.office), COUNCIL, code="council", reason="示例")
    with pytest.raises(Invalid, match="小写字母开头"):
        add_meeting(act_of(place.office), COUNCIL, code="规委会", reason="示例")
    with pytest.raises(Forbidden):
        change_meeting(act_of(place.leader), body, COUNCIL, reason="示例")
    with pytest.raises(Stale):
        change_meeting(act_of(place.office), body, COUNCIL, reason="示例", expected_revision=9)


BODIES = st.builds(
    Meetings,
    st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    st.integers(1, 8),
    st.integers(1, 7),
    st.frozensets(st.dates(TODAY, dt.date(2025, 12, 31)), max_size=3),
    st.frozensets(st.dates(TODAY, dt.date(2025, 12, 31)), max_size=3),
)
OFFICE = WorkCalendar.over(CalendarSpec(), shipped_table(), TODAY.toordinal(), 2_000)


@given(BODIES)
def test_start_when_any_body_then_the_first_of_its_days_the_office_works(body: Meetings) -> None:
    calendars = Calendars(
        specs={"office": CalendarSpec(), "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),))},
        names={},
        table=shipped_table(),
        meetings={"council": body},
    )
    sketch = small_sketch(dt.date(2026, 10, 31))
    permit = sketch.steps["permit"]._replace(meeting="council")
    found = compute(sketch.with_step(permit), calendars, TODAY).schedule.activities["permit"]
    day = TODAY
    while not (OFFICE.is_working(day) and body.days(day, day)):
        day += DAY
        if day > TODAY + 1_400 * DAY:
            assert found.early_start is None
            return
    assert found.early_start == day
