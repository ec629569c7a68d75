"""Urging about letters as pages: offered where it may be done, said plainly where not, marked."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client

from guatu.loop import actions
from guatu.loop.models import Letter, Urge
from guatu.register.campaign import current, pin_business_date
from guatu.register.models import Holding
from guatu.register.posts import release_post
from tests.factories import TODAY, system_act
from tests.loop.builders import District, on
from tests.loop.letters import answered, colleague_of, sent, signed
from tests.web.confirming import confirm, look, told
from tests.web.letters.conftest import SignIn
from tests.web.letters.test_letter_pages import body, page

EVIL = "<script>alert(1)</script>"
MARK = "3月19日 示例专班催办"


@pytest.fixture
def letter(place: District) -> Letter:
    """Letter delivered yesterday that nobody has read."""
    made = sent(place)
    next_day()
    return made


def next_day() -> None:
    campaign = current()
    assert campaign is not None
    pin_business_date(system_act(reason="示例"), campaign, TODAY + dt.timedelta(days=1))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    shown = body(answer)
    assert EVIL not in shown
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown)))


def test_letter_when_urged_from_its_page_then_inbox_desk_digest_and_page_say_so(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office, owner = signed_in(place.office), signed_in(place.owner)
    offered = f'href="{page(letter, "urge/")}">催办</a>'
    assert offered in body(office.get(page(letter)))
    assert offered not in body(owner.get(page(letter)))
    form = text_of(office, page(letter, "urge/"))
    assert "催办示例工信局经办岗，每个工作日一次，留有记录。" in form
    sent_form = {"revision": letter.revision, "words": f"请签收{EVIL}"}
    done = office.post(page(letter, "urge/"), sent_form, follow=True)
    assert done.redirect_chain == [(page(letter), 302)]
    assert f"已催办示例工信局经办岗：{letter.title}" in body(done)
    said = f"示例专班经办岗（{place.office.officer.name}）催办：请签收{EVIL}"
    inbox = owner.get("/inbox/")
    assert f"{page(letter)}#urges" in body(inbox)
    assert said in text_of(owner, "/inbox/")
    assert letter.title in text_of(owner, f"/inbox/?q={letter.title[:6]}")
    assert said not in text_of(office, "/inbox/")
    for client in (owner, office):
        assert MARK in text_of(client, "/desk/")
        shown = text_of(client, page(letter))
        assert f"{MARK}，尚未回复。" in shown
        assert "催办记录" in shown
        assert f"请签收{EVIL}" in text_of(client, "/inbox/digest/")
    assert f"函件：{letter.title}" in text_of(office, "/inbox/digest/")
    again = office.post(page(letter, "urge/"), sent_form)
    assert (again.status_code, "每个工作日只催一次" in body(again)) == (422, True)
    actions.answer(on(place.owner, 1), Letter.objects.get(), text="已办")
    for client in (owner, office):
        shown = text_of(client, page(letter))
        assert (MARK in shown, "催办记录" in shown) == (False, True)
        assert MARK not in text_of(client, "/desk/")


def test_desk_when_a_letter_is_unread_then_urged_from_there_and_back(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    leader = signed_in(place.leader)
    desk = body(leader.get("/desk/"))
    address = page(letter, "urge/")
    assert f"待签收：{letter.title}" in desk
    assert f'href="{address}?next=desk">催办</a>' in desk
    told = {"revision": letter.revision, "words": "", "next": "desk"}
    assert leader.post(address, told)["Location"] == "/desk/"
    assert Urge.objects.get().letter == letter
    past = leader.get(f"/desk/?as_of={TODAY - dt.timedelta(days=1)}")
    assert "待签收" not in body(past)


def test_page_when_the_day_has_not_come_then_it_tells_from_when(
    place: District, signed_in: SignIn
) -> None:
    letter, office = sent(place), signed_in(place.office)
    shown = text_of(office, page(letter))
    assert "2025-03-19 起可以催办" in shown
    assert page(letter, "urge/") not in body(office.get(page(letter)))
    refused = office.get(page(letter, "urge/"))
    words = "送达日期为 2025-03-18，2025-03-19 起可以催办。"
    assert (refused.status_code, words in body(refused)) == (403, True)
    assert "起可以催办" not in text_of(signed_in(place.owner), page(letter))


def test_form_when_nobody_may_be_urged_then_a_sentence_and_no_form(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    for made, words in (
        (signed(place), "尚未送达，收件单位还看不到，不能催办。"),
        (answered(place), "已于 2025-03-18 回复，不用再催。"),
    ):
        refused = office.get(page(made, "urge/"))
        assert (refused.status_code, words in body(refused)) == (403, True)
        refused = office.post(page(made, "urge/"), {"revision": made.revision, "words": "快"})
        assert (refused.status_code, words in body(refused)) == (422, True)
    for who in (place.owner, place.stranger):
        refused = signed_in(who).get(page(signed(place), "urge/"))
        assert refused.status_code == 404
    assert Urge.objects.count() == 0


def test_urge_when_who_was_sent_it_has_left_then_said_who_is_told_or_whom_to_ask(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office = signed_in(place.office)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    refused = office.get(page(letter, "urge/"))
    words = "目前无人担任，没有人能收到催办，请安全管理员补登任职。"
    assert (refused.status_code, words in body(refused)) == (403, True)
    colleague = colleague_of(place)
    done = office.post(page(letter, "urge/"), {"revision": letter.revision}, follow=True)
    assert "（示例工信局经办岗暂无人任职，转示例工信局综合岗）" in body(done)
    assert "催办：请尽快办理并反馈" in text_of(signed_in(colleague), "/inbox/")


def test_page_when_nobody_can_read_the_letter_then_said_there_and_the_bell_counts_messages(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office = signed_in(place.office)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    for path in (page(letter), "/letters/new/", f"/letters/new/{letter.duty.public_id}/"):
        answer = office.get(path)
        assert (answer.status_code, answer.context["unread"]()) == (200, 0)
        assert '<p class="callout">0</p>' not in body(answer)
    kept = office.get(page(signed(place)))
    assert ("目前无人担任" in kept.context["readerless"], kept.context["unread"]()) == (True, 0)


def test_list_when_several_are_chosen_then_checked_and_urged_in_one_act(
    place: District, signed_in: SignIn
) -> None:
    free, other, replied = sent(place), sent(place), answered(place)
    next_day()
    office = signed_in(place.office)
    listed = body(office.get("/letters/"))
    assert 'formaction="/letters/urge/"' in listed
    assert (page(free, "urge/") in listed, page(replied, "urge/") in listed) == (True, False)
    assert 'formaction="/letters/urge/"' not in body(signed_in(place.owner).get("/letters/"))
    rows = [str(one.public_id) for one in (free, other, replied)]
    sent_words = {"row": rows, "words": "请抓紧"}
    moving, refused = told(look(office, "/letters/urge/", sent_words))
    assert (len(moving), [why for _, why in refused]) == (2, ["已于 2025-03-18 回复，不用再催"])
    assert Urge.objects.count() == 0
    seal = look(office, "/letters/urge/", sent_words).context["seal"]
    actions.answer(on(place.owner, 1), other, text="已办")
    changed = office.post("/letters/urge/", {**sent_words, "checked": "1", "seal": seal})
    assert (changed.status_code, "核对时选中 3 项、可办理 2 项" in body(changed)) == (422, True)
    assert ("请抓紧" in body(changed), Urge.objects.count()) == (True, 0)
    done = confirm(office, "/letters/urge/", sent_words, follow=True)
    assert "催办：已办理 1 项，2 项未办理。" in body(done)
    row = Urge.objects.get()
    assert (row.letter, row.words) == (free, "请抓紧")
    nothing = office.post("/letters/urge/", {"row": ["x"]}, follow=True)
    assert "请先在列表中选中要办理的行。" in body(nothing)
    assert signed_in(place.owner).post("/letters/urge/", {"row": rows}).status_code == 404


def test_desk_when_a_letter_is_signed_and_kept_then_the_office_is_asked_to_deliver_it(
    place: District, signed_in: SignIn
) -> None:
    letter, office = signed(place), signed_in(place.office)
    desk = body(office.get("/desk/"))
    assert f"送达：{letter.title}" in desk
    told = {"revision": letter.revision, "next": "desk"}
    assert office.post(page(letter, "deliver/"), told)["Location"] == "/desk/"
    office.get("/desk/")  # where it is said that it was delivered
    assert f"送达：{letter.title}" not in body(office.get("/desk/"))
