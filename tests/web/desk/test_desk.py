"""The desk as a page: rows, the inline form, one-tap 无变化, decisions."""

import datetime as dt
from collections.abc import Callable
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.loop.actions import ClaimGiven, ask_extension, report, return_
from guatu.loop.enums import DutyState, ExtensionState
from guatu.loop.models import Claim, Duty, Extension, Report
from guatu.register.enums import Role
from guatu.register.models import Evidence
from guatu.register.policies import Standing, standing_of
from tests.factories import TODAY, act_of, make_officer, make_standing
from tests.loop.builders import District, doing, drafted, issued, submitted

SignIn = Callable[[Standing], Client]
EVIL = "<script>alert(1)</script>"


def text_of(client: Client, path: str = "/desk/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_when_signed_in_then_lands_on_the_desk(place: District, signed_in: SignIn) -> None:
    assert signed_in(place.owner).get("/").headers["Location"] == "/desk/"


def test_desk_when_the_officer_holds_no_post_then_led_to_the_own_account(
    signed_in: SignIn, place: District
) -> None:
    client = signed_in(standing_of(make_officer(), place.owner.today))
    assert client.get("/").headers["Location"] == "/account/"
    answer = client.get("/desk/", follow=True)
    assert answer.redirect_chain == [("/account/", 302)]
    assert "尚未任职，请联系安全管理员任命岗位" in answer.content.decode()


def test_desk_when_due_today_then_row_says_what_from_whom_and_what_is_affirmed(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, due=TODAY)
    page = text_of(signed_in(place.owner))
    for words in ("今天办完：推进示例事项", "示例区政府副区长", "现状：尚未开展", "黄 · 今天到期"):
        assert words in page
    assert f'name="one" value="{duty.public_id}"' in page


def test_desk_when_form_opens_then_last_and_plan_stand_beside_an_empty_new(
    place: District, signed_in: SignIn
) -> None:
    duty = doing(place, due=TODAY)
    page = text_of(signed_in(place.owner), f"/desk/?open={duty.public_id}")
    assert "已完成前期摸排" in page
    assert "应于 2025-03-18 前完成：推进示例事项" in page
    assert 'placeholder="只写有变化的情况"></textarea>' in page


def test_desk_when_another_units_duty_is_opened_then_missing(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    client = signed_in(place.stranger)
    assert client.get(f"/desk/?open={duty.public_id}").status_code == 404
    assert client.get("/desk/?open=nonsense").status_code == 404
    sent = {"text": "x", "revision": duty.revision}
    assert client.post(f"/desk/{duty.public_id}/report/", sent).status_code == 404


def test_report_when_sent_then_words_and_state_are_kept(place: District, signed_in: SignIn) -> None:
    duty = issued(place)
    answer = signed_in(place.owner).post(
        f"/desk/{duty.public_id}/report/", {"text": "已开工", "revision": duty.revision}
    )
    duty.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert (duty.progress, duty.state) == ("已开工", DutyState.DOING)


def test_report_when_done_with_a_file_then_claim_evidence_and_review(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    permit = SimpleUploadedFile("批复.pdf", b"%PDF-1.7 example")
    signed_in(place.owner).post(
        f"/desk/{duty.public_id}/report/",
        {
            "text": "已取得批复",
            "done": "on",
            "file": permit,
            "evidence_kind": "permit",
            "revision": duty.revision,
        },
    )
    claim, kept = Claim.objects.get(), Evidence.objects.get()
    duty.refresh_from_db()
    assert (claim.text, claim.closes, duty.state) == ("已取得批复", True, DutyState.REVIEW)
    assert (kept.title, kept.kind, kept.file.media_type) == (
        "批复.pdf",
        "permit",
        "application/pdf",
    )
    assert claim.supports.get().evidence == kept


def test_report_when_file_is_of_no_office_kind_then_refused_and_words_stay(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    answer = signed_in(place.owner).post(
        f"/desk/{duty.public_id}/report/",
        {
            "text": "写好的进展",
            "file": SimpleUploadedFile("tool.exe", b"MZ"),
            "revision": duty.revision,
        },
    )
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "文件“tool.exe”：文件内容不是可以接收的类型" in page
    assert ">写好的进展</textarea>" in page
    assert Report.objects.count() == 0


def test_report_when_somebody_was_faster_then_words_stay_and_second_try_passes(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    client = signed_in(place.owner)
    shown = duty.revision
    report(act_of(place.owner), duty, text="同事先报")
    path = f"/desk/{duty.public_id}/report/"
    answer = client.post(path, {"text": "我写好的话", "revision": shown})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这条记录刚被别人改过" in page
    assert ">我写好的话</textarea>" in page
    assert "同事先报" in page
    assert f'name="revision" value="{duty.revision}"' in page
    again = client.post(path, {"text": "我写好的话", "revision": duty.revision})
    assert again.status_code == 302
    assert Duty.objects.get(pk=duty.pk).progress == "我写好的话"


def test_no_change_when_tapped_then_affirms_and_says_what(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, due=TODAY)
    answer = signed_in(place.owner).post(
        "/desk/no-change/", {"one": str(duty.public_id)}, follow=True
    )
    assert "已报无变化：推进示例事项（尚未开展）" in answer.content.decode()
    assert Report.objects.get().affirmed == "尚未开展"


def test_no_change_when_several_chosen_then_all(place: District, signed_in: SignIn) -> None:
    keys = [str(issued(place, due=TODAY).public_id) for _ in range(3)]
    signed_in(place.owner).post("/desk/no-change/", {"row": keys})
    assert Report.objects.filter(changed=False).count() == 3


def test_no_change_when_one_is_anothers_then_missing_and_none_written(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    client = signed_in(place.leader)  # sees it, and may not speak for its owner
    answer = client.post("/desk/no-change/", {"row": [str(duty.public_id)]})
    assert (answer.status_code, Report.objects.count()) == (404, 0)


def test_desk_when_texts_hold_markup_then_escaped(place: District, signed_in: SignIn) -> None:
    duty = issued(place, due=TODAY, title=EVIL)
    report(act_of(place.owner), duty, text=EVIL)
    back, _ = submitted(place)
    return_(act_of(place.office), back, reason=EVIL)
    asked = issued(place)
    ask_extension(act_of(place.owner), asked, to_due=dt.date(2025, 5, 1), reason=EVIL)
    for standing in (place.owner, place.office, place.leader):
        page = text_of(signed_in(standing))
        assert EVIL not in page
    assert "&lt;script&gt;" in text_of(signed_in(place.owner))


def test_decisions_when_one_click_then_extension_is_approved(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    asked = ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 5, 1), reason="待批")
    client = signed_in(place.leader)
    assert "批延期：推进示例事项" in text_of(client)
    answer = client.post(
        f"/duties/extensions/{asked.public_id}/approve/",
        {"revision": asked.revision, "next": "desk"},
    )
    assert answer.headers["Location"] == "/desk/"
    assert Extension.objects.get().state == ExtensionState.APPROVED
    assert Duty.objects.get(pk=duty.pk).due == dt.date(2025, 5, 1)


def test_decisions_when_one_click_then_accepted_and_closed(
    place: District, signed_in: SignIn
) -> None:
    duty, _ = submitted(place)
    client = signed_in(place.office)
    assert "核验办结：推进示例事项" in text_of(client)
    client.post(f"/duties/{duty.public_id}/approve/", {"revision": duty.revision, "next": "desk"})
    assert Duty.objects.get(pk=duty.pk).state == DutyState.CLOSED


def test_decisions_when_another_was_faster_then_the_desk_says_so(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    asked = ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 5, 1), reason="待批")
    sent = {"revision": asked.revision, "next": "desk", "one_click": "1"}
    path = f"/duties/extensions/{asked.public_id}/approve/"
    signed_in(place.leader).post(path, sent)
    answer = signed_in(place.office).post(path, sent, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/desk/", 302)]
    assert 'message-error">未能同意延期「推进示例事项」：' in page
    assert 'id="desk"' in page


def test_decisions_when_evidence_is_missing_then_row_stays_and_says_what(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, kind="commitment")
    claims = [ClaimGiven("办结", closes=True)]
    report(act_of(place.owner), duty, text="已办完", claims=claims, submit=True)
    sent = {"revision": duty.revision, "next": "desk", "one_click": "1"}
    path = f"/duties/{duty.public_id}/approve/"
    page = signed_in(place.office).post(path, sent, follow=True).content.decode()
    assert "未能认可并办结「推进示例事项」：还不能办结，尚缺：" in page
    assert "核验办结：推进示例事项" in page
    assert Duty.objects.get(pk=duty.pk).state == DutyState.REVIEW


def test_desk_when_draft_waits_then_office_issues_it_from_its_desk(
    place: District, signed_in: SignIn
) -> None:
    duty = drafted(place)
    client = signed_in(place.office)
    assert "下达：推进示例事项" in text_of(client)
    client.post(f"/duties/{duty.public_id}/issue/", {"revision": duty.revision, "next": "desk"})
    assert Duty.objects.get(pk=duty.pk).state == DutyState.ISSUED


def test_desk_when_administrator_then_missing(place: District, signed_in: SignIn) -> None:
    administrator = make_standing(place.unit, Role.AUDIT_ADMIN)
    assert signed_in(administrator).get("/desk/").status_code == 404


def test_desk_when_past_day_then_that_days_rows_and_no_acts(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, due=TODAY)
    client = signed_in(place.owner)
    page = text_of(client, "/desk/?as_of=2025-03-18")
    assert "推进示例事项" in page
    assert "无变化" not in page
    assert "推进示例事项" not in text_of(client, "/desk/?as_of=2025-03-17")
    answer = client.post("/desk/no-change/?as_of=2025-03-18", {"one": str(duty.public_id)})
    assert (answer.status_code, Report.objects.count()) == (403, 0)


def test_desk_when_full_then_at_most_25_queries(
    place: District, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        issued(place, due=TODAY)
        doing(place)
        submitted(place)
        drafted(place)
    for standing in (place.owner, place.office, place.leader):
        client = signed_in(standing)
        client.get("/desk/")
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            client.get("/desk/")
