"""Inbox, digest and ladders as pages; the ladder of a duty on its own page."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from guatu.loop.actions import ask_extension, decide_extension, edit_duty, pause
from guatu.loop.actions.escalating import take_steps
from guatu.loop.models import Duty, Notice, NoticeReading
from guatu.register.enums import Role
from guatu.register.models import Event
from guatu.register.policies import Standing
from tests.factories import NOON, TODAY, act_of, make_standing, system_act
from tests.loop.builders import DUE as LATER
from tests.loop.builders import District, issued, on
from tests.web.confirming import confirm, look

SignIn = Callable[[Standing], Client]
DAY = dt.timedelta(days=1)
SOON = TODAY + 3 * DAY
EVIL = "<script>alert(1)</script>"


def told(days: int = 0) -> None:
    """Run the timer some days after the tests' day."""
    take_steps(system_act(NOON + days * DAY, TODAY + days * DAY))


def text_of(client: Client, path: str = "/inbox/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def html_of(client: Client, path: str = "/inbox/") -> str:
    return client.get(path).content.decode()


def test_inbox_when_something_is_told_then_it_stands_there_for_the_addressee_alone(
    place: District, signed_in: SignIn
) -> None:
    issued(place, SOON, title=f"示例{EVIL}")
    told()
    page = text_of(signed_in(place.owner))
    assert f"示例{EVIL}" in page
    assert "2025-03-21 到期，还有 3 天，请抓紧办理并报告" in page
    assert EVIL not in html_of(signed_in(place.owner))
    for standing in (place.office, place.leader, place.stranger):
        assert "还没有记录" in text_of(signed_in(standing))


def test_bar_when_notices_are_unread_then_counts_what_the_list_counts(
    place: District, signed_in: SignIn
) -> None:
    for title in ("甲", "乙"):
        issued(place, SOON, title=title)
    told()
    client = signed_in(place.owner)
    assert 'aria-label="消息，2 条未读"' in html_of(client, "/duties/")
    assert "未读 2" in text_of(client)
    client.post("/inbox/read/", {"every": "1"})
    assert 'aria-label="消息"' in html_of(client, "/duties/")
    assert "未读 0 已读 2" in text_of(client)


def test_inbox_when_one_is_read_then_it_sinks_below_the_unread(
    place: District, signed_in: SignIn
) -> None:
    for title in ("甲事项", "乙事项"):
        issued(place, SOON, title=title)
    told()
    client = signed_in(place.owner)
    assert text_of(client).index("乙事项") < text_of(client).index("甲事项")
    notice = Notice.objects.get(duty__title="乙事项")
    answer = client.post("/inbox/read/", {"one": str(notice.public_id)}, follow=True)
    page = answer.content.decode()
    assert "已读 1 条。" in page
    assert page.index("甲事项") < page.index("乙事项")
    assert NoticeReading.objects.get().notice == notice


def test_all_of_a_filter_when_confirmed_then_only_those_are_read(
    place: District, signed_in: SignIn
) -> None:
    for title in ("甲事项", "乙事项", "丙事项"):
        issued(place, SOON, title=title)
    told()
    client = signed_in(place.owner)
    client.post("/inbox/read/", {"one": str(Notice.objects.get(duty__title="甲事项").public_id)})
    sent = {"all": "q=事项"}
    page = look(client, "/inbox/read/", sent)
    assert [one["why"] for one in page.context["refused"]] == ["已经读过"]
    assert len(page.context["moving"]) == 2
    answer = confirm(client, "/inbox/read/", {"all": "q=乙事项"}, follow=True)
    assert "标为已读：已办理 1 项。" in answer.content.decode()
    read = NoticeReading.objects.values_list("notice__duty__title", flat=True)
    assert sorted(read) == ["乙事项", "甲事项"]
    assert Event.objects.filter(verb="notice.read").count() == 2


def test_reading_when_keys_are_not_ours_then_nothing_happens(
    place: District, signed_in: SignIn
) -> None:
    issued(place, SOON)
    told()
    notice = Notice.objects.get()
    answer = signed_in(place.stranger).post(
        "/inbox/read/", {"row": str(notice.public_id)}, follow=True
    )
    assert "没有未读的消息" in answer.content.decode()
    assert signed_in(place.owner).post("/inbox/read/", {"row": "1 OR 1"}).status_code == 404
    assert (
        signed_in(place.owner).post("/inbox/read/?as_of=2025-03-17", {"every": "1"}).status_code
        == 403
    )
    assert NoticeReading.objects.count() == 0


def test_inbox_when_read_as_of_a_past_day_then_shows_that_day_and_no_way_to_act(
    place: District, signed_in: SignIn
) -> None:
    issued(place, SOON)
    told()
    client = signed_in(place.owner)
    assert "还没有记录" in text_of(client, "/inbox/?as_of=2025-03-17")
    page = html_of(client, "/inbox/?as_of=2025-03-18")
    assert ("推进示例事项" in page, "/inbox/read/" in page) == (True, False)


def test_administrator_when_asking_then_has_no_inbox(place: District, signed_in: SignIn) -> None:
    admin = signed_in(make_standing(place.unit, Role.SYSTEM_ADMIN))
    assert admin.get("/inbox/").status_code == 404
    assert "/inbox/" not in html_of(admin, "/organisations/")


def test_desk_when_something_is_told_then_it_is_news_read_with_one_tap(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, TODAY - DAY)
    Duty.objects.filter(pk=duty.pk).update(issued_on=TODAY - 20 * DAY)
    told()
    client = signed_in(place.leader)
    assert "仅需知悉 1" in text_of(client, "/desk/")
    assert client.post("/inbox/read/", {"every": "1"}).status_code == 302
    assert "仅需知悉" not in text_of(client, "/desk/")
    told(8)
    page = text_of(client, "/desk/")
    assert "仅需知悉 1" in page
    assert "抄送：推进示例事项" in page
    assert "2025-03-17 到期，逾期 9 天仍未办结，抄送知悉" in page
    notice = Notice.objects.get(post=place.leader_post, kind="copy")
    answer = client.post("/inbox/read/", {"one": str(notice.public_id), "next": "desk"})
    assert answer.headers["Location"] == "/desk/"
    assert "抄送：推进示例事项" not in text_of(client, "/desk/")


def test_digest_when_read_then_tells_due_climbed_and_decided_in_sight(
    place: District, signed_in: SignIn
) -> None:
    issued(place, TODAY, title="今天到期的事")
    climbs = issued(place, SOON, title="快到期的事")
    moved = issued(place, LATER, title="要延期的事")
    asked = ask_extension(act_of(place.owner), moved, to_due=LATER + DAY, reason="雨季")
    decide_extension(act_of(place.leader), asked, approve=False, opinion="不宜再延")
    pause(act_of(place.office), moved, reason="等上级批复")
    told()
    page = text_of(signed_in(place.office), "/inbox/digest/")
    assert "当天到期 1 项" in page
    assert "逐级提醒 1 步" in page
    assert "提醒责任岗位（示例工信局经办岗）" in page
    # Three were issued, one refused, one paused.
    assert "作出的决定 5 项" in page
    assert "示例人员：不宜再延" in page
    assert (
        page.index("不同意延期")
        < page.index("等上级批复")
        < page.index("快到期的事 示例工信局 下达")
    )
    assert climbs.title in page
    other = text_of(signed_in(place.stranger), "/inbox/digest/")
    assert ("快到期的事" in other, "作出的决定 0 项" in other) == (False, True)
    before = text_of(signed_in(place.office), "/inbox/digest/?day=2025-03-17")
    assert ("作出的决定 0 项" in before, "后一天" in before) == (True, True)


def test_digest_when_the_day_is_none_or_to_come_then_says_so(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    for day, said in (
        ("2025-03-19", "还没有到"),
        ("2025-02-30", "不是日期"),
        ("1999-01-01", "最早可以查看"),
        (EVIL, "不是日期"),
    ):
        answer = client.get("/inbox/digest/", {"day": day})
        assert (answer.status_code, said in answer.content.decode()) == (400, True)


def test_ladders_when_read_then_show_rule_source_and_status(
    place: District, signed_in: SignIn
) -> None:
    page = text_of(signed_in(place.office), "/inbox/ladder/")
    for words in (
        *("责任事项逐级提醒 待核", "堵点未答复逐级提请 待核", "2020-01-01 起", "系统默认"),
        *("未见上级统一规定", "1 期限前 7 天 提醒责任岗位", "3 逾期 1 天 提醒单位负责人"),
        "责任岗位即单位负责人的，依次转上级单位、包保领导、专班",
        *("4 逾期 5 个工作日 建议专班发督办函", "5 逾期 5 个工作日 抄送包保领导"),
        *("1 请求解决满 3 个工作日未答复 提醒上级单位",),
        *("招商下一步到期提醒 待核", "1 到期当天 提醒责任岗位"),
    ):
        assert words in page


def test_duty_when_it_climbs_then_its_page_tells_what_was_done_and_what_comes(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, SOON)
    client = signed_in(place.owner)
    address = f"/duties/{duty.public_id}/"
    said = (
        "到 2025-03-22 仍未办结，将提醒单位负责人："
        "责任岗位（示例工信局经办岗）即本单位唯一的负责岗位，转示例区政府副区长"
    )
    assert said in text_of(client, address)
    told()
    page = html_of(client, address)
    assert said in text_of(client, address)
    assert "提醒责任岗位（示例工信局经办岗）" in page
    rules = set(re.findall(r'href="(/inbox/ladder/)#([^"]+)"', page))
    anchors = {anchor for _, anchor in rules}
    assert anchors == {
        "escalation.duty-2020-01-01-near",
        "escalation.duty-2020-01-01-late",
    }
    known = html_of(client, "/inbox/ladder/")
    assert all(f'id="{anchor}"' in known for anchor in anchors)
    past = text_of(client, f"{address}?as_of=2025-03-18")
    assert "提醒责任岗位（示例工信局经办岗）" in past


def test_duty_when_told_late_or_to_somebody_else_then_its_page_says_so(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, SOON, title="事项")
    Duty.objects.filter(pk=duty.pk).update(leader_post=None)
    take_steps(system_act(NOON + 20 * DAY, TODAY + 20 * DAY))
    page = text_of(signed_in(place.office), f"/duties/{duty.public_id}/")
    alone = "责任岗位（示例工信局经办岗）即本单位唯一的负责岗位，转示例专班"
    assert f"2025-03-22 逾期 1 天 提醒单位负责人 {alone} 2025-04-07 补发" in page
    assert "抄送包保领导 未定包保领导，转示例专班" in page
    Duty.objects.filter(pk=duty.pk).update(due=SOON + 90 * DAY)
    assert "按原期限 2025-03-21" in text_of(signed_in(place.office), f"/duties/{duty.public_id}/")


def test_duty_when_given_to_another_after_all_steps_then_its_page_tells_what_comes_for_them(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place, TODAY - 20 * DAY, title="事项")
    Duty.objects.filter(pk=duty.pk).update(issued_on=TODAY - 40 * DAY)
    told()
    client = signed_in(place.office)
    address = f"/duties/{duty.public_id}/"
    assert "各级均已提醒" in text_of(client, address)
    edit_duty(act_of(place.office, reason="职责调整"), duty, owner_post=place.stranger_post)
    page = text_of(client, address)
    assert "各级均已提醒" not in page
    assert "到 2025-03-19 仍未办结，将提醒单位负责人：责任岗位（示例住建局经办岗）" in page
    assert "抄送包保领导（示例区政府副区长） 2025-03-18 补发 改派前" in page
    assert "改派，由您负责：2025-02-26 到期，逾期 20 天仍未办结" in text_of(
        signed_in(place.stranger), "/inbox/"
    )


def test_duty_when_nothing_can_come_then_its_page_says_why(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    undated = issued(place, None, title="待定事项")
    assert "期限待定，不提醒" in text_of(client, f"/duties/{undated.public_id}/")
    paused = issued(place, SOON, title="暂停事项")
    pause(act_of(place.office), paused, reason="等批复")
    assert "暂停期间不提醒" in text_of(client, f"/duties/{paused.public_id}/")
    far = issued(place, dt.date(9999, 12, 31), title="很远的事项")
    assert "没有需要提醒的步骤" in text_of(client, f"/duties/{far.public_id}/")


def test_pages_when_full_then_at_most_25_queries(
    place: District, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        duty = issued(place, SOON, title=f"事项{number}")
        asked = ask_extension(on(place.owner, 0), duty, to_due=LATER, reason="雨季")
        decide_extension(act_of(place.leader), asked, approve=number % 2 == 0, opinion="批复")
    told(12)
    for standing in (place.owner, place.office, place.leader):
        client = signed_in(standing)
        for path in (
            *("/inbox/", "/inbox/digest/", "/inbox/ladder/", "/desk/"),
            f"/duties/{duty.public_id}/",
            f"/duties/{duty.public_id}/?as_of=2025-03-18",
        ):
            with django_assert_max_num_queries(25):  # type: ignore[operator]
                assert client.get(path).status_code == 200


def test_inbox_when_the_ladder_told_again_then_the_latest_stands_for_those_before(
    place: District, signed_in: SignIn
) -> None:
    issued(place, SOON, title="示例甲")
    issued(place, SOON + 4 * DAY, title="示例乙")
    for days in range(6):
        told(days)
    client = signed_in(place.owner)

    def shown(query: str = "") -> list[tuple[str, list[str], bool]]:
        rows = client.get(f"/inbox/{query}").context["listing"].rows
        return [(row.duty.title, row.words["steps"], row.seen) for row in rows]

    assert shown() == [("示例乙", ["near"], False), ("示例甲", ["near"], False)]
    assert client.get("/inbox/").context["unread"]() == 2
    assert html_of(client).count("此前 1 条") == 1
    assert shown("?state=earlier") == [("示例乙", ["soon"], False)]
    assert len(shown(f"?as_of={TODAY}")) == 2
    latest = Notice.objects.filter(duty__title="示例乙").first()
    assert latest is not None
    client.post("/inbox/read/", {"one": str(latest.public_id)})
    assert shown() == [
        ("示例甲", ["near"], False),
        ("示例乙", ["near"], True),
        ("示例乙", ["soon"], True),
    ]
