"""A letter from draft to close: who may, what it says, and what it refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.loop import actions
from guatu.loop.enums import LetterState
from guatu.loop.letter_kinds import SignerRule
from guatu.loop.letter_moves import open_moves
from guatu.loop.models import Duty, Letter, LetterCopy, LetterEvidence, LetterVersion, Receipt
from guatu.loop.office_days import office_day_after
from guatu.loop.plan import calendars
from guatu.loop.queries.letters import copies_of, find_letter, kind_of, paper_of
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.files import store
from guatu.register.models import Document, Event, Holding, Post, Quote, Rule
from guatu.register.policies import standing_of
from guatu.register.recording import change, create
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_unit,
    system_act,
)
from tests.loop.builders import District, doing, drafted, issued, on, refusal
from tests.loop.letters import answered, colleague_of, draft, sent, signed, to_sign


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


def test_draft_when_from_a_late_duty_then_body_tells_what_where_how_late_and_what_was_said(
    place: District,
) -> None:
    quote = _quote("示例讲话。一是确保示例路\n6月底前完工。", 5, 20)
    duty = doing(place, due=TODAY - dt.timedelta(days=8))
    change(system_act(), "duty.edit", duty, document=quote.document, quote=quote)
    letter = actions.draft_letter(act_of(place.office), "supervision", duty=duty)
    assert letter.title == "关于抓紧办理“推进示例事项”的督办函"
    assert letter.paragraphs == (
        "“推进示例事项”由你单位负责办理，责任岗位为经办岗，应于2025年3月10日前完成。",
        "该事项出自《示例讲话》：“一是确保示例路 6月底前完工”。",
        (
            "截至2025年3月18日，该事项已逾期8天。你单位最近一次报告（2025年3月18日）为："
            "“已完成前期摸排”。"
        ),
        "请你单位抓紧办理，明确措施、责任人和完成时间；未按期推进的，说明原因。",
        "请于收到本函之日起3个工作日内书面回复办理情况、措施和完成时间。",
    )
    assert (letter.addressee_unit, letter.addressee_post, letter.signer_post) == (
        place.unit,
        place.owner_post,
        place.leader_post,
    )
    assert (letter.closing, letter.issuer, letter.by_rule) == (
        "特此督办。",
        "示例区示例专班",
        False,
    )


def _quote(text: str, start: int, end: int) -> Quote:
    document = Document.objects.create(
        file=store(text.encode(), "text/plain"),
        title="示例讲话",
        filename="讲话.txt",
        encoding="utf-8",
        text=text,
        added_at=NOON,
    )
    return Quote.objects.create(document=document, start=start, end=end, text=text[start:end])


def test_draft_when_duty_is_undated_and_never_reported_then_body_says_so(
    place: District,
) -> None:
    duty = issued(place, due=None)
    change(system_act(), "duty.edit", duty, due_text="年底前")
    assert draft(place, "reminder", duty=duty).paragraphs[:2] == (
        "“推进示例事项”由你单位负责办理，责任岗位为经办岗，完成期限待定（原文：年底前）。",
        "截至2025年3月18日，你单位尚未报告过进展。",
    )


@pytest.mark.parametrize(("left", "words"), [(5, "距完成期限还有5天。"), (0, "该事项今天到期。")])
def test_draft_when_duty_is_not_late_then_body_counts_the_days(
    place: District, left: int, words: str
) -> None:
    duty = issued(place, due=TODAY + dt.timedelta(days=left))
    actions.report_no_change(act_of(place.owner), [duty])
    assert draft(place, "reminder", duty=duty).paragraphs[1] == (
        f"截至2025年3月18日，{words}你单位最近一次报告（2025年3月18日）为无变化，"
        "所确认的情况是：“尚未开展”。"
    )


def test_draft_when_by_rule_then_the_same_letter_without_a_drafter(place: District) -> None:
    duty = issued(place)
    by_hand = draft(place, duty=duty)
    letter = actions.draft_letter(system_act(), "supervision", duty=duty, by_rule=True)
    same = ("kind", "title", "body", "closing", "addressee_post_id", "signer_post_id", "reply_days")
    assert [getattr(letter, name) for name in same] == [getattr(by_hand, name) for name in same]
    assert (letter.by_rule, letter.drafter, by_hand.drafter) == (
        True,
        None,
        place.office.officer,
    )
    assert not letter.is_signed


def test_draft_when_another_signs_then_the_leader_of_the_duty_gets_a_copy(
    place: District,
) -> None:
    reminder, supervision = draft(place, "reminder"), draft(place)
    assert [(row.unit, row.post) for row in copies_of(reminder)] == [
        (place.leader_post.organisation, place.leader_post)
    ]
    assert copies_of(supervision) == []
    assert paper_of(reminder, kind_of(reminder), copies_of(reminder)).copies == ("副区长",)


def test_draft_when_duty_is_not_issued_or_closed_then_refused(place: District) -> None:
    with pytest.raises(Invalid, match="拟定，不能据此发函"):
        draft(place, duty=drafted(place))
    closed = issued(place)
    change(system_act(), "duty.close", closed, state="closed", closed_on=TODAY)
    with pytest.raises(Invalid, match="办结，不能据此发函"):
        draft(place, duty=closed)
    with pytest.raises(Invalid) as caught:
        draft(place, "telegram")
    assert refusal(caught) == ("没有「telegram」这一种函件。", "kind")


def test_draft_when_on_a_subject_alone_then_addressee_must_be_named(place: District) -> None:
    act = act_of(place.office)
    with pytest.raises(Invalid) as caught:
        actions.draft_letter(act, "reminder", subject=place.subject)
    assert refusal(caught) == ("请选择主送单位。", "addressee")
    letter = actions.draft_letter(
        act, "reminder", subject=place.subject, addressee=place.unit, body="请报送资料。"
    )
    assert (letter.duty, letter.addressee_unit, letter.addressee_post, letter.body) == (
        None,
        place.unit,
        None,
        "请报送资料。",
    )
    with pytest.raises(Invalid, match="针对的事项"):
        actions.draft_letter(act, "reminder", addressee=place.unit)


def test_draft_when_addressed_upward_then_refused_and_said_where_to_turn(
    place: District,
) -> None:
    above = make_post(place.leader_post.organisation, Role.LEADER, "区长")
    change(system_act(), "post.edit", above, rank=1)
    for kind, who in (
        ("reminder", place.leader_post),
        ("reminder", place.root),
        ("supervision", above),
        ("supervision", place.root),
    ):
        with pytest.raises(Invalid) as caught:
            draft(place, kind, addressee=who)
        assert refusal(caught)[1] == "addressee"
        assert "不能发给上级" in str(caught.value)
        assert "通过堵点上报" in str(caught.value)


@pytest.mark.parametrize("field", ["title", "body", "closing", "attachments"])
@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\u202e", "\u200b", "\ufffe"])
def test_draft_when_text_cannot_be_printed_then_refused_with_its_place(
    place: District, field: str, bad: str
) -> None:
    with pytest.raises(Invalid) as caught:
        draft(place, **{field: f"示例{bad}文字"})
    said, where = refusal(caught)
    assert where == field
    assert f"第 3 个字符（U+{ord(bad):04X}）" in said
    assert not Letter.objects.exists()


def test_draft_when_text_is_pasted_then_line_ends_and_tabs_are_plain_and_words_stay(
    place: District,
) -> None:
    letter = draft(place, body="一、<b>示例</b> & {{ x }}\r\n\r\n\t二、示例\r")
    assert letter.body == "一、<b>示例</b> & {{ x }}\n二、示例"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "一行\n二行"}, "title"),
        ({"title": "长" * 121}, "title"),
        ({"body": "长" * 8001}, "body"),
        ({"closing": "长" * 61}, "closing"),
        ({"reply_days": None}, "reply_days"),
        ({"reply_days": 0}, "reply_days"),
        ({"reply_days": 61}, "reply_days"),
    ],
)
def test_draft_when_words_do_not_fit_then_refused_at_the_field(
    place: District, said: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        draft(place, **said)
    assert refusal(caught)[1] == field


def test_redraft_when_changed_then_copies_are_replaced_and_request_follows_the_days(
    place: District,
) -> None:
    letter = draft(place, "reminder")
    other = make_unit(place.root, "示例发改局")
    actions.redraft(
        act_of(place.office), letter, title="关于示例的提醒函", reply_days=7, copies=[other]
    )
    letter.refresh_from_db()
    assert (letter.title, letter.reply_words) == (
        "关于示例的提醒函",
        "请于收到本函之日起7个工作日内书面回复办理情况。",
    )
    assert [(row.unit, row.post) for row in copies_of(letter)] == [(other, None)]
    assert LetterCopy.objects.filter(letter=letter, ended=True).count() == 1
    with pytest.raises(Invalid) as caught:
        actions.redraft(act_of(place.office), letter, copies=[place.unit])
    assert refusal(caught)[1] == "copies"
    with pytest.raises(Stale):
        actions.redraft(act_of(place.office), letter, body="另稿", expected_revision=1)
    with pytest.raises(Invalid) as caught:
        actions.redraft(act_of(place.office), letter, body=" \n ")
    assert refusal(caught) == ("请填写正文。", "body")


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


def test_send_to_sign_when_nobody_holds_the_post_then_said_whom_to_ask(place: District) -> None:
    guard = make_post(place.root, Role.SECURITY_ADMIN, "安全管理员岗")
    make_officer(guard, name="示例安管")
    empty = make_post(place.root, Role.LEADER, "空缺副区长")
    letter = draft(place, signer_post=empty)
    with pytest.raises(Invalid) as caught:
        actions.send_to_sign(act_of(place.office), letter)
    assert refusal(caught) == (
        (
            "签发岗位「示例区空缺副区长」目前无人担任，请安全管理员（示例安管）补登任职，"
            "或改由其他岗位签发。"
        ),
        "signer_post",
    )
    with pytest.raises(Invalid, match="不能签发督办函"):
        draft(place, signer_post=place.owner_post)
    Post.objects.filter(role=Role.LEADER).update(active=False)
    none = draft(place, duty=issued(place), signer_post=None)
    with pytest.raises(Invalid, match="没有可以签发督办函的岗位，请安全管理员（示例安管）补登任职"):
        actions.send_to_sign(act_of(place.office), none)


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
    assert [move.action for move in open_moves(place.owner, letter)] == ["read", "answer"]
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


def test_signer_when_rule_names_title_and_unit_then_only_that_post(place: District) -> None:
    rule = SignerRule(Role.LEADER, title="副区长", unit=place.leader_post.organisation.code)
    other = make_post(place.root, Role.LEADER, "副区长")
    assert [rule.allows(post) for post in (place.leader_post, other, place.owner_post)] == [
        True,
        False,
        False,
    ]
    assert list(rule.posts()) == [place.leader_post]


def test_events_when_a_letter_is_signed_then_one_batch_tells_signature_and_delivery(
    place: District,
) -> None:
    letter = to_sign(place)
    act = on(place.leader)
    actions.sign(act, letter)
    told = Event.objects.filter(batch=act.batch).order_by("pk")
    assert [event.verb for event in told] == ["letter.sign", "letter.deliver"]
    assert told[0].changes["reference"] == ["", "示攻坚督〔2025〕1号"]
