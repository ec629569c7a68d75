"""The weekly brief: its words only say what was recorded; scopes, remarks, the docx."""

import datetime as dt
import io

import pytest
from django.test import Client
from docx import Document

from guatu.campaign.brief import brief_of, paragraphs_of, read_scope, week_at
from guatu.investment.actions import add_project
from guatu.loop.actions import ask_extension, report
from guatu.loop.actions.timetable import PlannedNode, plan_nodes
from guatu.register.enums import OrganisationKind
from guatu.register.models import BriefRemark
from guatu.register.organisations import add_organisation
from guatu.register.policies import Standing
from tests.factories import NOON, TODAY, act_of, system_act
from tests.loop.blockers import raised
from tests.loop.builders import District, doing, issued, make_loop

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2025, 3, 17)


def signed_in(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def place() -> District:
    return make_loop()


def told_by(standing: Standing, scope: str = "district") -> tuple[str, ...]:
    week, whose = week_at(MONDAY, TODAY, None), read_scope(standing, scope)
    assert week is not None
    assert whose is not None
    return paragraphs_of(brief_of(standing, week, whose))


def test_brief_when_nothing_happened_then_it_says_so(place: District) -> None:
    assert told_by(place.office) == (
        "一、本周情况",
        "本周没有记录到下达、办结、上报、函件往来、灯色变化和投资数据更新。",
        (
            "截至3月18日，在办责任事项 0 件（与上周末持平），其中逾期 0 件（与上周末持平）、"
            "临期 0 件（与上周末持平）。本周新下达 0 件（上周 0 件），办结 0 件（上周 0 件）。"
        ),
        (
            "项目 0 个（与上周末持平），亮红灯 0 个（与上周末持平），亮黄灯 0 个（与上周末持平）。"
            "本周灯色转差 0 个，转好 0 个。"
        ),
        (
            "未完结堵点 0 项（与上周末持平），其中上级协调 0 项（与上周末持平）。"
            "本周新上报 0 项（上周 0 项），完结 0 项（上周 0 项）。"
        ),
        (
            "待回复函件 0 件（与上周末持平），其中逾期未回复 0 件（与上周末持平）。"
            "本周送达 0 件（上周 0 件），收到回复 0 件（上周 0 件）。"
        ),
        "二、逾期事项及原因",
        "没有逾期的责任事项。",
        "三、需研究决定的事项",
        "没有待批的延期和提请协调的堵点。",
        "四、下周时间节点",
        "下周没有到期的责任事项和项目节点。",
    )


def test_brief_when_duties_are_late_then_blocker_else_report_else_unreported(
    place: District,
) -> None:
    late = dt.date(2025, 3, 10)
    for title in ("示例未报", "示例已报"):
        issued(place, due=late, title=title)
    duty = doing(place, due=late)
    report(act_of(place.owner), duty, text="正在招标")
    raised(place)
    lines = [line for line in told_by(place.office) if "应于3月10日完成" in line]
    assert len(lines) == 3
    assert sum("最近报告：「正在招标」" in line for line in lines) == 1
    assert sum("未报原因" in line for line in lines) == 2


def test_brief_when_an_extension_is_asked_then_days_stand_as_elsewhere_in_the_paper(
    place: District,
) -> None:
    duty = doing(place, due=dt.date(2025, 3, 25))
    ask_extension(act_of(place.owner), duty, to_due=dt.date(2026, 1, 8), reason="等待批复")
    lines = [line for line in told_by(place.office) if "申请由" in line]
    assert len(lines) == 1
    assert "申请由3月25日延期到2026年1月8日，理由：等待批复" in lines[0]


def test_scope_when_not_ones_own_then_missing(place: District) -> None:
    owner = signed_in(place.owner)
    root, own = place.root.code, place.unit.code
    leader = place.leader_post.public_id
    answers = {
        path: owner.get(f"/brief/2025-03-17/{path}/").status_code
        for path in ("district", f"unit-{own}", f"unit-{root}", f"leader-{leader}", "nonsense")
    }
    assert list(answers.values()) == [200, 200, 404, 404, 404]
    assert owner.get("/brief/2025-03-18/district/").status_code == 404
    assert owner.get("/brief/2025-03-24/district/").status_code == 404
    assert owner.get("/brief/2025-99-99/district/").status_code == 404
    assert owner.get("/brief/")["Location"] == f"/brief/2025-03-17/unit-{own}/"


def test_remark_when_written_then_in_the_docx_and_a_second_hand_is_told(place: District) -> None:
    office = signed_in(place.office)
    address = "/brief/2025-03-17/district/"
    told = {"text": "请各单位抓紧。\r\n另行通知。", "revision": "0"}
    assert office.post(f"{address}remark/", told)["Location"] == address
    assert office.post(f"{address}remark/", told | {"text": "别的"}).status_code == 422
    assert BriefRemark.objects.get().text == "请各单位抓紧。\n另行通知。"
    answer = office.get(f"{address}docx/")
    words = [line.text for line in Document(io.BytesIO(answer.content)).paragraphs]
    place_of = words.index("五、补充说明")
    assert words[place_of + 1 : place_of + 3] == ["请各单位抓紧。", "另行通知。"]
    assert "示例攻坚年每周简报（全区，3月17日至3月18日）" in words
    owner = signed_in(place.owner)
    assert owner.post(f"{address}remark/", told).status_code == 404
    own = f"/brief/2025-03-17/unit-{place.unit.code}/remark/"
    assert owner.post(own, {"text": "本单位情况", "revision": "0"}).status_code == 302


def heads_of(standing: Standing, scope: str) -> tuple[str, str, str]:
    """Letterhead, title and addressee of the docx."""
    answer = signed_in(standing).get(f"/brief/2025-03-17/{scope}/docx/")
    words = [line.text for line in Document(io.BytesIO(answer.content)).paragraphs]
    title = next(place for place, line in enumerate(words) if "每周简报" in line)
    issuer = next(line for line in words if line.strip())
    return issuer, words[title], next(line for line in words[title + 1 :] if line.strip())


def test_docx_when_reader_does_not_see_all_then_headed_by_their_unit_and_told_to_the_office(
    place: District,
) -> None:
    add_organisation(
        system_act(),
        name="示例工作专班",
        kind=OrganisationKind.TASK_FORCE,
        rank=1,
        parent=place.root,
    )
    week, unit = "3月17日至3月18日", place.unit
    title = "示例攻坚年每周简报（{}，" + week + "）"
    own = f"unit-{unit.code}"
    assert heads_of(place.office, "district") == ("示例工作专班", title.format("全区"), "区领导：")
    assert heads_of(place.office, own) == (
        "示例工作专班",
        title.format(unit.name),
        f"{unit.name}：",
    )
    assert heads_of(place.owner, "district") == (
        unit.name,
        title.format("本岗位可见范围"),
        "示例工作专班：",
    )
    assert heads_of(place.owner, own) == (unit.name, title.format(unit.name), "示例工作专班：")


def test_coming_when_a_node_is_nobodys_own_then_its_projects_unit(place: District) -> None:
    act = system_act(NOON - dt.timedelta(days=3), TODAY - dt.timedelta(days=3))
    project = add_project(act, name="示例中学", unit=place.unit)
    node = PlannedNode("start", "开工", "start", 1, due=dt.date(2025, 3, 26))
    plan_nodes(act, {project.subject: [node]})
    (line,) = [line for line in told_by(place.office) if "示例中学：开工" in line]
    assert line == f"1. 3月26日　示例中学：开工（{place.unit}）。"
    page = signed_in(place.office).get("/brief/2025-03-17/district/?as_of=2025-03-17")
    assert [item["item"].unit for item in page.context["coming"]] == [str(place.unit)]
