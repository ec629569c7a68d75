"""The pages of projects: what they show, to whom, at what cost."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.investment.actions import (
    edit_project,
    finish_node,
    make_timetable,
    name_party,
    record_money,
    set_monthly_image,
)
from guatu.investment.actions.projects import add_project
from guatu.investment.models import Project
from guatu.loop.models import Activity, Lamp
from guatu.register.enums import Basis, PartyRole, Role
from guatu.register.models import Officer, Sourced
from guatu.register.versions import SHANGHAI
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.investment.conftest import World, world  # noqa: F401 -- a fixture is used by its name
from tests.web.confirming import confirm, look

DAY = dt.timedelta(days=1)


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    return client


def url(project: Project, tail: str = "") -> str:
    return f"/projects/{project.subject.public_id}/{tail}"


@pytest.fixture
def busy(world: World) -> World:  # noqa: F811 -- a fixture is used by its name
    """The school with dates, money, images, people."""
    act = act_of(world.clerk)
    make_timetable(act, world.school, {"funds": TODAY - 8 * DAY, "permit": TODAY + 40 * DAY})
    record_money(
        act,
        world.school.subject,
        indicator="paid",
        period="2025-02",
        basis=Basis.CUMULATIVE,
        value=Decimal("1234.5"),
        source="月报",
    )
    set_monthly_image(act, world.school, "2025-04", "完成桩基")
    name_party(
        act,
        world.school,
        role=PartyRole.CONTACT,
        outside_name="示例联系人",
        outside_phone="13900000000",
    )
    return world


def test_list_when_read_then_lamp_words_days_and_sum_with_unreported(busy: World) -> None:
    add_project(system_act(), name="示例<b>路</b>", unit=busy.unit, total_wan=Decimal(100))
    page = signed_in(busy.office.officer).get("/projects/").content.decode()
    assert "红 · 逾期 8 天" in page
    assert "建设资金落实</span>" in page
    assert "示例&lt;b&gt;路&lt;/b&gt;" in page
    assert re.search(r"合计 2 项.*?100<small>含 1 项未报", page, re.DOTALL)


def test_list_when_lamp_chosen_then_only_those(busy: World) -> None:
    add_project(system_act(), name="示例未评项目", unit=busy.unit)
    page = signed_in(busy.office.officer).get("/projects/?lamp=red").content.decode()
    assert ("示例小学" in page, "示例未评项目" in page) == (True, False)


def test_list_when_stranger_then_empty_and_page_missing(busy: World) -> None:
    client = signed_in(busy.stranger.officer)
    assert "示例小学" not in client.get("/projects/").content.decode()
    assert "示例小学" not in client.get("/wall/").content.decode()
    found = [
        client.get(url(busy.school, tail)).status_code
        for tail in ("", "lamp/", "sources/name/", "do/edit/", "nodes/funds/finish/")
    ]
    assert found == [404] * 5


def test_list_when_administrator_then_missing(busy: World) -> None:
    officer = make_officer(make_post(busy.district, Role.SYSTEM_ADMIN))
    client = signed_in(officer)
    assert [client.get(path).status_code for path in ("/projects/", "/wall/")] == [404, 404]
    assert client.get(url(busy.school)).status_code == 404


def test_page_when_statistician_then_reads_and_cannot_act(busy: World) -> None:
    client = signed_in(make_officer(make_post(busy.district, Role.STATISTICIAN)))
    page = client.get(url(busy.school)).content.decode()
    assert "示例小学" in page
    assert "/do/edit/" not in page
    assert "139******00" in page
    assert client.get(url(busy.school, "do/edit/")).status_code == 404
    assert client.post(url(busy.school, "do/money/"), {}).status_code == 404


def test_page_when_specialist_named_then_forecasts_only(busy: World) -> None:
    post = make_post(busy.other, Role.SPECIALIST, "服务专员")
    client = signed_in(make_officer(post))
    assert client.get(url(busy.school)).status_code == 404
    name_party(act_of(busy.clerk), busy.school, role=PartyRole.SPECIALIST, post=post)
    assert client.get(url(busy.school)).status_code == 200
    answer = client.post(
        url(busy.school, "nodes/funds/forecast/"), {"day": TODAY + DAY, "revision": 1}
    )
    assert answer.status_code == 302
    assert Activity.objects.get(node="funds").forecast == TODAY + DAY
    assert client.get(url(busy.school, "nodes/funds/finish/")).status_code == 404


def test_page_when_read_then_money_images_missing_and_people(busy: World) -> None:
    page = signed_in(busy.clerk.officer).get(url(busy.school)).content.decode()
    assert "1,234.50" in page
    assert "1—2月累计" in page
    assert "完成桩基" in page
    assert "「资金构成」未填" in page
    assert "13900000000" in page
    assert "今天在此" in page


def test_lamp_when_opened_then_rule_node_days_owner(busy: World) -> None:
    page = signed_in(busy.clerk.officer).get(url(busy.school, "lamp/")).content.decode()
    for words in ("建设资金落实", "逾期 8 天", "示例建设局", "项目节点亮灯界限", "待核"):
        assert words in page


def test_lamp_when_unrated_then_says_why(world: World) -> None:  # noqa: F811 -- as above
    page = signed_in(world.clerk.officer).get(url(world.school, "lamp/")).content.decode()
    assert "尚未排定节点，无法评判。" in page
    assert Lamp.objects.count() == 0


@pytest.mark.parametrize("as_of", ["", "?as_of=2025-03-18"])
def test_pages_when_read_then_few_queries(
    busy: World, django_assert_max_num_queries: DjangoAssertNumQueries, as_of: str
) -> None:
    client = signed_in(busy.office.officer)
    for n in range(5):
        add_project(system_act(), name=f"示例项目{n}", unit=busy.unit)
    for path in ("/projects/", url(busy.school), url(busy.school, "lamp/"), "/wall/"):
        with django_assert_max_num_queries(25):
            assert client.get(path + as_of).status_code == 200


def test_page_when_as_of_earlier_then_old_values_and_no_acts(busy: World) -> None:
    late = NOON + 3 * DAY
    act = act_of(busy.clerk, late)
    edit_project(act, busy.school, name="示例新小学", reason="更名")
    finish_node(act, busy.school, "funds", day=TODAY)
    client = signed_in(busy.clerk.officer)
    page = client.get(f"{url(busy.school)}?as_of=2025-03-18").content.decode()
    assert "<h1>示例小学" in page.replace("\n", "")
    assert "逾期 8 天" in page
    assert "登记完成" not in page
    now = client.get(url(busy.school)).content.decode()
    assert "示例小学" in now  # in the history, old → new
    assert "更名" in now
    listed = client.get("/projects/?as_of=2025-03-18").content.decode()
    assert ("示例小学" in listed, "示例新小学" in listed) == (True, False)


def test_edit_when_known_value_changed_without_reason_then_error_stands_twice(
    busy: World,
) -> None:
    client = signed_in(busy.clerk.officer)
    values = {"name": "示例二小学", "unit": busy.unit.pk, "revision": busy.school.revision}
    values["category"] = busy.school.category_id or 0
    answer = client.post(url(busy.school, "do/edit/"), values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("须写明理由") == 2
    assert 'value="示例二小学"' in page
    answer = client.post(url(busy.school, "do/edit/"), {**values, "reason": "更名"})
    assert answer.status_code == 302
    assert Project.objects.get(pk=busy.school.pk).name == "示例二小学"


def test_edit_when_changed_by_another_then_plain_message_and_input_kept(busy: World) -> None:
    edit_project(act_of(busy.office), busy.school, address="示例街")
    client = signed_in(busy.clerk.officer)
    values = {"name": "示例小学", "unit": busy.unit.pk, "revision": 1, "content": "二十四个班"}
    answer = client.post(url(busy.school, "do/edit/"), values)
    assert answer.status_code == 422
    assert "刚被别人改过" in answer.content.decode()
    assert "二十四个班" in answer.content.decode()


def test_new_when_unit_of_another_then_refused(busy: World) -> None:
    client = signed_in(busy.clerk.officer)
    answer = client.post("/projects/new/", {"name": "示例医院", "unit": busy.other.pk})
    assert answer.status_code == 422
    answer = client.post("/projects/new/", {"name": "示例医院", "unit": busy.unit.pk})
    assert answer.status_code == 302
    made = Project.objects.get(name="示例医院")
    assert (made.total_wan, made.stage, made.subject.unit) == (None, None, busy.unit)


def test_finish_when_day_in_future_then_error_and_when_past_then_done(busy: World) -> None:
    client = signed_in(busy.clerk.officer)
    address = url(busy.school, "nodes/funds/finish/")
    answer = client.post(address, {"day": TODAY + DAY, "revision": 1})
    assert (answer.status_code, "还没有到" in answer.content.decode()) == (422, True)
    assert client.post(address, {"day": TODAY, "revision": 1}).status_code == 302
    assert Activity.objects.get(node="funds").finished == TODAY


def test_finish_when_day_before_the_campaign_then_a_box_to_tick_and_then_done(busy: World) -> None:
    client = signed_in(busy.clerk.officer)
    address = url(busy.school, "nodes/funds/finish/")
    told = {"day": "2023-06-01", "revision": 1, "note": "示例批复"}
    box = "情况属实，仍按此登记"
    assert box not in client.get(address).content.decode()
    asked = client.post(address, told)
    page = asked.content.decode()
    assert (asked.status_code, box in page) == (422, True)
    assert page.count("完成日期 2023-06-01 早于攻坚年开始的 2025-01-01") == 2
    wrong = client.post(address, told | {"day": "2031-01-01", "knowing": "on"}).content.decode()
    assert (box in wrong, "checked" in wrong) == (True, True)
    assert client.post(address, told | {"knowing": "on"}).status_code == 302
    assert Activity.objects.get(node="funds").finished == dt.date(2023, 6, 1)


def test_bulk_when_checked_then_units_change_and_unseen_rows_are_ignored(busy: World) -> None:
    foreign = add_project(system_act(), name="示例他项", unit=make_unit(busy.other))
    rows = [str(busy.school.subject.public_id), str(foreign.subject.public_id), "x"]
    client = signed_in(busy.clerk.officer)
    given = {"unit": busy.unit.pk, "reason": "职责调整"}
    page = look(client, "/projects/bulk/unit/", {"row": rows, **given}).content.decode()
    assert ("示例小学" in page, "示例他项" in page) == (True, False)
    office = signed_in(busy.office.officer)
    given = {"unit": busy.other.pk, "reason": "职责调整"}
    answer = confirm(office, "/projects/bulk/unit/", {"row": rows[:1], **given})
    assert answer.status_code == 302
    assert Project.objects.get(pk=busy.school.pk).subject.unit == busy.other


def test_source_when_field_has_cell_then_page_shows_it(busy: World) -> None:
    from tests.investment.test_ledger import a_cell  # noqa: PLC0415 -- one builder, used once

    Sourced.objects.create(
        subject=busy.school.subject,
        field="project.name",
        cell=a_cell("B4", "★示例小学"),
        at=dt.datetime(2025, 3, 1, tzinfo=SHANGHAI),
    )
    client = signed_in(busy.clerk.officer)
    page = client.get(url(busy.school, "sources/name/")).content.decode()
    assert "★示例小学" in page
    assert "示例台账.csv · 表1!B4" in page
    assert client.get(url(busy.school, "sources/funding/")).status_code == 404


def test_figure_when_opened_then_every_version_with_its_source(busy: World) -> None:
    record_money(
        act_of(busy.clerk, NOON + DAY),
        busy.school.subject,
        indicator="paid",
        period="2025-02",
        basis=Basis.CUMULATIVE,
        value=Decimal(1300),
        source="月报更正",
    )
    client = signed_in(busy.clerk.officer)
    address = url(busy.school, "sources/paid.2025-02.cumulative/")
    assert address in client.get(url(busy.school)).content.decode()
    page = client.get(address).content.decode()
    assert re.findall(r"<b>([\d,.]+)</b> 万元", page) == ["1,300.00", "1,234.50"]
    assert page.index("现用") < page.index("已被新数取代")
    assert "<h1>2025-02 资金支付（累计）的出处</h1>" in page
    past = client.get(f"{address}?as_of=2025-03-18").content.decode()
    assert re.findall(r"<b>([\d,.]+)</b> 万元", past) == ["1,234.50"]
    assert client.get(url(busy.school, "sources/paid.2025-03.period/")).status_code == 404
    assert client.get(url(busy.school, "sources/paid/")).status_code == 404


def test_export_when_unit_officer_then_holds_own_rows_only(busy: World) -> None:
    client = signed_in(busy.stranger.officer)
    own = client.get("/projects/?export=xlsx")
    assert own["Content-Type"].startswith("application/vnd.openxmlformats")
    import io  # noqa: PLC0415 -- only here

    from openpyxl import load_workbook  # noqa: PLC0415 -- as above

    cells = [
        cell.value
        for row in load_workbook(io.BytesIO(own.content)).active.iter_rows()
        for cell in row
    ]
    assert "示例小学" not in cells
