"""Minutes of a meeting from the command line: the page's drafts, quotes and refusals."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from guatu.campaign import reading
from guatu.campaign.reading.minutes import minutes_read
from guatu.cli import main
from guatu.engines.intake import BadInput
from guatu.loop.actions.deciding import release_minutes
from guatu.loop.models import Decision, DispatchMeeting
from guatu.register.enums import DraftKind
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Batch, Draft, Event, StoredFile
from tests.factories import TODAY, act_of
from tests.loop.builders import District, make_loop
from tests.loop.gatherings import called, final

MINUTES = """示例区项目攻坚调度会会议纪要
会议议定以下事项：
一、示例工信局负责，确保示例道路4月底前完成管线迁改。
二、示例幸福局牵头，确保6月底前完成竣工验收。
"""


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "纪要.txt"
    path.write_text(MINUTES, encoding="utf-8")
    return path


def load(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    """Exit code, and the document printed (the error document of a refusal)."""
    code = main(["load", *map(str, words), "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


def test_load_when_minutes_then_drafts_with_quotes_and_the_unknown_unit_is_named(
    place: District, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    code, answer = load(capsys, "--meeting", meeting.code, paper, "--as", who)
    meeting.refresh_from_db()
    batch = Batch.objects.get()
    assert (code, answer["batch"], meeting.minutes) == (0, str(batch.public_id), batch.document)
    assert [warning["message"].split("，")[0] for warning in answer["warnings"]] == [
        "没有“示例幸福局”这个单位"
    ]
    drafts = Draft.objects.filter(kind=DraftKind.COMMITMENT).order_by("order")
    assert [(one.payload["owner"], one.payload["due"]) for one in drafts] == [
        ("示例工信局", "2025-04-30"),
        ("示例幸福局", "2025-06-30"),
    ]
    assert [one.quote.text in MINUTES for one in drafts if one.quote] == [True, True]
    event = Event.objects.get(verb="dispatch.minute")
    assert event.officer == place.office.officer


def test_load_when_confirmed_then_decisions_of_the_meeting_and_again_nothing_new(
    place: District, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting, _ = final(place)
    paper.write_text(MINUTES.replace("示例幸福局", "示例住建局"), encoding="utf-8")
    words = ("--meeting", meeting.public_id, paper, "--as", place.office.officer.username)
    code, answer = load(capsys, *words, "--confirm")
    taken = Decision.objects.filter(meeting=meeting, item=None).order_by("pk")
    assert (code, answer["errors"]) == (0, [])
    assert [str(one.duty.owner_unit) for one in taken] == ["示例工信局", "示例住建局"]
    code, again = load(capsys, *words, "--confirm")
    assert (code, again["new"], again["unchanged"]) == (0, 0, answer["new"])
    assert Decision.objects.count() == 2


def test_load_when_the_meeting_is_not_final_then_exit_2_with_the_next_step(
    place: District, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = called(place)
    code, answer = load(capsys, "--meeting", meeting.code, paper)
    assert (code, answer["error"]["file"]) == (2, "纪要.txt")
    assert "不能读入纪要。请先定稿" in answer["error"]["message"]
    assert (Batch.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_load_when_there_are_minutes_or_they_are_anothers_then_refused(
    place: District, paper: Path, tmp_path: Path
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    reading.load_file(paper, officer=who, meeting=meeting.code)
    second = tmp_path / "另一份.txt"
    second.write_text(MINUTES + "会议要求抓好落实。", encoding="utf-8")
    with pytest.raises(Invalid, match="一次会议只挂一份纪要"):
        reading.load_file(second, officer=who, meeting=meeting.code)
    other = called(place, title="示例推进会")
    DispatchMeeting.objects.filter(pk=other.pk).update(state="final", final_on=other.on)
    with pytest.raises(Invalid, match="已是「示例调度会」"):
        reading.load_file(paper, officer=who, meeting=other.code)
    assert Batch.objects.count() == 1


def test_load_when_there_are_minutes_and_the_second_paper_is_marked_then_the_mark_is_told_and_kept(
    place: District, paper: Path
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    reading.load_file(paper, officer=who, meeting=meeting.code)
    paper.write_text(f"机密★1年\n{MINUTES}", encoding="utf-8")
    with pytest.raises(BadInput, match="密级"):
        reading.load_file(paper, officer=who, meeting=meeting.code)
    assert Event.objects.filter(verb="intake.refuse", officer=place.office.officer).count() == 1


def test_load_when_the_meeting_or_the_words_are_wrong_then_exit_2_in_one_sentence(
    place: District, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting, _ = final(place)
    told = [
        load(capsys, "--meeting", "没有这个", paper),
        load(capsys, "--meeting", meeting.code, paper, paper),
        load(capsys, "--meeting", meeting.code, paper, "--kind", "project"),
    ]
    assert [code for code, _ in told] == [2, 2, 2]
    assert [answer["error"]["message"].split("，")[0].split("；")[0] for _, answer in told] == [
        "没有编号为“没有这个”的会议",
        "一次会议只挂一份纪要",
        "--meeting 只读会议纪要",
    ]


def test_load_when_the_officer_may_not_then_as_on_the_page(place: District, paper: Path) -> None:
    meeting, _ = final(place)
    with pytest.raises(Forbidden):
        reading.load_file(paper, officer=place.leader.officer.username, meeting=meeting.code)
    with pytest.raises(BadInput, match="没有编号为"):
        reading.load_file(paper, officer=place.stranger.officer.username, meeting=meeting.code)
    assert Batch.objects.count() == 0


@pytest.mark.parametrize("what", ["minutes", "paper"])
def test_load_when_marked_secret_then_refused_recorded_and_not_kept(
    place: District, paper: Path, what: str
) -> None:
    meeting, _ = final(place)
    paper.write_text(f"机密★1年\n{MINUTES}", encoding="utf-8")
    with pytest.raises(BadInput):
        reading.load_file(
            paper,
            officer=place.office.officer.username,
            meeting=meeting.code if what == "minutes" else None,
        )
    refused = Event.objects.filter(verb="intake.refuse").values_list("officer", flat=True)
    assert (list(refused), StoredFile.objects.count()) == ([place.office.officer.pk], 0)


def test_load_when_the_meeting_has_not_come_then_refused_and_nothing_is_kept(
    place: District, paper: Path
) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    meeting, _ = final(place, on=tomorrow)
    who = place.office.officer.username
    with pytest.raises(Invalid, match=f"会议定于 {tomorrow} 召开，还没有到日子"):
        reading.load_file(paper, officer=who, meeting=meeting.code)
    assert (Batch.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_minutes_when_read_before_the_day_was_put_off_then_nothing_is_adopted_before_it(
    place: District, paper: Path
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    reading.load_file(paper, officer=who, meeting=meeting.code)
    DispatchMeeting.objects.filter(pk=meeting.pk).update(on=TODAY + dt.timedelta(days=1))
    first = Draft.objects.filter(kind=DraftKind.COMMITMENT).earliest("order")
    with pytest.raises(Invalid, match="还没有到日子"):
        reading.accept_draft(act_of(place.office), first)
    assert Decision.objects.count() == 0


def test_minutes_when_they_name_an_unknown_unit_then_adopted_only_once_another_is_chosen(
    place: District, paper: Path
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    reading.load_file(paper, officer=who, meeting=meeting.code)
    second = Draft.objects.filter(kind=DraftKind.COMMITMENT).latest("order")
    with pytest.raises(Invalid) as caught:
        reading.accept_draft(act_of(place.office), second)
    assert (str(caught.value), caught.value.field) == (
        "纪要写由「示例幸福局」负责，组织机构里没有这个单位，请先改选责任单位。",
        "owner_unit",
    )
    assert Decision.objects.count() == 0
    chosen = {"owner_unit": str(place.stranger_post.organisation.public_id)}
    reading.accept_draft(act_of(place.office), second, chosen)
    duty = Decision.objects.get(meeting=meeting).duty
    assert duty.owner_unit == place.stranger_post.organisation


def test_minutes_when_the_wrong_paper_is_dropped_then_the_meeting_takes_the_right_one(
    place: District, paper: Path, tmp_path: Path
) -> None:
    meeting, _ = final(place)
    who = place.office.officer.username
    wrong = tmp_path / "错误的文件.txt"
    wrong.write_text("示例区另一次会议\n会议要求，示例工信局要抓好安全生产。", encoding="utf-8")
    reading.load_file(wrong, officer=who, meeting=meeting.code)
    reading.drop_batch(act_of(place.office), Batch.objects.get())
    meeting.refresh_from_db()
    assert (meeting.minutes, Event.objects.get(verb="dispatch.unminute").reason) == (
        None,
        "识读已放弃",
    )
    reading.load_file(paper, officer=who, meeting=meeting.code)
    meeting.refresh_from_db()
    assert str(meeting.minutes) == "示例区项目攻坚调度会会议纪要"


def test_minutes_when_released_then_what_was_decided_stays_and_others_are_read(
    place: District, paper: Path
) -> None:
    meeting, _ = final(place)
    act = act_of(place.office)
    reading.load_file(paper, officer=place.office.officer.username, meeting=meeting.code)
    drafts = list(Draft.objects.filter(kind=DraftKind.COMMITMENT).order_by("order"))
    reading.accept_draft(act, drafts[0])
    for draft in Draft.objects.filter(state="pending"):
        reading.reject_draft(act, draft)
    with pytest.raises(Invalid, match="不能放弃"):
        reading.drop_batch(act, Batch.objects.get())
    meeting.refresh_from_db()
    release_minutes(act, meeting, reason="挂错了会议")
    with pytest.raises(Invalid, match="没有纪要"):
        release_minutes(act, meeting, reason="再撤一次")
    assert (meeting.minutes, Decision.objects.filter(meeting=meeting).count()) == (None, 1)


def test_minutes_when_an_entry_says_nothing_readable_then_it_is_told_and_drafted_by_hand(
    place: District, paper: Path
) -> None:
    meeting, _ = final(place)
    act = act_of(place.office)
    paper.write_text(
        "示例区会议纪要\n1.示例工信局负责，示例住建局配合，4月底前完成管线迁改。\n"
        "2.示例道路照明问题，示例工信局那边5月9日前给个说法。\n3.示例住建局6月底前完成验收。\n",
        encoding="utf-8",
    )
    reading.load_file(paper, officer=place.office.officer.username, meeting=meeting.code)
    batch = Batch.objects.get()
    assert batch.document is not None
    missed = minutes_read(batch.document).missed
    words = "示例道路照明问题，示例工信局那边5月9日前给个说法。"
    assert [(one.number, one.words) for one in missed] == [("2", words)]
    draft = reading.add_by_hand(act, batch, missed[0].start, missed[0].end)
    assert (draft.quote.text if draft.quote else None, draft.payload["due"]) == (
        words,
        "2025-05-09",
    )
    drafts = Draft.objects.filter(kind=DraftKind.COMMITMENT).order_by("order")
    assert [one.quote.start for one in drafts if one.quote] == sorted(
        one.quote.start for one in drafts if one.quote
    )
    with pytest.raises(Invalid, match="已有读出或补记的承诺"):
        reading.add_by_hand(act, batch, missed[0].start, missed[0].end)
    with pytest.raises(Forbidden):
        reading.add_by_hand(act_of(place.leader), batch, 1, 2)
    chosen = {"owner_unit": str(place.unit.public_id), "due": "2025-05-08"}
    reading.accept_draft(act, draft, chosen)
    duty = Decision.objects.get(meeting=meeting).duty
    assert (duty.what, str(duty.due)) == (words, "2025-05-08")
    first = drafts.first()
    assert first is not None
    reading.accept_draft(act, first)
    helped = Decision.objects.filter(meeting=meeting).latest("pk").duty
    assert [str(one.unit) for one in helped.co_owners.all()] == ["示例住建局"]
