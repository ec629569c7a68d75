"""The page of one duty, the acts on it and the list: what shows, who may, what is refused."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from guatu.loop.actions import (
    ClaimGiven,
    FileGiven,
    accept_claim,
    ask_extension,
    decide_extension,
    draft_duty,
    edit_duty,
    issue,
    make_quota,
    name_co_owner,
    report,
    report_no_change,
    return_,
)
from guatu.loop.enums import ClaimState, DutySource, DutyState, ExtensionState
from guatu.loop.models import Claim, CoOwner, Duty, Extension, QuotaPlace, Urge
from guatu.register.enums import EvidenceKind
from guatu.register.models import Document, Evidence, Quote, StoredFile
from guatu.register.policies import Standing
from tests.factories import NOON, TODAY, act_of, make_subject
from tests.loop.builders import District, doing, drafted, issued, on, submitted
from tests.web.confirming import confirm, look

SignIn = Callable[[Standing], Client]
EVIL = "<img src=x onerror=alert(1)>"
PAPER = "今年要力争示例厂房六月底前开工，确保见效。"


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def path_of(duty: Duty, act: str = "") -> str:
    return f"/duties/{duty.public_id}/{act}"


def quoted(place: District) -> Duty:
    """Duty from a passage of a paper."""
    file = StoredFile.objects.create(sha256="1" * 64, size=1, media_type="text/plain")
    paper = Document.objects.create(
        file=file, title="示例讲话", filename="a.txt", encoding="utf-8", text=PAPER, added_at=NOON
    )
    words = "力争示例厂房六月底前开工"
    start = PAPER.index(words)
    quote = Quote.objects.create(document=paper, start=start, end=start + len(words), text=words)
    duty = draft_duty(
        act_of(place.office),
        kind="commitment",
        subject=place.subject,
        title="示例厂房开工",
        source=DutySource.PAPER,
        owner_post=place.owner_post,
        quote=quote,
        due=dt.date(2025, 6, 30),
        due_text="六月底前",
    )
    return issue(act_of(place.office), duty)


# One duty


def test_duty_when_from_a_paper_then_quote_is_marked_and_led_back(
    place: District, signed_in: SignIn
) -> None:
    page = page_of(signed_in(place.owner), path_of(quoted(place)))
    assert "今年要<mark>力争示例厂房六月底前开工</mark>，确保见效。" in page
    for words in ("第 4—15 字", "原文：六月底前", "绿 · 还有 104 天", "尚缺"):
        assert words in page


def test_duty_when_claims_then_hatched_until_accepted_with_their_evidence(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    permit = FileGiven(b"%PDF-1.7", "批复.pdf", EvidenceKind.PERMIT)
    report(act_of(place.owner), duty, text="办好", claims=[ClaimGiven("取得批复", files=[permit])])
    client = signed_in(place.owner)
    assert 'class="claim claim-pending"' in page_of(client, path_of(duty))
    accept_claim(act_of(place.office), Claim.objects.get(), opinion="属实")
    page = page_of(client, path_of(duty))
    for words in ('class="claim claim-accepted"', "批复.pdf", "许可批复", "属实"):
        assert words in page


def test_duty_when_no_change_in_a_row_then_folded_into_one_line(
    place: District, signed_in: SignIn
) -> None:
    duty = doing(place)
    for days in (1, 2, 3):
        report_no_change(on(place.owner, days), [duty])
    page = page_of(signed_in(place.owner), path_of(duty))
    assert "2025-03-19 至 2025-03-21 连续 3 次无变化" in page


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner", ["上报堵点", "报告进展", "无变化", "申请延期"]),
        ("office", ["上报堵点", "催办", "暂停", "增加配合单位", "修改", "发函"]),
        ("stranger", ["上报堵点", "补充情况"]),
    ],
)
def test_duty_when_shown_then_only_acts_open_to_this_officer(
    place: District, signed_in: SignIn, who: str, expected: list[str]
) -> None:
    duty = issued(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    page = page_of(signed_in(getattr(place, who)), path_of(duty))
    acts = page.split('class="acts">')[1].split("</span>")[0]
    assert [part.split("</a>")[0] for part in acts.split('">')[1:]] == expected


def test_duty_when_not_in_sight_then_same_404_as_missing_on_every_route(
    place: District, signed_in: SignIn
) -> None:
    duty, claim = submitted(place)
    asked = ask_extension(
        act_of(place.owner), issued(place), to_due=dt.date(2025, 5, 1), reason="待批"
    )
    client = signed_in(place.stranger)
    paths = [
        path_of(duty),
        path_of(duty, "report/"),
        path_of(duty, "return/"),
        path_of(duty, "nonsense/"),
        f"/duties/claims/{claim.public_id}/accept/",
        f"/duties/extensions/{asked.public_id}/approve/",
        "/duties/00000000-0000-7000-8000-000000000000/",
    ]
    bodies = [client.get(path) for path in paths]
    assert [answer.status_code for answer in bodies] == [404] * len(paths)
    assert len({answer.content for answer in bodies}) == 1


def test_extension_when_one_is_pending_then_no_second_is_offered_nor_its_form_opened(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    client, way = signed_in(place.owner), path_of(duty, "extension/")
    assert way in page_of(client, path_of(duty))
    asked = ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 5, 1), reason="待批")
    assert way not in page_of(client, path_of(duty))
    answer = client.get(way)
    assert answer.status_code == 403
    assert "已有一份延期申请在等批复。" in answer.content.decode()
    decide_extension(act_of(place.leader), asked, approve=False, opinion="抓紧办理")
    assert way in page_of(client, path_of(duty))
    assert client.get(way).status_code == 200


def test_duty_when_texts_hold_markup_then_escaped(place: District, signed_in: SignIn) -> None:
    duty, _ = submitted(place)
    return_(act_of(place.office), duty, reason=EVIL)
    report(act_of(place.owner), duty, text=EVIL, claims=[ClaimGiven(EVIL)])
    ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 5, 1), reason=EVIL)
    raw = signed_in(place.office).get(path_of(duty)).content.decode()
    assert EVIL not in raw
    assert raw.count("&lt;img src=x") >= 4


def test_duty_when_past_day_then_its_words_of_then_and_no_acts(
    place: District, signed_in: SignIn
) -> None:
    duty = doing(place)
    report(on(place.owner, 5), duty, text="后来的进展")
    client = signed_in(place.owner)
    page = page_of(client, f"{path_of(duty)}?as_of=2025-03-18")
    assert "已完成前期摸排" in page
    assert "后来的进展" not in page
    assert 'class="acts"></span>' in page
    assert client.get(f"{path_of(duty)}?as_of=2025-03-17").status_code == 404


def test_duty_when_full_then_at_most_25_queries(
    place: District, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    duty = quoted(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    for days in range(4):
        report(
            on(place.owner, days),
            duty,
            text=f"进展 {days}",
            claims=[
                ClaimGiven(f"成果 {days}", files=[FileGiven(f"{days}".encode(), f"{days}.txt")])
            ],
        )
    ask_extension(on(place.owner, 4), duty, to_due=dt.date(2025, 9, 1), reason="待批")
    for standing in (place.owner, place.office, place.stranger):
        client = signed_in(standing)
        client.get(path_of(duty))
        for path in (path_of(duty), f"{path_of(duty)}?as_of=2025-03-20"):
            with django_assert_max_num_queries(25):  # type: ignore[operator]
                assert client.get(path).status_code == 200


# Acts


def send(client: Client, duty: Duty, act: str, **values: str) -> int:
    duty.refresh_from_db()
    answer = client.post(path_of(duty, f"{act}/"), {"revision": duty.revision, **values})
    return answer.status_code


def test_acts_when_sent_one_after_another_then_duty_lives_its_life(
    place: District, signed_in: SignIn
) -> None:
    duty = drafted(place)
    office, owner = signed_in(place.office), signed_in(place.owner)
    life = [
        (office, "issue", {}, DutyState.ISSUED),
        (owner, "report", {"text": "开始"}, DutyState.DOING),
        (owner, "extension", {"to_due": "2025-05-01", "reason": "待批"}, DutyState.DOING),
        (office, "pause", {"reason": "停"}, DutyState.PAUSED),
        (office, "resume", {}, DutyState.DOING),
    ]
    for client, act, values, state in life:
        assert (send(client, duty, act, **values), act) == (302, act)
        duty.refresh_from_db()
        assert duty.state == state
    asked = Extension.objects.get()
    refused = office.post(
        f"/duties/extensions/{asked.public_id}/refuse/",
        {"revision": asked.revision, "opinion": "按期"},
    )
    assert (refused.status_code, Extension.objects.get().state) == (302, ExtensionState.REFUSED)
    assert send(owner, duty, "report", text="办完", done="on") == 302
    assert send(office, duty, "return", reason="缺附图") == 302
    assert send(owner, duty, "report", text="已补", done="on") == 302
    assert send(office, duty, "approve") == 302
    duty.refresh_from_db()
    assert (duty.state, duty.closed_on) == (DutyState.CLOSED, TODAY)


def test_act_when_refused_then_summary_field_and_words(place: District, signed_in: SignIn) -> None:
    duty = issued(place)
    answer = signed_in(place.owner).post(
        path_of(duty, "extension/"),
        {"revision": duty.revision, "to_due": "2025-03-20", "reason": "我的理由"},
    )
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert page.count("新期限须晚于现期限 2025-03-31。") == 2
    assert "我的理由</textarea>" in page


def test_act_when_claim_is_refused_without_opinion_then_asked_for_it(
    place: District, signed_in: SignIn
) -> None:
    _, claim = submitted(place)
    client = signed_in(place.office)
    path = f"/duties/claims/{claim.public_id}/refuse/"
    empty = client.post(path, {"revision": claim.revision})
    assert (empty.status_code, "不认可请说明理由。" in unescape(empty.content.decode())) == (
        422,
        True,
    )
    client.post(path, {"revision": claim.revision, "opinion": "缺原件"})
    assert Claim.objects.get().state == ClaimState.REFUSED


def test_act_when_draft_is_edited_then_new_owner_brings_its_unit(
    place: District, signed_in: SignIn
) -> None:
    duty = drafted(place)
    code = send(
        signed_in(place.office),
        duty,
        "edit",
        title="改后",
        owner_post=str(place.stranger_post.public_id),
    )
    duty.refresh_from_db()
    assert (code, duty.title, duty.owner_unit, duty.due) == (
        302,
        "改后",
        place.stranger_post.organisation,
        None,
    )


def test_evidence_when_duty_is_in_sight_then_attachment_else_404(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    given = ClaimGiven("成果", files=[FileGiven(b"words", "现场.txt")])
    report(act_of(place.owner), duty, text="进展", claims=[given])
    path = f"/duties/evidence/{Evidence.objects.get().public_id}/"
    answer = signed_in(place.leader).get(path)
    assert answer.content == b"words"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert signed_in(place.stranger).get(path).status_code == 404


# List


def test_list_when_mixed_then_worst_on_top_and_chips_count(
    place: District, signed_in: SignIn
) -> None:
    issued(place, due=None, title="期限未定的事项")
    issued(place, due=dt.date(2025, 9, 1), title="从容的事项")
    issued(place, due=dt.date(2025, 3, 1), title="逾期的事项")
    page = page_of(signed_in(place.owner), "/duties/")
    places = [page.index(name) for name in ("逾期的事项", "从容的事项", "期限未定的事项")]
    assert places == sorted(places)
    assert "<span>红 <b>1</b></span>" in page
    narrowed = page_of(signed_in(place.owner), "/duties/?lamp=red")
    assert "逾期的事项" in narrowed
    assert "从容的事项" not in narrowed


def test_list_when_exported_then_only_rows_in_sight(place: District, signed_in: SignIn) -> None:
    issued(place, title="看得到的事项")
    answer = signed_in(place.owner).get("/duties/?export=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}  # type: ignore[union-attr]
    assert "看得到的事项" in texts
    other = signed_in(place.stranger).get("/duties/?export=xlsx")
    sheet = load_workbook(BytesIO(other.content)).active
    assert "看得到的事项" not in {
        str(cell.value)
        for row in sheet.iter_rows()  # type: ignore[union-attr]
        for cell in row
    }


def test_list_when_past_day_then_old_state_shows(place: District, signed_in: SignIn) -> None:
    duty = issued(place)
    report(on(place.owner, 3), duty, text="后来")
    page = page_of(signed_in(place.owner), "/duties/?as_of=2025-03-18")
    row = page.split("<tbody>")[1].split("</tbody>")[0]
    assert ("已下达" in row, "办理中" in row) == (True, False)


def test_list_when_full_then_at_most_25_queries(
    place: District, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for _ in range(5):
        issued(place)
        doing(place)
    for standing in (place.owner, place.office):
        client = signed_in(standing)
        client.get("/duties/")
        for path in ("/duties/", "/duties/?as_of=2025-03-18", "/duties/?export=xlsx"):
            with django_assert_max_num_queries(25):  # type: ignore[operator]
                assert client.get(path).status_code == 200


def test_print_head_when_the_campaign_has_a_day_of_its_own_then_printed_on_the_machines(
    place: District, signed_in: SignIn
) -> None:
    client, printed = signed_in(place.office), f"打印 {timezone.localdate():%Y-%m-%d}"
    for path in ("/duties/", path_of(issued(place)), "/inbox/digest/"):
        page = page_of(client, path)
        assert (printed in page, f"数据截至 {TODAY:%Y-%m-%d}" in page) == (True, True)


# Bulk


def test_bulk_when_first_sent_then_checked_and_when_confirmed_then_all_issued(
    place: District, signed_in: SignIn
) -> None:
    keys = [str(drafted(place).public_id) for _ in range(2)]
    client = signed_in(place.office)
    asked = client.post("/duties/bulk/issue/", {"row": keys})
    assert "将办理 2 项，不办理 0 项" in asked.content.decode()
    assert Duty.objects.filter(state=DutyState.ISSUED).count() == 0
    unseen = client.post("/duties/bulk/issue/", {"row": keys, "checked": "1"})
    assert (unseen.status_code, Duty.objects.filter(state=DutyState.ISSUED).count()) == (422, 0)
    confirm(client, "/duties/bulk/issue/", {"row": keys})
    assert Duty.objects.filter(state=DutyState.ISSUED).count() == 2


@pytest.mark.parametrize("step", ["issue", "urge"])
def test_bulk_when_done_then_back_to_the_list_as_it_was_filtered(
    place: District, signed_in: SignIn, step: str
) -> None:
    key = str((drafted if step == "issue" else issued)(place).public_id)
    client, path = signed_in(place.office), f"/duties/bulk/{step}/"
    listed = page_of(client, "/duties/?q=示例&kind=task&page=1")
    came = re.search(r'name="came" value="([^"]*)"', listed)
    assert came is not None
    sent = {"row": [key], "came": came[1]}
    looked = unescape(look(client, path, sent).content.decode())
    assert f'href="/duties/?{came[1]}"' in looked
    assert f'name="came" value="{came[1]}"' in looked
    assert confirm(client, path, sent)["Location"] == f"/duties/?{came[1]}"
    assert ("q=" in came[1], "page=" in came[1]) == (True, False)
    assert client.post(path, {"row": []})["Location"] == "/duties/"
    forged = client.post(path, {"row": [], "came": "//example.org\r\nX: 1"})["Location"]
    assert forged == "/duties/?%2F%2Fexample.org%0D%0AX%3A+1="


def test_bulk_when_one_is_refused_then_said_and_the_others_are_done(
    place: District, signed_in: SignIn
) -> None:
    keys = [str(drafted(place).public_id), str(issued(place).public_id)]
    client = signed_in(place.office)
    page = look(client, "/duties/bulk/issue/", {"row": keys})
    assert "现在是已下达，不能下达" in unescape(page.content.decode())
    answer = confirm(client, "/duties/bulk/issue/", {"row": keys}, follow=True)
    assert "下达：已办理 1 项，1 项未办理。" in unescape(answer.content.decode())
    assert Duty.objects.filter(state=DutyState.DRAFT).count() == 0


def test_bulk_when_no_change_then_page_shows_what_is_affirmed(
    place: District, signed_in: SignIn
) -> None:
    key = str(issued(place).public_id)
    answer = signed_in(place.owner).post("/duties/bulk/no-change/", {"row": [key]})
    assert "确认仍是：尚未开展" in unescape(answer.content.decode())


def test_bulk_when_owner_is_given_then_all_get_it(place: District, signed_in: SignIn) -> None:
    keys = [str(drafted(place).public_id) for _ in range(2)]
    given = {"row": keys, "owner_post": str(place.stranger_post.public_id)}
    confirm(signed_in(place.office), "/duties/bulk/owner/", given)
    assert set(Duty.objects.values_list("owner_post", flat=True)) == {place.stranger_post.pk}


def test_bulk_when_postponed_then_one_request_each(place: District, signed_in: SignIn) -> None:
    keys = [str(issued(place).public_id) for _ in range(2)]
    given = {"row": keys, "to_due": "2025-06-01", "reason": "待批"}
    confirm(signed_in(place.owner), "/duties/bulk/postpone/", given)
    assert Extension.objects.filter(state=ExtensionState.PENDING).count() == 2


def test_bulk_when_officer_may_not_then_missing(place: District, signed_in: SignIn) -> None:
    key = str(issued(place).public_id)
    client = signed_in(place.owner)
    assert client.post("/duties/bulk/issue/", {"row": [key], "checked": "1"}).status_code == 404
    assert client.post("/duties/bulk/nothing/", {"row": [key]}).status_code == 404


# Beside the acts


def test_new_when_office_charges_somebody_then_drafted_on_the_campaign(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.leader)
    assert "新增交办" in page_of(client, "/duties/")
    answer = client.post(
        "/duties/new/",
        {"title": "落实现场会议定事项", "owner_post": str(place.owner_post.public_id)},
    )
    duty = Duty.objects.get()
    assert answer.headers["Location"] == path_of(duty)
    assert (duty.state, duty.kind, duty.source, duty.owner_unit, duty.subject.kind) == (
        DutyState.DRAFT,
        "task",
        DutySource.LEADER,
        place.unit,
        "campaign",
    )
    assert signed_in(place.owner).get("/duties/new/").status_code == 404


def counted(place: District) -> Duty:
    """Duty to fill a counted group of two, one of them named."""
    quote = quoted(place).quote
    assert quote is not None
    quota = make_quota(
        act_of(place.office),
        title="亿元企业",
        of="企业",
        stated=2,
        unit="户",
        quote=quote,
        members=[make_subject(place.unit, title="示例甲公司")],
    )
    duty = draft_duty(
        act_of(place.office),
        kind="quota",
        subject=place.subject,
        title="培育亿元企业",
        source=DutySource.PAPER,
        owner_post=place.owner_post,
        quota=quota,
    )
    return issue(act_of(place.office), duty)


def test_place_when_owner_names_a_firm_then_filled_and_shown(
    place: District, signed_in: SignIn
) -> None:
    duty, firm = counted(place), make_subject(place.unit, title="示例乙公司")
    client = signed_in(place.owner)
    path = path_of(duty, "places/2/")
    assert f'href="{path}"' in page_of(client, path_of(duty))
    empty = QuotaPlace.objects.get(number=2)
    unknown = client.post(path, {"subject": "没有的公司", "revision": empty.revision})
    assert "「没有的公司」没有找到" in unescape(unknown.content.decode())
    twice = client.post(path, {"subject": "示例甲公司", "revision": empty.revision})
    assert "示例甲公司已在清单中。" in unescape(twice.content.decode())
    client.post(path, {"subject": firm.code, "revision": empty.revision})
    assert QuotaPlace.objects.get(number=2).subject == firm
    assert "示例乙公司" in page_of(client, path_of(duty))


def test_place_when_officer_may_not_fill_then_missing(place: District, signed_in: SignIn) -> None:
    duty = counted(place)
    assert signed_in(place.stranger).get(path_of(duty, "places/2/")).status_code == 404
    assert signed_in(place.owner).get(path_of(duty, "places/9/")).status_code == 404


def test_place_when_group_is_large_then_queries_stay_the_same(
    place: District, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    duty, client = counted(place), signed_in(place.owner)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert client.get(path_of(duty)).status_code == 200


def test_helper_when_ended_then_no_longer_seen(place: District, signed_in: SignIn) -> None:
    duty = issued(place)
    office, helper = signed_in(place.office), signed_in(place.stranger)
    unit = place.stranger_post.organisation
    assert send(office, duty, "co-owner", unit=str(unit.public_id)) == 302
    assert helper.get(path_of(duty)).status_code == 200
    row = CoOwner.objects.get(duty=duty)
    path = path_of(duty, f"helpers/{row.pk}/")
    assert helper.post(path, {"revision": duty.revision}).status_code == 404
    assert office.post(path, {"revision": duty.revision}).status_code == 302
    assert helper.get(path_of(duty)).status_code == 404


def test_list_when_narrowed_to_a_unit_then_only_its_rows_and_its_chip_is_chosen(
    place: District, signed_in: SignIn
) -> None:
    issued(place, title="工信的事项")
    issued(place, title="住建的事项", owner_post=place.stranger_post)
    client = signed_in(place.office)
    code = place.stranger_post.organisation.code
    page = page_of(client, f"/duties/?unit={code}")
    assert ("住建的事项" in page, "工信的事项" in page) == (True, False)
    assert f'value="{code}" checked' in page
    assert "共 0 项" not in page
    assert "没有符合条件的记录" in page_of(client, "/duties/?unit=nothing")


# Bulk edit with a 核对 page


def test_many_when_reassigned_then_form_then_check_by_unit_then_done(
    place: District, signed_in: SignIn
) -> None:
    mine, there = issued(place), issued(place, owner_post=place.stranger_post)
    client = signed_in(place.office)
    rows = {"row": [str(mine.public_id), str(there.public_id)]}
    asked = unescape(client.post("/duties/bulk/owner/", rows).content.decode())
    assert ("下一步：核对" in asked, "确认改派" in asked) == (True, False)
    given = {"owner_post": str(place.stranger_post.public_id), "reason": "职责调整"}
    checked = client.post("/duties/bulk/owner/", {**rows, **given, "stage": "check"})
    words = unescape(checked.content.decode())
    assert "将办理 1 项，不办理 1 项" in words
    assert "已经如此，没有变化" in words
    assert Duty.objects.filter(owner_post=place.stranger_post).count() == 1
    answer = confirm(client, "/duties/bulk/owner/", rows | given, follow=True)
    assert "已办理 1 项，1 项未办理" in unescape(answer.content.decode())
    assert Duty.objects.filter(owner_post=place.stranger_post).count() == 2


def test_many_when_a_row_changed_since_looked_at_then_said_and_nothing_done(
    place: District, signed_in: SignIn
) -> None:
    duty, client = issued(place), signed_in(place.office)
    sent = {"row": [str(duty.public_id)], "strength": "ensure", "reason": "抓紧"}
    seal = look(client, "/duties/bulk/strength/", sent).context["seal"]
    edit_duty(act_of(place.office, reason="更正"), duty, title="更正后的名称")
    answer = client.post("/duties/bulk/strength/", sent | {"checked": "1", "seal": seal})
    assert "核对期间有事项发生了变化" in unescape(answer.content.decode())
    assert (answer.status_code, Duty.objects.get(pk=duty.pk).strength) == (422, "")


def test_many_when_all_of_a_filter_then_rows_beyond_the_page_too(
    place: District, signed_in: SignIn
) -> None:
    for _ in range(3):
        issued(place)
    drafted(place)
    sent = {"all": "state=issued&page=9&as_of=2025-01-01", "words": ""}
    confirm(signed_in(place.leader), "/duties/bulk/urge/", sent)
    assert Urge.objects.count() == 3
    stranger = signed_in(place.stranger).post("/duties/bulk/urge/", sent | {"checked": "1"})
    assert (stranger.status_code, Urge.objects.count()) == (302, 3)


def test_many_when_the_filter_finds_others_than_looked_at_then_says_how_many_and_does_none(
    place: District, signed_in: SignIn
) -> None:
    drafted(place)
    client, path = signed_in(place.office), "/duties/bulk/issue/"
    sent = {"all": "state=draft"}
    seal = look(client, path, sent).context["seal"]
    drafted(place)
    answer = client.post(path, sent | {"checked": "1", "seal": seal})
    said = "核对时选中 1 项、可办理 1 项，现在选中 2 项、可办理 2 项。都还没有改动，"
    assert answer.context["form"].non_field_errors() == [f"{said}下面是最新情况，请重新核对。"]
    assert (answer.status_code, Duty.objects.filter(state=DutyState.DRAFT).count()) == (422, 2)
    again = client.post(path, sent | {"checked": "1", "seal": answer.context["seal"]})
    assert (again.status_code, Duty.objects.filter(state=DutyState.DRAFT).count()) == (302, 0)
