"""Signing: by the named post alone, with a number never given twice; nothing leaves before."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.loop import actions
from guatu.loop.enums import LetterState
from guatu.loop.letter_moves import open_moves
from guatu.loop.models import Duty, Letter, LetterVersion
from guatu.loop.office_days import office_day_after
from guatu.loop.plan import calendars
from guatu.loop.queries.letters import copies_of, find_letter, kind_of, paper_of
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event, Holding, Rule
from guatu.register.policies import standing_of
from guatu.register.recording import change
from tests.factories import (
    TODAY,
    act_of,
    make_officer,
    make_post,
    system_act,
)
from tests.loop.builders import District, issued, on
from tests.loop.letters import draft, sent, signed, to_sign


def test_letter_when_it_goes_all_the_way_then_every_state_and_day_is_kept(
    place: District,
) -> None:
    letter = draft(place)
    states = [letter.state]
    for number, (who, step) in enumerate(
        (
            (place.office, actions.send_to_sign),
            (place.leader, lambda a, x: actions.sign(a, x, deliver_now=False)),
            (place.office, actions.deliver),
            (place.owner, actions.read),
            (place.owner, lambda a, x: actions.answer(a, x, text="已落实")),
            (place.leader, lambda a, x: actions.accept_answer(a, x, opinion="同意")),
        ),
        start=1,
    ):
        step(on(who, number), letter)
        states.append(letter.state)
    assert states == ["draft", "signing", "signed", "sent", "read", "answered", "closed"]
    day = [TODAY + dt.timedelta(days=number) for number in range(7)]
    stored = Letter.objects.get(pk=letter.pk)
    assert (
        stored.reference,
        stored.signed_on,
        stored.signer,
        stored.sent_on,
        stored.reply_due,
        stored.replied_on,
        stored.reply,
        stored.closed_on,
        stored.opinion,
    ) == (
        "示攻坚督〔2025〕1号",
        day[2],
        place.leader.officer,
        day[3],
        office_day_after(day[3], 3),
        day[5],
        "已落实",
        day[6],
        "同意",
    )
    told = LetterVersion._default_manager.filter(row_id=letter.pk).order_by("revision")
    assert [row.state for row in told] == states  # type: ignore[attr-defined]  # a version's column
    assert Duty.objects.get(pk=letter.duty_id).state == "issued"


def test_sign_when_officer_is_not_the_post_named_then_forbidden_even_who_drafted(
    place: District,
) -> None:
    letter = to_sign(place)
    other = standing_of(make_officer(make_post(place.root, Role.LEADER, "另一位副区长")), TODAY)
    for standing in (place.office, place.owner, place.stranger, other):
        with pytest.raises(Forbidden):
            actions.sign(act_of(standing), letter)
    letter.refresh_from_db()
    assert (letter.state, letter.number, letter.reference) == ("signing", None, "")


def test_sign_when_drafter_holds_the_post_then_he_may(place: District) -> None:
    letter = actions.draft_letter(act_of(place.office), "reminder", duty=issued(place))
    actions.send_to_sign(act_of(place.office), letter)
    actions.sign(act_of(place.office), letter)
    assert (letter.reference, letter.state, letter.signer) == (
        "示攻坚提〔2025〕1号",
        "sent",
        place.office.officer,
    )


def test_deliver_when_nobody_could_read_it_then_kept_back_with_its_number(
    place: District,
) -> None:
    letter = to_sign(place)
    Holding.objects.filter(post__organisation=place.unit).update(until=TODAY - dt.timedelta(1))
    with pytest.raises(Invalid, match="主送岗位「示例工信局经办岗」目前无人担任"):
        actions.sign(act_of(place.leader), letter)
    letter.refresh_from_db()
    assert (letter.state, letter.number) == ("signing", None)
    actions.sign(act_of(place.leader), letter, deliver_now=False)
    with pytest.raises(Invalid, match="没有人能签收"):
        actions.deliver(act_of(place.office), letter)
    assert letter.reference == "示攻坚督〔2025〕1号"
    assert find_letter(place.owner, letter.public_id) is None


def test_letter_when_not_delivered_then_the_addressee_sees_nothing(place: District) -> None:
    for letter in (draft(place), to_sign(place), signed(place)):
        assert find_letter(place.owner, letter.public_id) is None
        assert open_moves(place.owner, letter) == []
    letter = sent(place)
    assert find_letter(place.owner, letter.public_id) == letter
    assert [move.action for move in open_moves(place.owner, letter)] == ["read", "reply"]
    assert find_letter(place.stranger, letter.public_id) is None


def test_letter_when_written_behind_the_actions_then_the_database_refuses_a_number_unsigned(
    place: District,
) -> None:
    letter = draft(place)
    for values in (
        {"number": 1, "number_year": 2025, "reference": "示〔2025〕1号"},
        {"sent_on": TODAY},
        {"state": LetterState.SENT},
        {"state": LetterState.SIGNED, "signed_on": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**values)


def test_send_back_when_told_why_then_the_drafter_reads_it_until_sent_again(
    place: District,
) -> None:
    letter = to_sign(place)
    with pytest.raises(Invalid, match="请说明理由"):
        actions.send_back(act_of(place.leader), letter, reason=" ")
    actions.send_back(act_of(place.leader), letter, reason="补充上次报告的情况")
    assert (letter.state, letter.returned_reason) == ("draft", "补充上次报告的情况")
    actions.send_to_sign(act_of(place.office), letter)
    assert letter.returned_reason == ""
    actions.take_back(act_of(place.office), letter)
    assert letter.state == "draft"


def test_withdraw_when_unsigned_then_no_number_and_when_signed_then_void_keeps_it(
    place: District,
) -> None:
    first = signed(place)
    unsigned = to_sign(place)
    actions.withdraw_letter(act_of(place.office), unsigned, reason="已办结")
    actions.void(act_of(place.leader), first, reason="内容有误")
    second = signed(place)
    assert [(one.state, one.number) for one in (unsigned, first, second)] == [
        ("withdrawn", None),
        ("void", 1),
        ("signed", 2),
    ]
    paper = paper_of(first, kind_of(first), [])
    assert (paper.reference, paper.mark) == ("示攻坚督〔2025〕1号", "已作废")
    with pytest.raises(Invalid, match="不能作废"):
        actions.void(act_of(place.leader), first, reason="再次")
    with pytest.raises(Invalid, match="不能撤回稿件"):
        actions.withdraw_letter(act_of(place.office), second, reason="改主意")
    with pytest.raises(Forbidden):
        actions.void(act_of(place.owner), second, reason="不想回复")


def test_numbers_when_kinds_and_years_differ_then_each_counts_from_one(place: District) -> None:
    def number(kind: str, day: dt.date) -> str:
        signer = place.office if kind == "reminder" else place.leader
        letter = to_sign(place, kind)
        return actions.sign(on(signer, (day - TODAY).days), letter).reference

    new_year = dt.date(2026, 1, 5)
    assert [
        number("supervision", TODAY),
        number("reminder", TODAY),
        number("supervision", TODAY),
        number("supervision", new_year),
        number("assignment", TODAY),
        # The clock went back: the old year's numbers go on.
        number("supervision", TODAY),
    ] == [
        "示攻坚督〔2025〕1号",
        "示攻坚提〔2025〕1号",
        "示攻坚督〔2025〕2号",
        "示攻坚督〔2026〕1号",
        "示攻坚交〔2025〕1号",
        "示攻坚督〔2025〕3号",
    ]


def test_sign_when_two_kinds_bear_one_mark_then_refused_plainly(place: District) -> None:
    rule = Rule.objects.get(key="letter.kinds")
    rule.value["reminder"]["mark"] = rule.value["supervision"]["mark"]
    rule.save()
    signed(place)
    with pytest.raises(Invalid, match="已用于另一件函"):
        signed(place, "reminder")


def test_deliver_when_holidays_lie_between_then_reply_is_due_by_working_days(
    place: District,
) -> None:
    calendars.load_shipped()
    letter = to_sign(place)
    actions.sign(on(place.leader, (dt.date(2025, 9, 30) - TODAY).days), letter)
    # 1 to 8 October are off, 11 October is a make-up day.
    assert (letter.sent_on, letter.reply_due) == (dt.date(2025, 9, 30), dt.date(2025, 10, 11))


def test_paper_when_unit_is_renamed_after_signing_then_the_paper_stays_as_signed(
    place: District,
) -> None:
    letter = sent(place, "reminder")
    before = paper_of(letter, kind_of(letter), copies_of(letter))
    change(system_act(), "organisation.rename", place.unit, name="示例新局")
    letter = Letter.objects.get(pk=letter.pk)
    assert paper_of(letter, kind_of(letter), copies_of(letter)) == before
    assert before.addressee == "示例工信局"
    assert before.reference == "示攻坚提〔2025〕1号"


def test_events_when_a_letter_is_signed_then_one_batch_tells_signature_and_delivery(
    place: District,
) -> None:
    letter = to_sign(place)
    act = on(place.leader)
    actions.sign(act, letter)
    told = Event.objects.filter(batch=act.batch).order_by("pk")
    assert [event.verb for event in told] == ["letter.sign", "letter.deliver"]
    assert told[0].changes["reference"] == ["", "示攻坚督〔2025〕1号"]
