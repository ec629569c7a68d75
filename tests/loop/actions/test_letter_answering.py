"""Acknowledging and answering a letter, and what is thought of the answer."""

import datetime as dt

import pytest

from guatu.loop import actions
from guatu.loop.models import Letter, LetterEvidence, Receipt
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Holding, Rule
from guatu.register.policies import standing_of
from guatu.register.recording import create
from tests.factories import (
    TODAY,
    make_post,
    system_act,
)
from tests.loop.builders import District, on
from tests.loop.letters import answered, colleague_of, sent


def test_read_when_addressee_acknowledges_then_one_receipt_each_and_a_copy_changes_nothing(
    place: District,
) -> None:
    letter = sent(place, "reminder")
    actions.read(on(place.leader), letter)
    assert letter.state == "sent"
    colleague = colleague_of(place)
    for standing in (place.owner, place.owner, colleague):
        actions.read(on(standing), letter)
    assert letter.state == "read"
    rows = Receipt.objects.filter(letter=letter).values_list("officer", "post", "copied")
    assert list(rows) == [
        (place.leader.officer.pk, place.leader_post.pk, True),
        (place.owner.officer.pk, place.owner_post.pk, False),
        (colleague.officer.pk, colleague.posts[0].pk, False),
    ]
    for nobody in (place.stranger, place.office):
        with pytest.raises(Forbidden):
            actions.read(on(nobody), letter)


def test_answer_when_two_answer_at_once_then_the_second_is_told_and_the_first_stays(
    place: District,
) -> None:
    letter = sent(place)
    shown = letter.revision
    second = Letter.objects.get(pk=letter.pk)
    actions.answer(on(place.owner), letter, text="甲的回复", expected_revision=shown)
    with pytest.raises(Stale):
        actions.answer(on(colleague_of(place)), second, text="乙的回复", expected_revision=shown)
    stored = Letter.objects.get(pk=letter.pk)
    assert (stored.reply, stored.replied_by, stored.reply_post) == (
        "甲的回复",
        place.owner.officer,
        place.owner_post,
    )
    assert [row.officer for row in Receipt.objects.filter(letter=letter)] == [place.owner.officer]


def test_answer_when_evidence_comes_along_then_kept_on_the_subject(place: District) -> None:
    letter = sent(place)
    file = actions.FileGiven("示例材料".encode(), "示例材料.txt")
    with pytest.raises(Invalid, match="请写明办理情况"):
        actions.answer(on(place.owner), letter, text=" ", files=[file])
    assert not LetterEvidence.objects.exists()
    actions.answer(on(place.owner), letter, text="见附件", files=[file])
    kept = LetterEvidence.objects.get(letter=letter).evidence
    assert (kept.title, kept.subject_id) == ("示例材料.txt", letter.subject_id)
    with pytest.raises(Forbidden):
        actions.answer(on(place.stranger), letter, text="代为回复")


def test_answer_when_returned_then_asked_again_and_accepting_closes_the_letter_alone(
    place: District,
) -> None:
    letter = answered(place)
    due = letter.reply_due
    actions.return_answer(on(place.leader), letter, reason="没有写明完成时间")
    assert (letter.state, letter.reply_returned, letter.reply_due) == (
        "read",
        "没有写明完成时间",
        due,
    )
    actions.answer(on(place.owner, 2), letter, text="4月20日前完成")
    assert letter.reply_returned == ""
    actions.accept_answer(on(place.office, 3), letter)
    assert (letter.state, letter.closed_on) == ("closed", TODAY + dt.timedelta(days=3))
    assert letter.duty is not None
    assert letter.duty.state == "issued"
    with pytest.raises(Forbidden):
        actions.accept_answer(on(place.owner, 3), letter)


def test_accept_when_officer_answered_himself_then_another_must(place: District) -> None:
    office_unit = place.office.posts[0].organisation
    clerk = make_post(office_unit, Role.UNIT, "专班经办岗")
    create(
        system_act(),
        "post.hold",
        Holding(officer=place.office.officer, post=clerk, since=dt.date(2025, 1, 1)),
    )
    both = standing_of(place.office.officer, TODAY)
    letter = sent(place, addressee=clerk)
    actions.answer(on(both), letter, text="已办")
    with pytest.raises(Invalid, match="须由他人核定"):
        actions.accept_answer(on(both), letter)


def test_settle_when_the_kind_closes_by_reading_then_no_answer_is_needed(
    place: District,
) -> None:
    letter = sent(place)
    actions.read(on(place.owner), letter)
    with pytest.raises(Invalid, match="要求回复"):
        actions.settle(on(place.office), letter)
    rule = Rule.objects.get(key="letter.kinds")
    rule.value["reminder"] |= {"reply_days": None, "closes_by": ["read"]}
    rule.save()
    reminder = sent(place, "reminder")
    assert (reminder.reply_due, reminder.reply_words) == (None, "")
    actions.read(on(place.owner), reminder)
    actions.settle(on(place.office), reminder)
    assert (reminder.state, reminder.closed_on) == ("closed", TODAY + dt.timedelta(days=1))


def test_reply_when_taken_back_unjudged_then_mended_and_the_due_day_stays(place: District) -> None:
    letter = answered(place)
    due = letter.reply_due
    for nobody in (place.office, place.stranger):
        with pytest.raises(Forbidden):
            actions.take_back_answer(on(nobody), letter)
    actions.take_back_answer(on(place.owner), letter)
    assert (letter.state, bool(letter.reply), letter.reply_due) == ("read", True, due)
    actions.answer(on(place.owner), letter, text="改好的回复")
    actions.accept_answer(on(place.office), letter)
    with pytest.raises(Invalid):
        actions.take_back_answer(on(place.owner), letter)
    assert (letter.state, letter.reply) == ("closed", "改好的回复")
