"""Urging who was sent a letter: from when the rule has it, never upward, told and marked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.loop import actions
from guatu.loop.actions import urge
from guatu.loop.actions.bulk import urge_many
from guatu.loop.bulk_plans import plan_letter_urge
from guatu.loop.enums import LetterState, NoticeKind
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Letter, Notice, Urge
from guatu.loop.queries.digest import digest_of
from guatu.loop.queries.inbox import inbox_of
from guatu.loop.queries.letter_desk import letter_desk
from guatu.loop.queries.letters import letter_page
from guatu.register import sealing
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Holding, Rule
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import release_post
from guatu.register.recording import change
from guatu.register.rules import rules_on
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.loop.blockers import bureau
from tests.loop.builders import District, issued, on, refusal
from tests.loop.letters import answered, colleague_of, draft, sent, signed

DAY = dt.timedelta(days=1)
FRIDAY = 3
"""Days from the tests' Tuesday to the day a reply to a supervision letter is due."""
UP = "不能催办上级。"
Mark = tuple[str, dt.date | None, str | None]


def later(standing: Standing, days: int) -> Standing:
    return standing_of(standing.officer, TODAY + days * DAY)


def marks(standing: Standing, days: int = 0, as_of: dt.date | None = None) -> list[Mark]:
    """Verb, day and body of the urge of each letter on a desk some days later."""
    return [
        (task.verb, task.letter.urged_on, task.letter.urged_by)  # type: ignore[attr-defined]  # annotated by the query
        for task in letter_desk(later(standing, days), as_of).tasks
    ]


def told(standing: Standing, days: int) -> list[str]:
    """Sentences of the notices in an inbox."""
    rows = inbox_of(later(standing, days)).order_by("pk")
    return [sentence(row.kind, row.words) for row in rows]


def refused(who: Standing, letter: Letter, days: int = 1) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as caught:
        urge(on(who, days), letter)
    assert not Urge.objects.exists()
    return refusal(caught)


def test_urge_when_a_letter_is_unread_the_day_after_then_the_addressee_is_told_and_marked(
    place: District,
) -> None:
    letter = sent(place)
    row = urge(on(place.office, 1), letter, words=" 请尽快签收 ")
    assert (row.letter, row.duty, row.blocker, row.words) == (letter, None, None, "请尽快签收")
    assert (row.post, row.to_unit, row.to_post) == (
        place.office.posts[0],
        place.unit,
        letter.addressee_post,
    )
    event = Event.objects.get(verb="urge.make")
    assert (event.model, event.row, event.subject) == ("loop.Urge", row.pk, letter.subject)
    clerk = place.office.officer.name
    assert told(place.owner, 1) == [f"示例专班经办岗（{clerk}）催办：请尽快签收"]
    assert [told(one, 1) for one in (place.office, place.leader, place.stranger)] == [[], [], []]
    notice = Notice.objects.get()
    assert (notice.kind, notice.letter, notice.cause) == (NoticeKind.URGE, letter, letter)
    assert marks(place.owner, 1) == [("回复", TODAY + DAY, "示例专班")]
    sealing.seal(NOON + dt.timedelta(days=2))
    assert sealing.verify(None).intact


def test_urge_when_the_day_has_not_come_then_refused_with_the_day_by_the_rule(
    place: District,
) -> None:
    letter = sent(place)
    unread = f"「{letter.title}」送达日期为 2025-03-18，2025-03-19 起可以催办。"
    assert refused(place.leader, letter, 0) == (unread, None)
    actions.read(act_of(place.owner), letter)
    owed = f"「{letter.title}」回复期限为 2025-03-21，2025-03-21 起可以催办。"
    assert refused(place.leader, letter, 2) == (owed, None)
    assert urge(on(place.leader, FRIDAY), letter).post == place.leader_post


def test_urge_when_the_rule_says_otherwise_then_otherwise(place: District) -> None:
    letter = sent(place)
    rule = Rule.objects.get(key="urge.rights")
    rule.value = [
        {"thing": "letter", "who": "office", "whom": "addressee", "states": ["sent"]},
        {"thing": "letter", "who": "addressee", "whom": "signer", "states": ["answered"]},
    ]
    rule.save()
    urge(act_of(place.office), letter)
    with pytest.raises(Invalid, match="现在是已送达，您没有可以催办的对象"):
        urge(on(place.leader, 1), letter)
    reminder = answered(place, "reminder")
    assert urge(on(place.owner, 1), reminder).to_post == place.office.posts[0]
    with pytest.raises(Invalid) as caught:
        urge(on(place.owner, 1), answered(place))
    assert refusal(caught) == (UP, None)


def test_urge_when_not_delivered_answered_or_over_then_each_is_said_plainly(
    place: District,
) -> None:
    undelivered = "尚未送达，收件单位还看不到，不能催办。"
    for letter in (draft(place), signed(place)):
        assert refused(place.office, letter) == (f"「{letter.title}」{undelivered}", None)
    letter = answered(place)
    words = f"「{letter.title}」已于 2025-03-18 回复，不用再催。"
    assert refused(place.office, letter) == (words, None)
    actions.accept_answer(act_of(place.leader), letter)
    words = f"「{letter.title}」现在是办结，您没有可以催办的对象。"
    assert refused(place.office, letter) == (words, None)
    gone = actions.void(act_of(place.leader), sent(place), reason="有误")
    assert refused(place.office, gone)[0].endswith("现在是作废，您没有可以催办的对象。")


def test_urge_when_no_reply_is_asked_then_reading_is_all_that_is_owed(place: District) -> None:
    letter = sent(place)
    Letter.objects.filter(pk=letter.pk).update(reply_days=None, reply_due=None)
    letter.refresh_from_db()
    urge(on(place.office, 1), letter)
    assert marks(place.owner, 1)[0][1] == TODAY + DAY
    actions.read(on(place.owner, 2), letter)
    assert marks(place.owner, 2)[0][1] is None
    with pytest.raises(Invalid, match="已签收，不要求回复，不用再催"):
        urge(on(place.office, 4), letter)


def test_urge_when_upward_then_refused(place: District) -> None:
    first = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", first, rank=1)
    make_officer(first)
    letter = sent(place)
    Letter.objects.filter(pk=letter.pk).update(
        addressee_unit=first.organisation, addressee_post=first
    )
    letter.refresh_from_db()
    assert refused(place.office, letter) == (UP, None)
    assert refused(place.leader, letter) == (UP, None)
    assert letter_desk(later(place.office, 5)).awaited[0].may_urge is False


def test_urge_when_by_those_who_may_not_then_refused(place: District) -> None:
    letter = sent(place)
    assert "您没有可以催办的对象" in refused(place.owner, letter)[0]
    with pytest.raises(Forbidden):
        urge(on(place.stranger), letter)
    with pytest.raises(Forbidden):
        urge(on(bureau(place, "示例统计局", Role.STATISTICIAN).standing), letter)
    with pytest.raises(Stale):
        urge(on(place.office), letter, expected_revision=letter.revision - 1)


def test_urge_when_by_the_unit_above_the_addressee_then_it_may(place: District) -> None:
    section = make_post(make_unit(place.unit, "示例一科"))
    make_officer(section)
    letter = actions.draft_letter(
        act_of(place.office), "supervision", duty=issued(place), addressee=section
    )
    actions.send_to_sign(act_of(place.office), letter)
    actions.sign(act_of(place.leader), letter)
    assert urge(on(place.owner), letter).to_post == section


def test_urge_when_again_before_another_working_day_then_refused(place: District) -> None:
    letter = sent(place)
    urge(on(place.office, FRIDAY), letter)
    for days in (FRIDAY, FRIDAY + 1, FRIDAY + 2, FRIDAY - 1):
        with pytest.raises(Invalid, match="每个工作日只催一次"):
            urge(on(place.office, days), letter)
    urge(on(place.leader, FRIDAY), letter)
    urge(on(place.office, FRIDAY + 3), letter)
    assert Urge.objects.count() == 3


def test_urge_when_who_was_sent_it_has_left_then_a_colleague_is_told_and_why(
    place: District,
) -> None:
    letter, colleague = sent(place), colleague_of(place)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    urge(on(place.office, 1), letter)
    clerk = place.office.officer.name
    assert told(colleague, 1) == [
        (f"示例专班经办岗（{clerk}）催办：请尽快办理并反馈；示例工信局经办岗暂无人任职，转由您处理")
    ]
    assert marks(colleague, 1) == [("回复", TODAY + DAY, "示例专班")]


def test_urge_when_nobody_is_left_to_read_it_then_refused_and_whom_to_ask(
    place: District,
) -> None:
    letter = sent(place)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    words = "主送岗位「示例工信局经办岗」目前无人担任，没有人能收到催办，请安全管理员补登任职。"
    assert refused(place.office, letter) == (words, None)


def test_mark_when_answered_then_gone_and_not_back_with_a_returned_answer(
    place: District,
) -> None:
    letter = sent(place)
    urge(on(place.office, 1), letter)
    actions.read(on(place.owner, 2), letter)
    assert marks(place.owner, 2) == [("回复", TODAY + DAY, "示例专班")]
    actions.answer(on(place.owner, 2), letter, text="正在办理")
    actions.return_answer(on(place.office, 3), letter, reason="不具体")
    assert marks(place.owner, 3) == [("重新回复", None, None)]
    assert marks(place.owner, 3, TODAY + DAY) == [("回复", TODAY + DAY, "示例专班")]
    assert marks(place.owner, 3, TODAY) == [("回复", None, None)]
    urge(on(place.leader, FRIDAY), letter)
    assert marks(place.owner, FRIDAY) == [("重新回复", TODAY + FRIDAY * DAY, "示例区政府")]
    page = letter_page(letter, TODAY + FRIDAY * DAY)
    assert [row.on for row in page.urges] == [TODAY + FRIDAY * DAY, TODAY + DAY]
    assert [row.on for row in letter_page(letter, TODAY, TODAY + DAY).urges] == [TODAY + DAY]


def test_digest_when_a_letter_was_urged_then_told_to_who_sees_it(place: District) -> None:
    row = urge(on(place.office, 1), sent(place))
    for who, seen in ((place.office, [row]), (place.owner, [row]), (place.stranger, [])):
        assert list(digest_of(later(who, 1), TODAY + DAY).urged) == seen


def waited(standing: Standing, days: int) -> list[tuple[str, str, bool]]:
    """Verb, code and whether it may be urged of what a desk waits for."""
    found = letter_desk(later(standing, days))
    assert found.in_all == len(found.awaited)
    return [(task.verb, task.letter.code, task.may_urge) for task in found.awaited]


def test_awaited_when_unread_or_due_then_on_the_desk_of_signer_and_office(
    place: District,
) -> None:
    unread, read = sent(place), sent(place)
    Letter.objects.filter(pk=unread.pk).update(addressee_post=None)  # to the unit as a whole
    actions.read(act_of(place.owner), read)
    by_office = sent(place, "reminder")
    answered(place)
    signed(place)
    assert waited(place.leader, 0) == []
    assert waited(place.leader, 1) == [("待签收", unread.code, True)]
    assert waited(place.leader, FRIDAY) == [
        ("待签收", unread.code, True),
        ("待回复", read.code, True),
    ]
    assert ("待签收", by_office.code, True) in waited(place.office, 1)
    assert [waited(one, FRIDAY) for one in (place.owner, place.stranger)] == [[], []]
    past = letter_desk(later(place.leader, FRIDAY), TODAY + DAY)
    assert [task.letter.code for task in past.awaited] == [unread.code]
    assert letter_desk(later(place.leader, FRIDAY), TODAY).in_all == 0


def test_awaited_when_there_are_more_than_are_listed_then_all_are_counted(
    place: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guatu.loop.queries.letter_desk.AWAITED_SHOWN", 1)
    for _ in range(3):
        sent(place)
    found = letter_desk(later(place.office, 1))
    assert (len(found.awaited), found.in_all) == (1, 3)


def asked(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as counted:
        run()
    return len(counted)


def test_desks_when_more_letters_were_urged_then_no_query_more(place: District) -> None:
    for _ in range(3):
        urge(on(place.office, 1), sent(place))
        for standing in (later(place.owner, 1), later(place.office, 1)):
            lamp, rights = rules_on(("lamp.letter", "urge.rights"), standing.today)
            assert asked(partial(letter_desk, standing, None, lamp, rights)) == 1


def test_many_when_some_cannot_be_urged_then_the_others_are_in_one_act_with_why(
    place: District,
) -> None:
    free, urged, replied = sent(place), sent(place), answered(place)
    urge(on(place.office, 1), urged)
    act = on(place.office, 1)
    plan = plan_letter_urge(act, [free, urged, replied], words="请抓紧")
    assert [one.refusal for one in plan.verdicts] == [
        "",
        "2025-03-19 已经催办过，下一个工作日可再催办",
        "已于 2025-03-18 回复，不用再催",
    ]
    assert urge_many(plan, "letter") == 1
    row = Urge.objects.order_by("pk").last()
    assert row is not None
    assert (row.letter, row.words) == (free, "请抓紧")
    assert Notice.objects.filter(letter=free).count() == 1
    assert Event.objects.filter(verb="urge.make").count() == 2
    with pytest.raises(Invalid, match="都不能办理"):
        urge_many(replace(plan, verdicts=plan.verdicts[1:]), "letter")
    with pytest.raises(Invalid, match="须由具体岗位提出"):
        plan_letter_urge(system_act(), [free])


def test_many_when_more_letters_are_chosen_then_the_plan_asks_no_more(place: District) -> None:
    letters = [sent(place) for _ in range(4)]
    act = on(place.office, 1)
    plan_letter_urge(act, letters)
    few = asked(lambda: plan_letter_urge(act, letters[:1]))
    assert asked(lambda: plan_letter_urge(act, letters)) == few
    assert {one.state for one in Letter.objects.all()} == {LetterState.SENT}
