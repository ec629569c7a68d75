"""Letters as pages: drafted, signed, read and answered; nothing shows a number too early."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from guatu.loop import actions
from guatu.loop.models import Letter, Receipt
from tests.factories import TODAY, act_of
from tests.loop.builders import District, issued, on
from tests.loop.letters import answered, colleague_of, draft, sent, signed, to_sign
from tests.machine import chromium
from tests.web.letters.conftest import SignIn

MARK, NUMBER = "草稿，未签发", "示攻坚督〔2025〕1号"
needs_chromium = pytest.mark.skipif(chromium.executable() is None, reason=chromium.MISSING)


def page(letter: Letter, tail: str = "") -> str:
    return f"/letters/{letter.public_id}/{tail}"


def body(answer: Any) -> str:  # noqa: ANN401 -- Django gives its test answers no public type
    return str(answer.content.decode())


def test_duty_when_the_office_writes_then_kind_draft_and_editing_follow(
    place: District, signed_in: SignIn
) -> None:
    duty, office = issued(place), signed_in(place.office)
    assert "发函" in body(office.get(f"/duties/{duty.public_id}/"))
    assert "发函" not in body(signed_in(place.owner).get(f"/duties/{duty.public_id}/"))
    asked = body(office.get(f"/letters/new/{duty.public_id}/"))
    assert re.findall(r"(提醒函|督办函|交办单)（(.*?)）", asked) == [
        ("提醒函", "专班签发，5 个工作日内回复"),
        ("督办函", "区领导签发，3 个工作日内回复"),
        ("交办单", "区领导签发，10 个工作日内回复"),
    ]
    assert office.post(f"/letters/new/{duty.public_id}/", {"kind": "x"}).status_code == 422
    made = office.post(f"/letters/new/{duty.public_id}/", {"kind": "supervision"})
    letter = Letter.objects.get()
    assert (made.status_code, made["Location"]) == (302, page(letter, "edit/"))
    assert (letter.duty, letter.state, letter.drafter) == (duty, "draft", place.office.officer)
    assert letter.title in body(office.get(f"/duties/{duty.public_id}/"))


def edited(letter: Letter, **changed: object) -> dict[str, object]:
    """What the form of a draft sends."""
    assert letter.signer_post is not None
    return {
        "revision": letter.revision,
        "title": letter.title,
        "addressee_unit": letter.addressee_unit.public_id,
        "addressee_post": "",
        "body": letter.body,
        "reply_days": 3,
        "closing": letter.closing,
        "attachments": "",
        "signer_post": letter.signer_post.public_id,
    } | changed


def test_edit_when_text_is_hostile_then_refused_twice_with_the_words_kept(
    place: District, signed_in: SignIn
) -> None:
    letter, office = draft(place), signed_in(place.office)
    sent_form = edited(letter, body="一、示例\u202e正文", title="关于<b>示例</b>的督办函")
    refused = office.post(page(letter, "edit/"), sent_form)
    assert refused.status_code == 422
    assert body(refused).count("正文第 5 个字符（U+202E）看不见") == 2
    assert "关于&lt;b&gt;示例&lt;/b&gt;的督办函" in body(refused)
    saved = office.post(
        page(letter, "edit/"),
        edited(letter, title="关于<b>示例</b>的督办函", copy_units=[place.root.public_id]),
    )
    assert saved.status_code == 302
    shown = body(office.get(page(letter)))
    assert "关于&lt;b&gt;示例&lt;/b&gt;的督办函" in shown
    assert "<b>示例</b>" not in shown
    assert "抄送：示例区。" in shown
    stale = office.post(page(letter, "edit/"), edited(letter, body="另一稿"))
    assert (stale.status_code, "另一稿" in body(stale)) == (422, True)
    assert "刚被别人改过" in body(stale)


def test_pages_when_letter_is_unsigned_then_no_number_and_the_mark_everywhere(
    place: District, signed_in: SignIn
) -> None:
    letter = to_sign(place)
    leader, office = signed_in(place.leader), signed_in(place.office)
    for address in (page(letter), page(letter, "paper/"), page(letter, "sign/")):
        shown = body(leader.get(address))
        assert (MARK in shown, "〔2025〕" in shown) == (True, False)
    for address in ("/letters/", "/desk/"):
        assert "〔2025〕" not in body(leader.get(address))
    content = office.get(page(letter, "paper.docx")).content
    words = [line.text for line in Document(io.BytesIO(content)).paragraphs if line.text]
    assert words[:2] == [MARK, letter.title]
    assert not any("〔2025〕" in line for line in words)
    for standing in (place.owner, place.stranger):
        client = signed_in(standing)
        tails = ("", "paper/", "paper.docx", "paper.pdf", "reply/", "read/")
        assert {client.get(page(letter, tail)).status_code for tail in tails} == {404}
        assert letter.title not in body(client.get("/letters/"))


def test_sign_when_the_leader_checks_then_numbered_sent_and_on_the_units_desk(
    place: District, signed_in: SignIn
) -> None:
    letter, leader = to_sign(place), signed_in(place.leader)
    desk = body(leader.get("/desk/"))
    assert f"签发：{letter.title}" in desk
    assert signed_in(place.office).post(page(letter, "sign/")).status_code == 404
    done = leader.post(
        page(letter, "sign/"), {"revision": letter.revision, "deliver_now": "on", "next": "desk"}
    )
    assert (done.status_code, done["Location"]) == (302, "/desk/")
    unit = signed_in(place.owner)
    assert f"回复：{letter.title}" in body(unit.get("/desk/"))
    shown = body(unit.get(page(letter)))
    assert (NUMBER in shown, MARK in shown) == (True, False)
    kept = signed(place)
    assert kept.title not in body(unit.get(page(kept)))


def test_sign_when_post_is_vacant_then_the_sentence_stands_on_the_page(
    place: District, signed_in: SignIn
) -> None:
    letter = draft(place)
    place.leader.posts[0].holdings.update(until=TODAY - dt.timedelta(days=1))
    refused = signed_in(place.office).post(page(letter, "to-sign/"), {"revision": letter.revision})
    assert refused.status_code == 422
    assert "签发岗位「示例区政府副区长」目前无人担任，请安全管理员补登任职" in body(refused)


def test_reply_when_a_colleague_was_first_then_told_and_the_text_is_still_there(
    place: District, signed_in: SignIn
) -> None:
    letter = sent(place)
    mine = {"revision": letter.revision, "text": "我写的长长的回复", "evidence_kind": "other"}
    actions.answer(on(colleague_of(place), 0), letter, text="同事的回复")
    refused = signed_in(place.owner).post(page(letter, "reply/"), mine)
    assert refused.status_code == 422
    assert ("刚被别人改过" in body(refused), "我写的长长的回复" in body(refused)) == (True, True)
    again = re.search(r'name="revision" value="(\d+)"', body(refused))
    assert again is not None
    second = signed_in(place.owner).post(
        page(letter, "reply/"), mine | {"revision": again.group(1)}
    )
    assert "现在是已回复，不能回复" in body(second)
    assert Letter.objects.get().reply == "同事的回复"


def test_reply_when_judged_from_the_desk_then_one_click_closes_it(
    place: District, signed_in: SignIn
) -> None:
    letter, office = answered(place), signed_in(place.office)
    assert f"核回复：{letter.title}" in body(office.get("/desk/"))
    done = office.post(
        page(letter, "accept/"), {"revision": letter.revision, "next": "desk", "one_click": "1"}
    )
    assert done["Location"] == "/desk/"
    assert Letter.objects.get().state == "closed"
    assert "函件" not in re.findall(r'<h2 id="letters-title">(\S+)', body(office.get("/desk/")))


def test_copy_when_read_from_the_desk_then_it_leaves_the_desk_with_a_receipt(
    place: District, signed_in: SignIn
) -> None:
    letter, leader = sent(place, "reminder"), signed_in(place.leader)
    assert f"阅知抄送：{letter.title}" in body(leader.get("/desk/"))
    leader.post(page(letter, "read/"), {"revision": letter.revision, "next": "desk"})
    assert "阅知抄送" not in body(leader.get("/desk/"))
    receipt = Receipt.objects.get()
    assert (receipt.officer, receipt.copied) == (place.leader.officer, True)
    assert "签收" not in re.findall(
        r'class="button[^>]*>(\S+?)</a>', body(leader.get(page(letter)))
    )


def test_list_when_some_are_late_then_they_come_first_and_chips_and_export_agree(
    place: District, signed_in: SignIn
) -> None:
    fresh, closed = sent(place, reply_days=30), answered(place)
    actions.accept_answer(act_of(place.office), closed)
    late = sent(place)
    Letter.objects.filter(pk=late.pk).update(reply_due=TODAY - dt.timedelta(days=4))
    office = signed_in(place.office)
    shown = body(office.get("/letters/"))
    assert re.findall(r"〔2025〕(\d)号", shown) == ["3", "1", "2"]
    assert "红 · 逾期 4 天" in shown
    assert re.findall(r"〔2025〕(\d)号", body(office.get("/letters/?lamp=red"))) == ["3"]
    assert re.findall(r"〔2025〕(\d)号", body(office.get("/letters/?state=closed"))) == ["2"]
    unit = f"?unit={place.unit.code}&kind=supervision"
    assert len(re.findall(r"〔2025〕(\d)号", body(office.get(f"/letters/{unit}")))) == 3
    book = load_workbook(io.BytesIO(office.get("/letters/?export=xlsx").content))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=3)]
    assert cells[0] == ["回复", "标题", "文号", "种类", "主送", "状态", "送达", "回复期限"]
    assert [row[2] for row in cells[1:]] == [late.reference, fresh.reference, closed.reference]
    assert signed_in(place.stranger).get("/letters/").status_code == 200
    assert "〔2025〕" not in body(signed_in(place.stranger).get("/letters/"))


def test_letter_when_read_as_of_a_past_day_then_that_state_and_nothing_to_do(
    place: District, signed_in: SignIn
) -> None:
    letter = to_sign(place)
    actions.sign(on(place.leader, 3), letter)
    office = signed_in(place.office)
    past = body(office.get(page(letter, f"?as_of={TODAY}")))
    assert (MARK in past, NUMBER in past) == (True, False)
    assert f'href="{page(letter, "void/")}' not in past
    assert NUMBER not in body(office.get(f"/letters/?as_of={TODAY}"))
    for slug in ("void/", "sign/", "edit/"):
        assert office.get(page(letter, f"{slug}?as_of={TODAY}")).status_code == 404
    now = body(office.get(page(letter)))
    assert NUMBER in now
    assert f'href="{page(letter, "void/")}' in now


def test_docx_when_letter_is_signed_then_the_words_are_those_of_the_page(
    place: District, signed_in: SignIn
) -> None:
    letter = sent(place, "reminder", body="一、<示例> & “引文”\n二、示例")
    unit = signed_in(place.owner)
    answer = unit.get(page(letter, "paper.docx"))
    assert "attachment" in answer["Content-Disposition"]
    words = [line.text for line in Document(io.BytesIO(answer.content)).paragraphs if line.text]
    assert words == [
        "示攻坚提〔2025〕1号",
        "关于按期办理“推进示例事项”的提醒函",
        "示例工信局：",
        "一、<示例> & “引文”",
        "二、示例",
        "请于收到本函之日起5个工作日内书面回复办理情况。",
        "特此函告。",
        "示例区示例专班",
        "2025年3月18日",
        "抄送：副区长。",
    ]
    shown = body(unit.get(page(letter, "paper/")))
    assert "一、&lt;示例&gt; &amp; “引文”" in shown


def test_pdf_when_there_is_no_chromium_then_the_paper_and_the_reason(
    place: District, signed_in: SignIn
) -> None:
    letter = sent(place)
    answer = signed_in(place.owner).get(page(letter, "paper.pdf"), follow=True)
    assert answer.redirect_chain == [(page(letter, "paper/"), 302)]
    assert "没有可用的 Chromium" in body(answer)


@needs_chromium
def test_pdf_when_printed_then_a4_upright_with_text_that_is_text(
    place: District, signed_in: SignIn, settings: Settings
) -> None:
    settings.CHROMIUM = ""
    letter = sent(place)
    answer = signed_in(place.owner).get(page(letter, "paper.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", answer.content)
    assert {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes} == {
        (210, 297)
    }
    assert (b"/ToUnicode" in answer.content, b"/Subtype /Image" in answer.content) == (True, False)


def test_evidence_when_it_came_with_a_reply_then_only_who_sees_the_letter_gets_it(
    place: District, signed_in: SignIn
) -> None:
    letter = sent(place)
    reply = {"revision": letter.revision, "text": "见附件", "evidence_kind": "permit"}
    file = io.BytesIO("示例批复".encode())
    file.name = "示例批复.txt"
    done = signed_in(place.owner).post(page(letter, "reply/"), reply | {"file": file})
    assert done.status_code == 302
    shown = body(signed_in(place.leader).get(page(letter)))
    address = re.search(r'href="(/letters/evidence/[^"]+)"', shown)
    assert address is not None
    got = signed_in(place.leader).get(address.group(1))
    assert got.content == "示例批复".encode()
    assert signed_in(place.stranger).get(address.group(1)).status_code == 404


def test_pages_when_many_have_read_then_queries_do_not_grow(
    place: District, signed_in: SignIn
) -> None:
    letter, waiting = sent(place, "reminder"), to_sign(place)
    office, leader = signed_in(place.office), signed_in(place.leader)

    def counted() -> list[int]:
        counts = []
        for client, address in (
            (office, page(letter)),
            (leader, page(waiting, "sign/")),
            (leader, "/desk/"),
            (office, "/letters/"),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    counted()  # what is remembered after the first time
    first = counted()
    for _ in range(5):
        actions.read(on(colleague_of(place)), letter)
        sent(place, duty=waiting.duty)
        to_sign(place, duty=waiting.duty)
    assert (counted(), max(first) <= 25) == (first, True)
