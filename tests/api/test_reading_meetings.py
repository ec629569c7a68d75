"""What programs read of meetings and visits."""

import datetime as dt

from guatu.campaign.reading.minutes import read_minutes
from guatu.loop.actions.agendas import add_item, drop_item, finalise
from guatu.loop.actions.deciding import decide
from guatu.loop.actions.visits import add_finding, charge, withdraw_visit
from tests.api.programs import names_of, program_of, rows_of
from tests.api.rooms import DUE, visited
from tests.factories import TODAY, act_of, make_subject
from tests.loop.builders import District, on
from tests.loop.gatherings import called

PAST = f"as_of={TODAY}"


def test_meetings_when_the_agenda_is_not_final_then_only_who_prepares_reads_it(
    place: District,
) -> None:
    meeting = called(place, time=dt.time(9), where="示例会议室")
    (shown,) = rows_of(program_of(place.office), "/meetings")
    assert shown == {
        "id": str(meeting.public_id),
        "code": meeting.code,
        "version": 1,
        "kind": "dispatch",
        "kind_name": shown["kind_name"],
        "title": "示例调度会",
        "state": "planned",
        "state_name": "筹备",
        "on": TODAY.isoformat(),
        "time": "09:00",
        "where": "示例会议室",
        "chair_post": {
            "id": str(place.leader_post.public_id),
            "name": str(place.leader_post),
        },
        "domain": None,
        "unit": None,
        "area": None,
        "final_on": None,
        "decided": 0,
        "cancelled_reason": None,
        "sample": False,
        "changed_at": shown["changed_at"],
    }
    readers = {"owner": place.owner, "leader": place.leader, "stranger": place.stranger}
    told = {name: names_of(program_of(one), "/meetings", "title") for name, one in readers.items()}
    assert told == {"owner": [], "leader": ["示例调度会"], "stranger": []}


def test_meeting_when_read_alone_then_items_and_decisions_of_ones_own(place: District) -> None:
    meeting, act = called(place), act_of(place.office)
    for title, unit in (
        ("示例议题甲", place.unit),
        ("示例议题乙", place.stranger_post.organisation),
    ):
        add_item(act, meeting, title=title, ask="示例：请定", unit=unit)
    own, other = meeting.items.order_by("pk")
    drop_item(act, add_item(act, meeting, title="示例议题丙", unit=place.unit), reason="已解决")
    finalise(act, meeting)
    read_minutes(on(place.office, 1), meeting, "示例纪要。".encode(), "示例纪要.txt")
    decide(on(place.office, 2), own, title="示例议定甲", owner_post=place.owner_post, due=DUE)
    decide(on(place.office, 2), other, title="示例议定乙", owner_post=place.stranger_post)
    address = f"/meetings/{meeting.public_id}"
    office, owner = program_of(place.office), program_of(place.owner)
    told, whole, then = (
        program.get(f"{address}{past}")[1]
        for program, past in ((owner, ""), (office, ""), (office, f"?{PAST}"))
    )
    assert [(one["number"], one["title"], one["dropped_reason"]) for one in told["agenda"]] == [
        (1, "示例议题甲", None),
        (None, "示例议题丙", "已解决"),
    ]
    (decided,) = told["decisions"]
    assert decided == {
        "duty": decided["duty"],
        "code": decided["code"],
        "title": "示例议定甲",
        "state": "issued",
        "state_name": "已下达",
        "owner_unit": decided["owner_unit"],
        "owner_post": {"id": str(place.owner_post.public_id), "name": str(place.owner_post)},
        "leader_post": None,
        "due": DUE.isoformat(),
        "on": (TODAY + dt.timedelta(days=2)).isoformat(),
        "item": str(own.public_id),
        "quote": None,
    }
    assert owner.get(f"/duties/{decided['duty']}")[1]["title"] == "示例议定甲"
    assert [len(one["agenda"]) for one in (told, whole, then)] == [2, 3, 3]
    assert [len(one["decisions"]) for one in (told, whole, then)] == [1, 2, 0]
    assert [one["decided"] for one in (told, whole, then)] == [2, 2, 0]
    assert [one["minutes"] for one in (told, whole, then)] == ["示例纪要", "示例纪要", None]
    assert (told["attendants"], told["counted_on"]) == (["示例工信局"], TODAY.isoformat())
    assert program_of(place.stranger).get(address)[0] == 404
    since = "changed_since=2025-03-20T00:00:00%2B08:00"
    assert names_of(office, f"/meetings?state=final&on_from={TODAY}&{since}", "title") == [
        "示例调度会"
    ]
    assert rows_of(office, f"/meetings?on_until={TODAY - dt.timedelta(days=1)}") == []


def test_visits_when_places_are_of_others_then_only_ones_own_are_told(place: District) -> None:
    visit = visited(place, place.subject)
    other = make_subject(place.stranger_post.organisation, title="示例他局工程")
    found = add_finding(on(place.leader, 2), visit, subject=other, text="示例", verdict="normal")
    duty = charge(
        on(place.leader, 2), found, title="示例：整改", owner_post=place.stranger_post, due=DUE
    )
    program = program_of(place.owner)
    (shown,) = rows_of(program, "/visits")
    assert shown == {
        "id": str(visit.public_id),
        "code": visit.code,
        "version": 1,
        "on": TODAY.isoformat(),
        "post": {"id": str(place.leader_post.public_id), "name": str(place.leader_post)},
        "places": 2,
        "note": None,
        "withdrawn": False,
        "withdrawn_reason": None,
        "sample": False,
        "changed_at": shown["changed_at"],
    }
    address = f"/visits/{visit.public_id}"
    told = {
        name: program_of(one).get(f"{address}{past}")[1]["findings"]
        for name, one, past in (
            ("owner", place.owner, ""),
            ("stranger", place.stranger, ""),
            ("office", place.office, ""),
            ("then", place.office, f"?{PAST}"),
        )
    }
    assert {name: [one["subject"]["name"] for one in each] for name, each in told.items()} == {
        "owner": [place.subject.title],
        "stranger": ["示例他局工程"],
        "office": [one["subject"]["name"] for one in told["office"]],
        "then": [place.subject.title],
    }
    assert len(told["office"]) == 2
    assert told["stranger"][0]["duties"] == [str(duty.public_id)]
    assert told["owner"][0]["verdict_name"] == "正常推进"


def test_visits_when_filtered_then_by_post_day_and_whether_withdrawn(place: District) -> None:
    kept = visited(place, place.subject)
    gone = visited(place, place.subject, TODAY - dt.timedelta(days=1))
    withdraw_visit(act_of(place.office), gone, reason="示例：重复")
    program = program_of(place.office)
    unit = place.leader_post.organisation.public_id
    asked = {
        "withdrawn=false": [kept.code],
        "withdrawn=true": [gone.code],
        f"on_from={TODAY}": [kept.code],
        f"on_until={gone.on}": [gone.code],
        f"unit={unit}&withdrawn=0": [kept.code],
        f"post={place.owner_post.public_id}": [],
    }
    assert {one: names_of(program, f"/visits?{one}", "code") for one in asked} == asked
