import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.investment.models import Project
from guatu.loop import actions
from guatu.loop.models import Activity, Blocker, Duty, Letter, Report, Urge
from guatu.loop.removers import Remover, Spot
from guatu.register.models import ApiCall, ApiToken, Event
from guatu.register.recording import create
from tests.api.programs import program_of
from tests.factories import TODAY, act_of, make_subject, system_act
from tests.loop.builders import District, issued
from tests.loop.letters import sent


def test_duty_when_reported_then_row_event_and_token_are_told(place: District) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    status, told = program.post(
        f"/duties/{duty.public_id}/report",
        {"version": duty.revision, "text": "示例：已完成摸排", "claims": [{"text": "示例：摸排"}]},
    )
    duty.refresh_from_db()
    token = ApiToken.objects.get()
    event = Event.objects.get(verb="duty.report", row=duty.pk)
    assert (status, told["state"], told["version"], told["progress"]) == (
        200,
        "doing",
        duty.revision,
        "示例：已完成摸排",
    )
    assert (event.officer, event.reason) == (
        place.owner.officer,
        f"经接口令牌 示例程序（{token.prefix}）",
    )
    assert Report.objects.get().claims.get().text == "示例：摸排"


def test_duty_when_reported_with_a_secrecy_mark_then_422_nothing_written_and_logged(
    place: District,
) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    address = f"/duties/{duty.public_id}/report"
    status, told = program.post(address, {"version": duty.revision, "text": "示例（机密★1年）"})
    assert (status, told["error"]["code"], told["error"]["field"]) == (422, "invalid", "text")
    assert "密级标志" in told["error"]["message"]
    assert not Report.objects.exists()
    event = Event.objects.get(verb="intake.refuse")
    token = ApiToken.objects.get()
    assert (event.officer, event.changes["row"]) == (place.owner.officer, [None, 1])
    assert event.reason.endswith(f"（经接口令牌 示例程序（{token.prefix}））")


def test_duty_when_affirmed_by_an_old_version_then_409_with_the_current_one(
    place: District,
) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    address = f"/duties/{duty.public_id}/no-change"
    status, told = program.post(address, {"version": duty.revision + 5})
    assert (status, told["error"]["code"], told["error"]["current"]) == (
        409,
        "stale",
        duty.revision,
    )
    assert told["error"]["message"] == "这条记录刚被别人改过。请读取最新版本后再提交。"
    status, told = program.post(address, {"version": duty.revision})
    assert (status, told["reported_on"]) == (200, TODAY.isoformat())
    status, told = program.post(address, {"version": told["version"]})
    assert (status, told["error"]["message"][-11:]) == (422, "今天已经报告过，不必重复。"[-11:])


def test_report_when_sent_again_with_its_key_then_done_once(place: District) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    address, said = f"/duties/{duty.public_id}/report", {"version": duty.revision, "text": "示例"}
    first = program.post(address, said, "key-0001")
    again = program.post(address, said, "key-0001")
    other = program.post(address, {**said, "text": "示例二"}, "key-0001")
    assert (first, first[0]) == (again, 200)
    assert (other[0], other[1]["error"]["field"]) == (422, "Idempotency-Key")
    assert (Report.objects.count(), ApiCall.objects.count()) == (1, 1)


def test_report_when_its_key_is_too_short_then_told_how_long(place: District) -> None:
    status, told = program_of(place.owner).post(
        f"/duties/{issued(place).public_id}/no-change", {"version": 1}, "key-1"
    )
    assert (status, told["error"]["message"]) == (422, "「Idempotency-Key」不能少于 8 字。")


def test_report_when_refused_then_nothing_is_kept_and_the_key_is_free(place: District) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    address = f"/duties/{duty.public_id}/report"
    status, told = program.post(address, {"version": duty.revision, "text": " "}, "key-0001")
    assert (status, told["error"]["field"], ApiCall.objects.count()) == (422, "text", 0)
    said = {"version": duty.revision, "text": "示例"}
    assert program.post(address, said, "key-0001")[0] == 200


def test_report_when_duty_is_of_others_then_404_and_nothing_written(place: District) -> None:
    duty = issued(place)
    said = {"version": duty.revision, "text": "示例"}
    assert program_of(place.stranger).post(f"/duties/{duty.public_id}/report", said)[0] == 404
    # The office sees it, but does not speak for its owner.
    assert program_of(place.office).post(f"/duties/{duty.public_id}/report", said)[0] == 404
    lacking = program_of(place.owner, "read:duties")
    assert lacking.post(f"/duties/{duty.public_id}/report", said)[0] == 403
    assert (Report.objects.count(), ApiCall.objects.count()) == (0, 0)


def test_node_when_progress_and_finish_are_reported_then_as_on_the_page(place: District) -> None:
    subject = make_subject(place.unit)
    create(system_act(), "project.add", Project(subject=subject, name=subject.title))
    node = Activity(
        subject=subject,
        node="n1",
        name="示例节点",
        stage="s1",
        sequence=1,
        due=TODAY + dt.timedelta(days=5),
    )
    create(system_act(), "timetable.add", node)
    program = program_of(place.owner)
    address = f"/projects/{subject.public_id}/nodes/n1"
    late = {"version": 1, "expected_finish": (TODAY + dt.timedelta(days=9)).isoformat()}
    status, told = program.post(f"{address}/progress", late)
    assert (status, told["error"]["field"]) == (422, "reason")
    status, told = program.post(f"{address}/progress", {**late, "reason": "示例：到货晚"})
    assert (status, told["forecast"], told["version"]) == (200, late["expected_finish"], 2)
    done = {"version": told["version"], "day": TODAY.isoformat()}
    early = {**done, "day": "2024-12-31"}
    begun = {"version": done["version"], "started": "2024-12-31"}
    for step, said in (("finish", early), ("progress", begun)):
        status, told = program.post(f"{address}/{step}", said)
        assert (status, told["error"]["field"]) == (422, "knowing")
        assert "2024-12-31 早于攻坚年开始的 2025-01-01" in told["error"]["message"]
    status, told = program.post(
        f"{address}/finish", {**early, "day": "1999-01-01", "knowing": True}
    )
    assert (status, told["error"]["field"]) == (422, "day")
    status, told = program.post(f"{address}/finish", done)
    assert (status, told["finished"], told["evidenced"]) == (200, TODAY.isoformat(), False)
    assert program.post(f"{address}/finish", done)[0] == 409
    assert program_of(place.stranger).post(f"{address}/finish", done)[0] == 404


def test_blocker_when_raised_on_a_duty_then_kept_and_urged_by_who_raised(place: District) -> None:
    duty = issued(place)
    program = program_of(place.owner)
    said = {"duty": str(duty.public_id), "cause": "other", "what": "示例：资金未到位"}
    status, told = program.post("/blockers/raise", said)
    blocker = Blocker.objects.get()
    assert (status, told["id"], told["state"]) == (200, str(blocker.public_id), "raised")
    assert (told["raised_on"], told["duty"]) == (TODAY.isoformat(), str(duty.public_id))
    assert program.get(f"/blockers/{told['id']}")[1] == {**told, "urges": []}
    parts = ("holder", "remover")
    holder, remover = ((told[f"{who}_unit"], told[f"{who}_post"]) for who in parts)
    assert holder == remover
    status, urged = program.post(
        f"/blockers/{told['id']}/urge", {"version": blocker.revision, "words": "示例：请尽快"}
    )
    assert status in {200, 422}
    assert Urge.objects.count() == (1 if status == 200 else 0), urged
    wrong = program.post("/blockers/raise", {"cause": "other"})
    assert (wrong[0], wrong[1]["error"]["message"]) == (422, "责任事项、节点、对象请填且只填一项。")


def test_duty_when_urged_by_the_leader_then_recorded(place: District) -> None:
    duty = issued(place)
    status, told = program_of(place.leader).post(
        f"/duties/{duty.public_id}/urge", {"version": duty.revision}
    )
    urge = Urge.objects.get()
    assert (status, told) == (
        200,
        {
            "id": str(urge.public_id),
            "to": str(place.owner_post),
            "words": "请尽快办理并反馈。",
            "on": TODAY.isoformat(),
        },
    )


def test_letter_when_urged_then_recorded_and_read_with_the_letter(place: District) -> None:
    letter = sent(place)
    address = f"/letters/{letter.public_id}"
    program = program_of(place.leader)
    early = program.post(f"{address}/urge", {"version": letter.revision})
    words = f"「{letter.title}」送达日期为 2025-03-18，2025-03-19 起可以催办。"
    assert (early[0], early[1]["error"]["message"]) == (422, words)
    Letter.objects.filter(pk=letter.pk).update(sent_on=TODAY - dt.timedelta(days=1))
    said = {"version": letter.revision, "words": "示例：请签收"}
    status, told = program.post(f"{address}/urge", said)
    urge = Urge.objects.get()
    assert (status, told["to"], urge.letter) == (200, str(place.owner_post), letter)
    assert program_of(place.stranger).post(f"{address}/urge", said)[0] == 404
    post, to = place.leader_post, place.owner_post
    shown = {
        "id": str(urge.public_id),
        "on": TODAY.isoformat(),
        "post": {"id": str(post.public_id), "name": str(post)},
        "to_unit": {"id": str(place.unit.public_id), "name": place.unit.name},
        "to_post": {"id": str(to.public_id), "name": str(to)},
        "words": "示例：请签收",
    }
    assert program_of(place.owner).get(address)[1]["urges"] == [shown]


def test_urges_when_read_then_with_what_they_are_about_and_not_by_firms(place: District) -> None:
    duty = issued(place)
    spot = Spot(duty.subject, duty=duty)
    blocker = actions.raise_blocker(
        act_of(place.owner), spot, "funds", remover=Remover(place.stranger_post.organisation)
    )
    for thing in (duty, blocker):
        actions.urge(act_of(place.leader), thing, words="示例：请尽快")
    program = program_of(place.office)
    for address in (f"/duties/{duty.public_id}", f"/blockers/{blocker.public_id}"):
        assert [one["words"] for one in program.get(address)[1]["urges"]] == ["示例：请尽快"]
        before = program.get(f"{address}?as_of={TODAY - dt.timedelta(days=1)}")
        assert before[0] == 404
    letter = actions.draft_letter(act_of(place.office), "supervision", blocker=blocker)
    told = program.get(f"/letters/{letter.public_id}")[1]
    assert (told["blocker"], told["duty"]) == (str(blocker.public_id), None)


def test_report_when_made_then_queries_are_bounded(place: District) -> None:
    duty: Duty = issued(place)
    program = program_of(place.owner)
    said = {"version": duty.revision, "text": "示例"}
    with CaptureQueriesContext(connection) as captured:
        assert program.post(f"/duties/{duty.public_id}/report", said)[0] == 200
    assert len(captured) <= 40
