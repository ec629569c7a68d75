"""Pages of blockers: raising in three taps, the desk, one's page, the list, what causes cost."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from guatu.investment.models import Category, Project
from guatu.loop.actions import (
    accept_blocker,
    answer_blocker,
    confirm_blocker,
    pause,
    raise_blocker,
    reject_answer,
    report,
    return_blocker,
    send_up,
    withdraw_blocker,
)
from guatu.loop.models import Activity, Blocker, Duty, Report, Urge
from guatu.loop.removers import Remover, Spot
from guatu.register.models import Evidence, Holding
from guatu.register.policies import Standing
from guatu.register.posts import release_post
from guatu.register.recording import create
from tests.factories import NOON, TODAY, act_of, make_subject, system_act
from tests.loop.blockers import Bureau, answered, bureau, on_duty, raised
from tests.loop.builders import District, issued, on

SignIn = Callable[[Standing], Client]
EVIL = "<img src=x onerror=alert(1)>"
UUID = r"[0-9a-f-]{36}"


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def path_of(blocker: Blocker, act: str = "") -> str:
    return f"/blockers/{blocker.public_id}/{act}"


def buttons(page: str) -> list[str]:
    """Names of the acts at the top of a page."""
    tools = re.search(r'<span id="acts" class="acts">(.*?)</span>', page, re.DOTALL)
    return re.findall(r">([^<>]+)</a>", tools[1]) if tools else []


def posted(client: Client, path: str, **values: object) -> tuple[int, str]:
    """Status and page after following."""
    answer = client.post(path, values, follow=True)
    return answer.status_code, unescape(answer.content.decode())


# Raising


def test_raise_when_a_cause_is_tapped_then_raised_and_shown_with_who_has_it(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    spot = on_duty(place)
    client = signed_in(place.owner)
    duty = spot.duty
    assert duty is not None
    way = f"/blockers/raise/duty/{duty.public_id}/"
    assert f'href="{way}">上报堵点' in page_of(client, "/desk/")
    assert f'href="{way}">上报堵点' in page_of(client, f"/duties/{duty.public_id}/")
    page = page_of(client, way)
    assert "<b>资金到位</b><small>示例财政局</small>" in page
    status, after = posted(client, way, cause="funds")
    assert (status, "已上报：资金到位：推进示例事项，由示例财政局办理。" in after) == (200, True)
    row = Blocker.objects.get()
    assert (row.duty, row.cause, row.remover_unit) == (duty, "funds", finance.post.organisation)
    desk = page_of(client, "/desk/")
    assert '<span class="tag">堵点 1</span>' in desk


def test_raise_when_nothing_is_chosen_then_asked_and_words_are_kept(
    place: District, signed_in: SignIn
) -> None:
    way = f"/blockers/raise/subject/{place.subject.public_id}/"
    client = signed_in(place.owner)
    status, page = posted(client, way, what=f"卡住了{EVIL}")
    assert (status, page.count("请点选一个成因。")) == (422, 2)
    assert f"卡住了{EVIL}</textarea>" in page
    raw = client.post(way, {"what": EVIL}).content.decode()
    assert EVIL not in raw


def test_raise_when_remover_photo_and_words_are_given_then_all_are_kept(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    client = signed_in(place.owner)
    way = f"/blockers/raise/subject/{place.subject.public_id}/"
    file = SimpleUploadedFile("现场.txt", "示例说明".encode())
    posted(
        client,
        way,
        cause="other",
        what="尾款未付",
        asked="请本周拨付",
        file=file,
        remover_post=finance.post.public_id,
    )
    row = Blocker.objects.get()
    assert (row.what, row.asked, row.remover_post) == ("尾款未付", "请本周拨付", finance.post)
    page = page_of(client, path_of(row))
    evidence = Evidence.objects.get()
    assert f"/duties/evidence/{evidence.public_id}/" in page
    answer = signed_in(finance.standing).get(f"/duties/evidence/{evidence.public_id}/")
    assert answer.content == "示例说明".encode()
    assert signed_in(place.stranger).get(f"/duties/evidence/{evidence.public_id}/").status_code == (
        404
    )


def test_raise_when_chosen_remover_has_left_then_said_at_the_field_with_who_stands_in(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    way = f"/blockers/raise/subject/{place.subject.public_id}/"
    last = TODAY.replace(day=1)
    release_post(system_act(), Holding.objects.get(post=finance.post), until=last)
    client = signed_in(place.owner)
    assert "「示例财政局」没有在岗人员，相关成因改报示例区政府副区长。" in page_of(client, way)
    status, page = posted(client, way, cause="funds", remover_post=finance.post.public_id)
    words = "「示例财政局经办岗」现无人任职，建议改为「示例区政府副区长」。"
    assert (status, words in page, Blocker.objects.count()) == (422, True, 0)


def test_raise_when_on_a_node_then_it_hangs_there_and_the_node_pages_lead_to_it(
    place: District, signed_in: SignIn
) -> None:
    create(system_act(), "project.add", Project(subject=place.subject, name="示例路"))
    step = Activity(subject=place.subject, node="n1", name="示例节点", stage="s", sequence=1)
    create(system_act(), "timetable.add", step)
    way = f"/blockers/raise/subject/{place.subject.public_id}/n1/"
    client = signed_in(place.owner)
    assert f'href="{way}">上报堵点' in page_of(client, f"/projects/{place.subject.public_id}/")
    report_page = f"/projects/{place.subject.public_id}/plan/steps/n1/report/"
    assert f'href="{way}">上报堵点' in page_of(client, report_page)
    posted(client, way, cause="funds")
    row = Blocker.objects.get()
    assert (row.activity, row.title) == (step, f"资金到位：{place.subject.title}·示例节点")


def test_raise_when_duty_is_closed_or_day_is_past_then_refused(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    way = f"/blockers/raise/duty/{duty.public_id}/"
    client = signed_in(place.owner)
    assert client.get(f"{way}?as_of=2025-03-18").status_code == 404
    pause(act_of(place.office), duty, reason="待批")
    assert client.get(way).status_code == 200
    assert signed_in(place.stranger).get(way).status_code == 404


# The desk and the acts


def test_desk_when_a_blocker_waits_for_a_leader_then_one_tap_takes_it_on(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    client = signed_in(place.leader)
    desk = page_of(client, "/desk/")
    assert "待您处理的堵点" in desk
    assert "审核：资金到位：推进示例事项" in desk
    status, after = posted(
        client, path_of(blocker, "accept/"), revision=1, next="desk", one_click="1"
    )
    blocker.refresh_from_db()
    assert (status, blocker.state) == (200, "working")
    assert "已受理：资金到位：推进示例事项" in after
    assert "待您处理的堵点" not in after
    assert "解决：资金到位" in page_of(signed_in(finance.standing), "/desk/")


def test_desk_when_sent_up_by_one_tap_then_the_leader_has_it(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = accept_blocker(act_of(finance.standing), raised(place, finance.remover))
    client = signed_in(finance.standing)
    way = path_of(blocker, "send-up/")
    posted(client, way, revision=blocker.revision, next="desk", one_click="1")
    assert "协调：资金到位" in page_of(signed_in(place.leader), "/desk/")
    assert "待您处理的堵点" not in page_of(client, "/desk/")


def test_desk_when_a_tap_comes_too_late_then_says_so_and_nothing_is_done(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    accept_blocker(act_of(finance.standing), blocker)
    way = path_of(blocker, "accept/")
    _, after = posted(signed_in(place.leader), way, revision=1, next="desk", one_click="1")
    assert "未能受理「资金到位：推进示例事项」：这条记录刚被别人改过" in after


def test_answer_when_two_answer_at_once_then_the_second_keeps_their_words(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    posted(signed_in(finance.standing), path_of(blocker, "answer/"), revision=1, answer="已拨付")
    status, page = posted(
        signed_in(place.leader), path_of(blocker, "answer/"), revision=1, answer="已安排专人"
    )
    words = "现在是待确认，不能答复。您填写的内容未保存，请复制后返回查看。"
    assert (status, words in page, "已安排专人</textarea>" in page) == (422, True, True)
    assert "再次提交" not in page
    blocker.refresh_from_db()
    assert blocker.answer == "已拨付"


def test_desk_when_answered_then_who_raised_it_confirms_with_one_tap_and_days_are_kept(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = answered(place, finance)
    client = signed_in(place.owner)
    assert "答复：资金已拨付" in page_of(client, "/desk/")
    way = path_of(blocker, "confirm/")
    posted(client, way, revision=blocker.revision, next="desk", one_click="1")
    blocker.refresh_from_db()
    assert (blocker.state, blocker.days_lost) == ("closed", 0)


def test_acts_when_shown_then_each_person_has_their_own(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    people = (place.owner, finance.standing, place.leader, place.office)
    names = [buttons(page_of(signed_in(who), path_of(blocker))) for who in people]
    assert names == [
        ["催办", "提请上级协调", "已自行解决", "修改", "撤回"],
        ["受理", "答复", "提请上级协调", "退回"],
        ["催办", "受理", "答复", "提请上级协调", "转交", "退回", "发函"],
        ["催办", "受理", "答复", "提请上级协调", "转交", "退回", "修改", "发函"],
    ]
    send_up(act_of(finance.standing), accept_blocker(act_of(finance.standing), blocker))
    assert buttons(page_of(signed_in(place.leader), path_of(blocker))) == [
        "答复",
        "交回办理",
        "转交",
        "发函",
    ]


def test_assign_when_nobody_is_chosen_then_asked_and_when_chosen_then_passed_on(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker, other = raised(place, finance.remover), bureau(place, "示例规自分局")
    client, way = signed_in(place.leader), path_of(blocker, "assign/")
    status, page = posted(client, way, revision=1)
    assert (status, "请选择单位或岗位。" in page) == (422, True)
    posted(client, way, revision=1, remover_unit=other.post.organisation.public_id, words="请办")
    blocker.refresh_from_db()
    assert (blocker.remover_unit, blocker.asked) == (other.post.organisation, "请办")


def test_page_when_remover_left_afterwards_then_said_with_a_way_to_pass_it_on(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, Remover(finance.post.organisation, finance.post))
    last = TODAY.replace(day=1)
    release_post(system_act(), Holding.objects.get(post=finance.post), until=last)
    words = "「示例财政局经办岗」现无人任职，暂无人办理。建议转交示例区政府副区长。"
    assert words in page_of(signed_in(place.owner), path_of(blocker))
    leader = signed_in(place.leader)
    assert "去转交</a>" in page_of(leader, path_of(blocker))
    form = page_of(leader, path_of(blocker, "assign/"))
    assert f'value="{place.leader_post.public_id}" selected' in form


def test_page_when_read_then_tells_days_people_steps_answer_and_history(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    accept_blocker(on(finance.standing, 1), blocker)
    answer_blocker(on(finance.standing, 3), blocker, answer="已拨付")
    confirm_blocker(on(place.owner, 6), blocker)
    page = page_of(signed_in(place.owner), path_of(blocker))
    for words in (
        "<b>4</b> 个工作日",
        "示例财政局（解决）3 个工作日",
        "示例工信局经办岗（确认）1 个工作日",
        "已拨付",
        '<span class="tag">确认解决</span>',
        "损失工作日",
        f'href="/duties/{blocker.duty.public_id}/"',  # type: ignore[union-attr]
    ):
        assert words in page
    past = page_of(signed_in(place.owner), f"{path_of(blocker)}?as_of=2025-03-18")
    assert (buttons(past), "待审核" in past, "已拨付" in past) == ([], True, False)


def test_page_when_an_answer_was_rejected_then_the_reason_stands_until_the_next_answer(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = answered(place, finance)
    reject_answer(act_of(place.owner), blocker, reason="资金还没到账")
    client, banner = signed_in(place.owner), "答复未获认可：资金还没到账"
    assert banner in page_of(client, path_of(blocker))
    answer_blocker(act_of(finance.standing), blocker, answer="已到账")
    assert banner not in page_of(client, path_of(blocker))
    assert '<p class="entry-text">资金还没到账</p>' in page_of(client, path_of(blocker))
    confirm_blocker(act_of(place.owner), blocker)
    Blocker.objects.filter(pk=blocker.pk).update(returned_reason="资金还没到账")  # kept as before
    assert banner not in page_of(client, path_of(blocker))


def test_page_when_the_campaigns_day_is_pinned_then_its_course_reads_in_business_days(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    pinned = act_of(finance.standing, at=NOON + dt.timedelta(days=400))
    accept_blocker(replace(pinned, business_date=TODAY + dt.timedelta(days=1)), blocker)
    page = page_of(signed_in(place.owner), path_of(blocker))
    steps = page.partition('id="steps"')[2].partition("</section>")[0]
    told = re.findall(
        r"业务日期 ([\d-]+)</span> <span>[^<]*</span> <span[^>]*>([^<]+)</span>", steps
    )
    assert told == [("2025-03-19", "受理")]


def test_act_when_the_campaigns_day_was_set_back_then_said_from_which_day_it_counts(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    accept_blocker(on(finance.standing, 2), blocker)
    way = path_of(blocker, "answer/")
    sent = {"revision": blocker.revision, "answer": "已拨付"}
    _, page = posted(signed_in(finance.standing), way, **sent)
    assert "业务日期 2025-03-18 早于上一步办理的 2025-03-20，本次按 2025-03-20 记" in page
    blocker.refresh_from_db()
    assert (blocker.state, blocker.stood_since) == ("answered", TODAY + dt.timedelta(days=2))
    _, page = posted(
        signed_in(place.owner), path_of(blocker, "confirm/"), revision=blocker.revision
    )
    blocker.refresh_from_db()
    assert (blocker.closed_on, blocker.days_lost) == (TODAY + dt.timedelta(days=2), 2)


def test_act_when_a_hidden_field_is_missing_then_told_without_its_name(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    client, way = signed_in(finance.standing), path_of(blocker, "answer/")
    for garbled in ({}, {"revision": "示例"}):
        status, page = posted(client, way, answer="已拨付", **garbled)
        assert (status, page.count("这一页没有完整提交，请返回后重新打开再填。")) == (422, 1)
        assert ("Revision" in page, "已拨付</textarea>" in page) == (False, True)


def test_urge_when_made_then_recorded_shown_and_not_twice_a_day(
    place: District,
    finance: Bureau,
    signed_in: SignIn,
    django_assert_max_num_queries: object,
) -> None:
    blocker = raised(place, finance.remover)
    client, way = signed_in(place.leader), path_of(blocker, "urge/")
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert "催办示例财政局，每个工作日一次" in page_of(client, way)
    _, page = posted(client, way, revision=1, words="本周须拨付")
    assert "已催办示例财政局：资金到位：推进示例事项" in page
    assert "本周须拨付" in page
    status, again = posted(client, way, revision=1, words="再催")
    assert (status, "每个工作日只催一次" in again, Urge.objects.count()) == (422, True, 1)


def test_urge_when_on_a_duty_then_its_page_offers_it_to_who_may(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    way = f"/blockers/urge/duty/{duty.public_id}/"
    assert way in page_of(signed_in(place.leader), f"/duties/{duty.public_id}/")
    assert way not in page_of(signed_in(place.owner), f"/duties/{duty.public_id}/")
    posted(signed_in(place.leader), way, revision=duty.revision)
    assert Urge.objects.get().duty == duty


def test_urge_when_it_would_go_up_then_no_form_opens_and_the_reason_is_told(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = accept_blocker(act_of(finance.standing), raised(place, finance.remover))
    send_up(act_of(finance.standing), blocker, to=place.leader_post)
    answer = signed_in(place.office).get(path_of(blocker, "urge/"))
    page = answer.content.decode()
    assert (answer.status_code, "<textarea" in page) == (403, False)
    assert "不能催办上级，请用「提请上级协调」，或向专班反映。" in page
    duty = issued(place)
    way = f"/blockers/urge/duty/{duty.public_id}/"
    assert signed_in(place.owner).get(way).status_code == 403
    assert signed_in(place.owner).post(way, {"revision": duty.revision}).status_code == 422
    assert Urge.objects.count() == 0


def test_report_when_a_blocker_is_named_then_kept_and_shown(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    spot = on_duty(place)
    duty = spot.duty
    assert duty is not None
    client, way = signed_in(place.owner), f"/duties/{duty.public_id}/report/"
    assert "卡在哪个堵点" not in page_of(client, way)
    blocker = raised(place, finance.remover, spot)
    assert "卡在哪个堵点" in page_of(client, f"/desk/?open={duty.public_id}")
    posted(client, way, revision=duty.revision, text="等资金", blocker=blocker.public_id)
    assert Report.objects.get().blocker == blocker
    page = page_of(client, f"/duties/{duty.public_id}/")
    assert f'卡在堵点：<a href="{path_of(blocker)}">资金到位：推进示例事项</a>' in page


def test_report_when_the_blocker_is_of_another_duty_then_refused(
    place: District, finance: Bureau
) -> None:
    other = raised(place, finance.remover)
    with pytest.raises(Exception, match="所选堵点不属于这一事项。"):
        report(act_of(place.owner), issued(place), text="等资金", blocker=other)


# The list and the causes


def three(place: District, finance: Bureau) -> list[Blocker]:
    """One closed with 4 days, one open since the same day, one withdrawn."""
    closed = raised(place, finance.remover)
    answer_blocker(on(finance.standing, 3), closed, answer="已拨付")
    confirm_blocker(on(place.owner, 6), closed)
    running = raise_blocker(act_of(place.owner), Spot(place.subject), "design")
    gone = raise_blocker(act_of(place.owner), Spot(place.subject), "pipes")
    withdraw_blocker(act_of(place.owner), gone, reason="误报")
    return [closed, running, gone]


THREE = ("成因", "状态", "损失（工日）")


def exported(client: Client, address: str, names: tuple[str, ...] = THREE) -> list[list[object]]:
    """Cells of the rows of a list, without the line of their sums."""
    joined = f"{address}{'&' if '?' in address else '?'}export=xlsx"
    sheet = load_workbook(BytesIO(client.get(joined).content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(i for i, row in enumerate(rows) if "成因" in row)
    place = {str(cell): n for n, cell in enumerate(rows[start])}
    return [
        [row[place[name]] for name in names]
        for row in rows[start + 1 :]
        if not any(str(cell).startswith("合计：") for cell in row)
    ]


def test_list_when_read_then_open_first_days_summed_withdrawn_counts_nothing(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    three(place, finance)
    client = signed_in(place.office)
    page = page_of(client, "/blockers/")
    assert (">4</td>" in page, "合计 3 项" in page, "未报" in page) == (True, True, False)
    assert exported(client, "/blockers/") == [
        ["设计变更", "待审核", 0],
        ["资金到位", "已完结", 4],
        ["管线迁改", "已撤回", None],
    ]
    whole = exported(client, "/blockers/", ("编号", "责任事项"))
    assert {code for code, _ in whole} == set(Blocker.objects.values_list("code", flat=True))
    assert {title for _, title in whole} & set(Duty.objects.values_list("title", flat=True))
    assert exported(client, "/blockers/?cause=funds&state=closed") == [["资金到位", "已完结", 4]]
    assert exported(client, f"/blockers/?subject={make_subject(place.unit).code}") == []
    past = page_of(client, "/blockers/?as_of=2025-03-17")
    assert "还没有记录" in past


def test_list_when_read_by_a_stranger_then_only_what_is_in_sight(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    raised(place, finance.remover)
    assert exported(signed_in(finance.standing), "/blockers/") == [["资金到位", "待审核", 0]]
    assert "还没有记录" in page_of(signed_in(place.stranger), "/blockers/")


def test_causes_when_read_then_ranked_and_every_number_opens_to_rows_that_sum_to_it(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    three(place, finance)
    client = signed_in(place.office)
    page = page_of(client, "/blockers/causes/")
    assert "2 项</a>堵点" in page
    assert "4 个工作日</a>（含 1 项未完结）" in page
    lines = re.findall(
        r'<th scope="row">([^<]+)</th><td[^>]*><a class="figure-link" href="([^"]+)">(\d+)</a>'
        r'.*?data-label="(?:损失|用时)（工日）"><a class="figure-link" href="([^"]+)">(\d+)</a>',
        page,
    )
    assert [(name, count, days) for name, _, count, _, days in lines][:3] == [
        ("资金到位", "1", "4"),
        ("设计变更", "1", "0"),
        ("合计", "2", "4"),
    ]
    assert [(name, count, days) for name, _, count, _, days in lines][3:7] == [
        ("示例财政局", "1", "3"),
        ("示例工信局", "1", "1"),
        ("示例专班", "1", "0"),
        ("合计", "2", "4"),
    ]
    for name, href, count, days_href, days in lines:
        rows = exported(client, href)
        assert (name, len(rows)) == (name, int(count))
        column = "在该单位（工日）" if "had=" in href else "损失（工日）"
        told = exported(client, days_href, (column,))
        assert (name, sum(row[0] for row in told)) == (name, int(days))  # type: ignore[misc]


def test_list_when_asked_for_what_a_unit_had_then_its_days_stand_beside_the_whole(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    three(place, finance)
    client = signed_in(place.office)
    code = finance.post.organisation.code
    page = page_of(client, f"/blockers/?had={code}&had={place.unit.code}&state=closed")
    assert "<span>示例财政局 <b>1</b></span>" in page
    assert "<span>示例工信局 <b>1</b></span>" in page
    names = ("成因", "由谁解决", "现由谁办", "损失（工日）", "在该单位（工日）")
    told = ["资金到位", "示例财政局", None, 4]
    before = ["资金到位", "示例财政局", "示例工信局经办岗", 3, 3]
    assert exported(client, f"/blockers/?had={code}", names) == [[*told, 3]]
    both = f"/blockers/?had={code}&had={place.unit.code}"
    assert exported(client, both, names) == [[*told, 4]]
    assert exported(client, "/blockers/?had=nothing", names) == []
    assert exported(client, f"{both}&as_of=2025-03-23", names) == [before]


def test_list_when_read_then_tells_who_has_each_now_and_who_solves_it(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    up, waits, back, _ = (raised(place, finance.remover, on_duty(place)) for _ in range(4))
    send_up(act_of(finance.standing), up)
    answer_blocker(act_of(finance.standing), waits, answer="已拨付")
    return_blocker(act_of(finance.standing), back, reason="请补充")
    client = signed_in(place.office)
    leader, clerk, bureau_ = "示例区政府副区长", "示例工信局经办岗", "示例财政局"
    told = exported(client, "/blockers/", ("状态", "现由谁办", "由谁解决"))
    assert sorted(told) == [
        ["上级协调", leader, bureau_],
        ["待审核", bureau_, bureau_],
        ["待确认", clerk, bureau_],
        ["退回", clerk, bureau_],
    ]
    page = page_of(client, "/blockers/")
    cell = r'data-label="现由谁办">([^<]+?) <small class="blocker-remover">由示例财政局解决</small>'
    assert sorted(re.findall(cell, page)) == [leader, clerk, clerk]
    grouped = page_of(client, "/blockers/?group=holder")
    assert re.findall(r"<a href=[^>]*>(示例[^<]+) <b>(\d)</b></a>", grouped) == [
        ("示例工信局", "2"),
        ("示例区政府", "1"),
        ("示例财政局", "1"),
    ]


def test_causes_when_there_is_none_then_says_how_to_raise_one(
    place: District, signed_in: SignIn
) -> None:
    page = page_of(signed_in(place.office), "/blockers/causes/")
    assert ("还没有堵点" in page, "<table" in page) == (True, False)


# Projects


def test_project_when_it_has_an_open_blocker_then_page_and_lamp_tell(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    create(system_act(), "project.add", Project(subject=place.subject, name="示例路"))
    client = signed_in(place.owner)
    way = f"/projects/{place.subject.public_id}/"
    assert "没有未完结的堵点" in page_of(client, way)
    blocker = raised(place, finance.remover, Spot(place.subject))
    page, lamp = page_of(client, way), page_of(client, f"{way}lamp/")
    assert f'href="{path_of(blocker)}">{blocker.title}</a>' in page
    assert (
        f'href="{path_of(blocker)}">{blocker.title}</a>（待审核，0 工日，现由示例财政局办）' in lamp
    )


def test_project_when_its_category_met_causes_here_then_warned_at_creation_and_on_its_page(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    road = Category.objects.create(code="road", name="市政道路", order=1)
    create(
        system_act(), "project.add", Project(subject=place.subject, name="示例路", category=road)
    )
    client = signed_in(place.office)
    fields = {"unit": place.unit.pk, "category": road.pk}
    _, before = posted(client, "/projects/new/", name="示例新路一", **fields)
    assert ("已新建：示例新路一" in before, "常见堵点" in before) == (True, False)
    blocker = raised(place, finance.remover, Spot(place.subject))
    answer_blocker(on(finance.standing, 3), blocker, answer="已拨付")
    confirm_blocker(on(place.owner, 6), blocker)
    _, after = posted(client, "/projects/new/", name="示例新路二", **fields)
    assert "本区市政道路项目常见堵点：资金到位 1 项 4 工日，请提前安排。" in after
    page = page_of(client, f"/projects/{Project.objects.get(name='示例新路二').subject.public_id}/")
    found = re.search(r'常见堵点：<a href="([^"]+)">资金到位</a> 1 项、4 工日', page)
    assert found is not None
    assert exported(client, found[1]) == [["资金到位", "已完结", 4]]
    own = page_of(client, f"/projects/{place.subject.public_id}/")
    assert "常见堵点" not in own
