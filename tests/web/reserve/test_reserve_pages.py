"""Pages of the reserve through the client: list, page, phone form, acts, desk, hand-over."""

import io
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.attraction.actions import add_lead, move_lead
from guatu.investment import actions
from guatu.investment.enums import OpinionVerdict
from guatu.investment.models import Admission, Project
from guatu.loop.models import Blocker
from tests.factories import NOON, TODAY, act_of
from tests.web.reserve.conftest import Reserve, SignIn

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
AGREE = OpinionVerdict.AGREE


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def text_of(client: Client, address: str, **query: str) -> str:
    return unescape(client.get(address, query).content.decode())


def admit(reserve: Reserve) -> None:
    actions.review(act_of(reserve.world.office), reserve.row, AGREE)
    actions.review(act_of(reserve.leader), reserve.row, AGREE)


def fill(reserve: Reserve, number: int, mark: str = "") -> None:
    """Ideas of which every second tells an estimate, each submitted and returned once."""
    world = reserve.world
    for at in range(number):
        row = actions.propose(
            act_of(world.clerk),
            name=f"示例谋划{mark}{at}",
            unit=world.unit,
            origin="plan",
            content="示例",
            total_wan=Decimal(100),
        )
        actions.submit(act_of(world.clerk), row)
        actions.review(act_of(world.office), row, OpinionVerdict.RETURN, words="补土地")
        if at % 2 == 0:
            project = row.subject.project
            actions.edit_project(act_of(world.clerk), project, total_wan=None, reason="示例")


def test_list_when_filtered_searched_and_exported_then_the_same_rows_and_sums(
    reserve: Reserve, signed_in: SignIn
) -> None:
    fill(reserve, 4)
    client = signed_in(reserve.world.office)
    told = text_of(client, "/reserve/", state="returned")
    assert ("示例谋划0" in told, "示例产业园" in told, "含 2 项未报" in told) == (True, False, True)
    assert "土地现状" in told
    found = text_of(client, "/reserve/", q="slcyy")
    assert ("示例产业园" in found, "示例谋划" in found) == (True, False)
    book = load_workbook(io.BytesIO(client.get("/reserve/?origin=plan&export=xlsx").content))
    names = [str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line]
    assert sum(name.startswith("示例谋划") for name in names) == 4
    assert "储备项目" in text_of(client, "/search/", q="slcyy")
    assert "示例产业园" not in text_of(client, "/projects/")
    for page in ("/reserve/", "/search/"):
        assert "示例产业园" not in text_of(signed_in(reserve.world.stranger), page, q="slcyy")


def test_list_when_taken_out_then_only_when_asked_for(reserve: Reserve, signed_in: SignIn) -> None:
    admit(reserve)
    actions.remove_reserve(act_of(reserve.leader), reserve.row, reason="示例")
    client = signed_in(reserve.world.clerk)
    assert "示例产业园" not in text_of(client, "/reserve/")
    assert "示例产业园" in text_of(client, "/reserve/", state="removed")


def test_pages_when_there_are_more_rows_then_no_more_queries(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client = signed_in(reserve.world.office)
    school = reverse("projects:project", args=[reserve.world.school.subject.public_id])
    addresses = ["/reserve/", "/desk/", reserve.address(), reserve.address("review"), school]
    fill(reserve, 2)
    for one in addresses:
        counted(client, one)  # what a process reads once
    few = [counted(client, one) for one in addresses]
    fill(reserve, 6, "又")
    assert [counted(client, one) for one in addresses] == few
    assert max(few) <= MOST_QUERIES


def test_page_when_judged_then_rail_opinions_and_the_acts_of_each_reader(
    reserve: Reserve, signed_in: SignIn
) -> None:
    clerk, office = signed_in(reserve.world.clerk), signed_in(reserve.world.office)
    shown = text_of(clerk, reserve.address())
    assert ("/do/withdraw/" in shown, "/do/edit/" in shown, "/do/review/" in shown) == (
        *(True, False, False),
    )
    assert "/do/review/" in text_of(office, reserve.address())
    answer = office.post(reserve.address("review"), {"verdict": "return", "words": ""})
    assert (answer.status_code, "退回修改须写明要改什么" in answer.content.decode()) == (422, True)
    form = {"verdict": "return", "words": "请补运营模式", "revision": reserve.row.revision}
    assert office.post(reserve.address("review"), form).status_code == 302
    shown = text_of(clerk, reserve.address())
    assert ("请补运营模式" in shown, "第 1 次报送" in shown, "/do/submit/" in shown) == (
        *(True, True, True),
    )
    stale = clerk.post(reserve.address("submit"), {"revision": 1})
    assert (stale.status_code, "刚被别人改过" in stale.content.decode()) == (422, True)
    assert signed_in(reserve.world.stranger).get(reserve.address()).status_code == 404
    assert clerk.get(reserve.address("review")).status_code == 404


def test_final_review_when_asked_of_who_judged_first_then_not_offered_and_said_before_any_word(
    reserve: Reserve, signed_in: SignIn
) -> None:
    actions.review(act_of(reserve.world.office), reserve.row, AGREE)
    first, leader = signed_in(reserve.world.office), signed_in(reserve.leader)
    sentence = "初审和终审须由不同的人办理，本件初审是您办的。"
    page = text_of(first, reserve.address())
    assert ("/do/review/" in page, sentence in page) == (False, True)
    assert "终审：示例产业园" not in text_of(first, "/desk/")
    asked = first.get(reserve.address("review"))
    assert (asked.status_code, sentence in asked.content.decode()) == (403, True)
    assert "<form" not in asked.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "终审：示例产业园" in text_of(leader, "/desk/")
    assert leader.get(reserve.address("review")).status_code == 200


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("edit", "「示例产业园」现在是待初审，不能修改。"),
        ("submit", "现在是待初审，不能报送审核。"),
        ("remove", "现在是待初审，不能退库。"),
        ("restore", "现在是待初审，不能恢复。"),
        ("transfer", "现在是待初审，不能转为实施项目。"),
    ],
)
def test_act_when_it_does_not_follow_then_said_instead_of_asking(
    reserve: Reserve, signed_in: SignIn, slug: str, words: str
) -> None:
    client = signed_in(reserve.world.office)
    answer = client.get(reserve.address(slug))
    assert (answer.status_code, words in answer.content.decode()) == (403, True)
    assert client.get(reserve.address("withdraw")).status_code == 200


def test_act_when_nothing_waits_then_neither_withdrawing_nor_judging_is_asked(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client = signed_in(reserve.world.office)
    actions.withdraw(act_of(reserve.world.clerk), reserve.row)
    for slug, words in (("withdraw", "不能撤回。"), ("review", "没有待审核的报送。")):
        answer = client.get(reserve.address(slug))
        assert (answer.status_code, words in answer.content.decode()) == (403, True)
    assert client.get(reserve.address("remove")).status_code == 200


def test_rail_when_taken_out_then_stands_where_it_was_left(
    reserve: Reserve, signed_in: SignIn
) -> None:
    admit(reserve)
    actions.remove_reserve(act_of(reserve.leader), reserve.row, reason="示例")
    rail = signed_in(reserve.world.clerk).get(reserve.address()).context["rail"]
    assert [(step.name, step.word) for step in rail] == [
        ("谋划", "已完成"),
        ("初审", "已完成"),
        ("终审", "已完成"),
        ("储备", "停在此"),
        ("实施", "未开始"),
    ]


def test_page_when_read_as_of_a_past_day_then_as_it_stood_and_nothing_to_do(
    reserve: Reserve, signed_in: SignIn
) -> None:
    later = act_of(reserve.world.office, NOON.replace(day=NOON.day + 2))
    actions.review(later, reserve.row, AGREE, words="示例同意")
    client = signed_in(reserve.world.office)
    past = text_of(client, reserve.address(), as_of=TODAY.isoformat())
    assert ("待初审" in past, "示例同意" in past, "/do/" in past) == (True, False, False)
    assert "待终审" in text_of(client, reserve.address())
    assert client.get(reserve.address("review"), {"as_of": TODAY.isoformat()}).status_code == 404


def test_idea_when_sent_from_the_phone_form_then_proposed_and_unknown_stays_unknown(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client, unit = signed_in(reserve.world.clerk), reserve.world.unit
    bad = client.post("/reserve/new/", {"name": "", "unit": unit.pk})
    told = bad.content.decode()
    assert (bad.status_code, "请选择项目来源" in told, "请填写项目名称" in told) == (
        422,
        True,
        True,
    )
    form = {"name": "示例停车楼", "origin": "proposal", "unit": unit.pk, "content": "400个车位"}
    assert client.post("/reserve/new/", form).status_code == 302
    row = Admission.objects.get(subject__title="示例停车楼")
    assert (row.state, row.origin, row.subject.project.total_wan) == ("idea", "proposal", None)
    page = f"/reserve/{row.subject.public_id}/"
    assert "报初审还缺：总投资" in text_of(client, page)
    refused = client.post(f"{page}do/submit/", {})
    assert (refused.status_code, "报初审还缺：总投资" in refused.content.decode()) == (422, True)


def test_desk_when_it_waits_then_the_judges_find_it_and_the_clerk_what_came_back(
    reserve: Reserve, signed_in: SignIn
) -> None:
    world = reserve.world
    assert "初审：示例产业园" in text_of(signed_in(world.office), "/desk/")
    assert "示例产业园" not in text_of(signed_in(reserve.leader), "/desk/")
    actions.review(act_of(world.office), reserve.row, AGREE)
    assert "终审：示例产业园" in text_of(signed_in(reserve.leader), "/desk/")
    actions.review(act_of(reserve.leader), reserve.row, OpinionVerdict.RETURN, words="再论证")
    assert "修改再报：示例产业园" in text_of(signed_in(world.clerk), "/desk/")


def test_transfer_when_confirmed_then_on_to_its_plan_and_its_page_keeps_the_record(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client = signed_in(reserve.world.clerk)
    project = reverse("projects:project", args=[reserve.row.subject.public_id])
    assert client.get(project)["Location"] == reserve.address()
    admit(reserve)
    done = client.post(reserve.address("transfer"), {"revision": reserve.row.revision})
    assert done["Location"] == reverse("plans:begin", args=[reserve.row.subject.public_id])
    assert client.get(done["Location"]).status_code == 200
    assert "/reserve/of/" in text_of(client, project)
    card = client.get(
        reverse("reserve:of_subject", args=[reserve.row.subject.public_id]),
        headers={"HX-Request": "true"},
    )
    assert "终审同意" in card.content.decode()
    assert "示例产业园" in text_of(client, "/projects/")
    assert "示例产业园" not in text_of(client, "/reserve/")


def test_transfer_when_something_is_missing_then_led_to_fill_it_in_instead_of_confirming(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client = signed_in(reserve.world.clerk)
    admit(reserve)
    assert "确认转为实施" in text_of(client, reserve.address("transfer"))
    Project.objects.filter(subject=reserve.row.subject).update(category=None)
    page = text_of(client, reserve.address("transfer"))
    assert "确认转为实施" not in page
    assert "补上项目类别后才能转为实施项目" in page
    assert f'href="{reserve.address("edit")}">去补' in page
    refused = client.post(reserve.address("transfer"), {"revision": reserve.row.revision})
    assert "转为实施项目还缺：项目类别" in refused.content.decode()


def test_edit_when_a_figure_is_known_then_shown_as_people_write_it(
    reserve: Reserve, signed_in: SignIn
) -> None:
    admit(reserve)
    Project.objects.filter(subject=reserve.row.subject).update(total_wan=Decimal("8000.50"))
    page = text_of(signed_in(reserve.world.clerk), reserve.address("edit"))
    assert 'name="total_wan" value="8000.5"' in page


def test_lead_when_handed_into_the_reserve_then_an_idea_that_tells_where_it_came_from(
    reserve: Reserve, signed_in: SignIn
) -> None:
    world = reserve.world
    lead = add_lead(
        act_of(world.clerk),
        name="示例冷链线索",
        unit=world.unit,
        investor="示例公司",
        intended_wan=Decimal(3000),
        owner_post=world.clerk.posts[0],
    )
    move_lead(act_of(world.clerk), lead, "talk")
    move_lead(act_of(world.clerk), lead, "sign")
    client = signed_in(world.clerk)
    form = {"name": "示例冷链基地", "into": "reserve", "revision": lead.revision}
    address = reverse("leads:hand_over", args=[lead.subject.public_id])
    assert client.post(address, form).status_code == 302
    project = Project.objects.get(name="示例冷链基地")
    assert (project.stage, project.subject.admission.origin) == (None, "lead")
    assert "由招商线索" in text_of(client, f"/reserve/{project.subject.public_id}/")


def test_page_when_something_is_in_its_way_or_owed_then_blockers_and_duties_stand_on_it(
    reserve: Reserve, signed_in: SignIn
) -> None:
    key = reserve.row.subject.public_id
    clerk = signed_in(reserve.world.clerk)
    raising = reverse("blockers:raise_subject", args=[key])
    shown = text_of(clerk, reserve.address())
    assert (raising in shown, "新增交办" in shown) == (True, False)
    assert clerk.post(raising, {"cause": "discord"}).status_code == 302
    leader = signed_in(reserve.leader)
    charging = f"{reverse('duties:new')}?subject={key}"
    assert charging in text_of(leader, reserve.address())
    told = {"title": "落实用地", "owner_post": reserve.world.clerk.posts[0].public_id}
    assert leader.post(charging, told).status_code == 302
    page = text_of(leader, reserve.address())
    assert "落实用地" in page
    assert reverse("blockers:blocker", args=[Blocker.objects.get().public_id]) in page
    assert "落实用地" not in text_of(leader, reserve.address(), as_of="2025-03-10")


def test_list_when_grouped_then_by_state_unit_category_or_origin(
    reserve: Reserve, signed_in: SignIn
) -> None:
    fill(reserve, 2)
    client = signed_in(reserve.world.office)
    for group, names in {
        "state": ["待初审", "退回修改"],
        "unit": [str(reserve.world.unit)],
        "category": ["园区平台", "未知"],
        "origin": ["规划纲要", "单位谋划"],
    }.items():
        for past in ("", f"&as_of={TODAY}"):
            blocks = client.get(f"/reserve/?group={group}{past}").context["listing"].blocks
            assert [one.group.name for one in blocks] == names, (group, past)
