"""What a letter says when it is drafted, and what a draft refuses."""

import datetime as dt

import pytest

from guatu.loop import actions
from guatu.loop.letter_kinds import SignerRule
from guatu.loop.models import Letter, LetterCopy
from guatu.loop.queries.letters import copies_of, kind_of, paper_of
from guatu.register.enums import Role
from guatu.register.errors import Invalid, Stale
from guatu.register.files import store
from guatu.register.models import Document, Post, Quote
from guatu.register.recording import change
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_unit,
    system_act,
)
from tests.loop.builders import District, doing, drafted, issued, refusal
from tests.loop.letters import draft


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


def test_signer_when_rule_names_title_and_unit_then_only_that_post(place: District) -> None:
    rule = SignerRule(Role.LEADER, title="副区长", unit=place.leader_post.organisation.code)
    other = make_post(place.root, Role.LEADER, "副区长")
    assert [rule.allows(post) for post in (place.leader_post, other, place.owner_post)] == [
        True,
        False,
        False,
    ]
    assert list(rule.posts()) == [place.leader_post]


def test_draft_when_recorded_words_hold_what_no_paper_can_show_then_left_out(
    place: District,
) -> None:
    duty = issued(place, title="推进\u200b示例\u202e事项。")
    actions.report(act_of(place.owner), duty, text="已完成\x0b前期\n摸排")
    letter = actions.draft_letter(system_act(), "reminder", duty=duty, by_rule=True)
    assert letter.title == "关于按期办理“推进示例事项”的提醒函"
    assert "“推进示例事项”由你单位负责办理" in letter.body
    assert "为：“已完成 前期 摸排”。" in letter.body
