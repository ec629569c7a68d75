"""Pages of enterprises: list, one enterprise today and on a past day, forms."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guatu.register.enterprises import add_enterprise, edit_enterprise, relate, rename_enterprise
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import (
    Enterprise,
    EnterpriseRelation,
    Event,
    Industry,
    Organisation,
    Subject,
)
from guatu.register.subjects import assign_subject
from tests.factories import (
    NOON,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_unit,
    system_act,
)
from tests.web.forms_sent import opened, said_at, shown

pytestmark = pytest.mark.django_db
LIST = "/enterprises/"


@pytest.fixture
def district() -> Organisation:
    root = make_district()
    make_campaign(root)
    return root


@pytest.fixture
def unit(district: Organisation) -> Organisation:
    return make_unit(district, "示例局")


def logged_in(client: Client, unit: Organisation, role: Role) -> Client:
    client.force_login(make_officer(make_post(unit, role)))
    return client


def page_of(firm: Enterprise, name: str = "enterprise") -> str:
    return reverse(f"enterprises:{name}", args=[firm.subject.public_id])


def test_list_when_unit_looks_then_own_only_even_in_search_and_export(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    add_enterprise(system_act(), name="示例甲厂", unit=unit)
    add_enterprise(system_act(), name="示例乙厂", unit=make_unit(district, "示例二局"))
    logged_in(client, unit, Role.UNIT)
    for address in (LIST, f"{LIST}?q=示例"):
        text = client.get(address).content.decode()
        assert ("示例甲厂" in text, "示例乙厂" in text) == (True, False)
    book = load_workbook(io.BytesIO(client.get(f"{LIST}?export=xlsx").content))
    values = [cell.value for row in book.active.iter_rows() for cell in row]
    assert ("示例甲厂" in values, "示例乙厂" in values) == (True, False)


@pytest.mark.parametrize("text", ["slyxc", "示例旧厂", "QY-00001", "新厂"])
def test_list_when_searched_by_initials_former_name_or_code_then_found(
    client: Client, unit: Organisation, text: str
) -> None:
    firm = add_enterprise(system_act(), name="示例旧厂", unit=unit)
    rename_enterprise(system_act(), firm, "示例原新厂", since=dt.date(2025, 3, 2))
    add_enterprise(system_act(), name="别家", unit=unit)
    found = logged_in(client, unit, Role.OFFICE).get(LIST, {"q": text})
    text = found.content.decode()
    assert ("示例原新厂" in text, "别家" in text) == (True, False)


def test_page_when_read_as_of_a_past_day_then_that_days_name_and_no_act(
    client: Client, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例旧厂", unit=unit)
    later = NOON + dt.timedelta(days=3)
    rename_enterprise(system_act(later), firm, "示例新厂", since=later.date())
    logged_in(client, unit, Role.OFFICE)
    past = client.get(page_of(firm), {"as_of": "2025-03-18"}).content.decode()
    assert ("示例旧厂" in past, "示例新厂" in past, "修改资料" in past) == (True, False, False)
    listed = client.get(LIST, {"as_of": "2025-03-18"}).content.decode()
    assert ("示例旧厂" in listed, "示例新厂" in listed) == (True, False)
    assert client.get(page_of(firm), {"as_of": "2025-03-17"}).status_code == 404
    now = client.get(page_of(firm)).content.decode()
    assert ("示例新厂" in now, "曾用名" in now, "修改资料" in now) == (True, True, True)


def test_page_when_enterprise_is_of_another_unit_then_same_answer_as_missing(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    logged_in(client, make_unit(district, "示例二局"), Role.UNIT)
    missing = page_of(firm).replace(str(firm.subject.public_id)[:8], "00000000")
    answers = [client.get(address) for address in (page_of(firm), missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_add_when_form_is_right_then_enterprise_stands_and_history_tells(
    client: Client, unit: Organisation
) -> None:
    logged_in(client, unit, Role.UNIT)
    answer = client.post(f"{LIST}new/", {"name": "示例厂", "unit": unit.pk})
    firm = Enterprise.objects.get()
    assert answer["Location"] == page_of(firm)
    page = client.get(page_of(firm)).content.decode()
    assert "新增企业" in page


def test_add_when_code_is_wrong_or_unit_foreign_then_error_on_top_and_at_field(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    other = make_unit(district, "示例二局")
    logged_in(client, unit, Role.UNIT)
    answer = client.post(
        f"{LIST}new/", {"name": "示例厂", "unit": other.pk, "uscc": "91110000600037341A"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("校验码不符") == 2
    assert 'href="#id_unit"' in text
    assert Enterprise.objects.count() == 0


def test_edit_when_somebody_was_first_then_words_are_kept_and_second_try_saves(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    logged_in(client, district, Role.OFFICE)
    mine = opened(client, page_of(firm, "edit")) | {"address": "示例路1号"}
    edit_enterprise(system_act(), firm, note="别人写的", address="示例路2号")
    other = make_unit(district, "示例二局")
    assign_subject(system_act(), Subject.objects.get(pk=firm.subject_id), other)
    answer = client.post(page_of(firm, "edit"), mine)
    assert (answer.status_code, shown(answer)["address"]) == (422, "示例路1号")
    assert "系统" in said_at(answer, "address")
    assert "已改为「示例路2号」（原为「无」），您填写的仍保留" in said_at(answer, "address")
    assert "本页已换成新内容" in said_at(answer, "note")
    assert client.post(page_of(firm, "edit"), shown(answer)).status_code == 302
    row = Enterprise.objects.get()
    assert (row.address, row.note, row.subject.unit_id) == ("示例路1号", "别人写的", other.pk)


def test_edit_when_unit_changes_then_old_unit_sees_it_no_longer(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    other = make_unit(district, "示例二局")
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    office = logged_in(client, district, Role.OFFICE)
    form = {"unit": other.pk, "revision": 1, "subject_revision": 1}
    assert office.post(page_of(firm, "edit"), form).status_code == 302
    firm.subject.refresh_from_db()
    assert firm.subject.unit == other
    assert logged_in(Client(), unit, Role.UNIT).get(page_of(firm)).status_code == 404


def test_rename_and_relate_when_posted_then_done(client: Client, unit: Organisation) -> None:
    firm = add_enterprise(system_act(), name="示例分公司", unit=unit)
    whole = add_enterprise(system_act(), name="示例公司", unit=unit)
    logged_in(client, unit, Role.UNIT)
    told = {"name": "示例一分公司", "reason": "变更登记", "revision": 1}
    assert client.post(page_of(firm, "rename"), told).status_code == 302
    told = {"kind": "branch_of", "target": "示例公司"}
    assert client.post(page_of(firm, "relate"), told).status_code == 302
    assert "示例一分公司" in client.get(page_of(whole)).content.decode()
    assert "是其分支机构" in client.get(page_of(firm)).content.decode()


def test_relate_when_other_is_out_of_sight_then_not_found_and_never_named(
    client: Client, district: Organisation, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    other = add_enterprise(system_act(), name="别局的厂", unit=make_unit(district, "示例二局"))
    relate(system_act(), firm, other, EnterpriseRelation.Kind.SPUN_OFF_FROM)
    logged_in(client, unit, Role.UNIT)
    assert "别局的厂" not in client.get(page_of(firm)).content.decode()
    answer = client.post(page_of(firm, "relate"), {"kind": "branch_of", "target": "别局的厂"})
    assert "没有找到这家企业" in answer.content.decode()


def uploaded(client: Client, text: str) -> str:
    file = io.BytesIO(text.encode())
    file.name = "行业.csv"
    return client.post(f"{LIST}industries/load/", {"file": file}).content.decode()


def reading_in(page: str) -> str:
    return page.split('name="reading" value="')[1].partition('"')[0]


def test_industries_when_a_line_is_wrong_then_told_and_nothing_can_be_confirmed(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.OFFICE)
    page = uploaded(client, "代码,名称\nC,制造业\n3X,坏\n")
    assert ("有 1 行错误" in page, "代码不符合" in page, 'name="reading"' in page) == (
        True,
        True,
        False,
    )
    assert Industry.objects.count() == 0


def test_industries_when_confirmed_then_loaded_listed_and_offered(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.OFFICE)
    page = uploaded(client, "代码,名称\nC,制造业\n")
    assert ("核对：装入行业代码" in page, Industry.objects.count()) == (True, 0)
    told = {"reading": reading_in(page), "checked": "1"}
    listed = client.post(f"{LIST}industries/load/", told, follow=True).content.decode()
    assert ("已装入 1 个行业代码" in listed, "待核" in listed, "行业.csv" in listed) == (
        True,
        True,
        True,
    )
    form = client.get(f"{LIST}new/").content.decode()
    assert '<option value="C">制造业</option>' in form


def test_industries_when_preview_is_foreign_or_outrun_then_refused(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.OFFICE)
    address = f"{LIST}industries/load/"
    reading = reading_in(uploaded(client, "代码,名称\nC,制造业\n"))
    outcomes = [client.post(address, {"reading": reading[:-1]}, follow=True).content.decode()]
    logged_in(client, district, Role.OFFICE)
    outcomes.append(client.post(address, {"reading": reading}, follow=True).content.decode())
    assert ["预览已过期" in page for page in outcomes] == [True, True]
    assert Industry.objects.count() == 0
    reading = reading_in(uploaded(client, "代码,名称\nC,制造业\n"))
    Industry.objects.create(code="C", name="别的")
    outrun = client.post(address, {"reading": reading}, follow=True).content.decode()
    assert "刚被别人装入过" in outrun


def test_name_when_added_then_shown_and_found(client: Client, unit: Organisation) -> None:
    firm = add_enterprise(system_act(), name="示例股份公司", unit=unit)
    logged_in(client, unit, Role.UNIT)
    told = {"name": "示股", "kind": "short", "until": "2025-01-01"}
    assert "简称不填停用日期" in client.post(page_of(firm, "name"), told).content.decode()
    client.post(page_of(firm, "name"), {"name": "示股", "kind": "short"})
    former = {"name": "示例老厂", "kind": "former", "until": "2020-12-31"}
    page = client.post(page_of(firm, "name"), former, follow=True).content.decode()
    assert ("示股" in page, "示例老厂" in page, "2020-12-31" in page) == (True, True, True)
    assert "示例股份公司" in client.get(LIST, {"q": "示股"}).content.decode()


def test_place_when_added_then_shown_and_half_a_coordinate_refused(
    client: Client, unit: Organisation
) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    logged_in(client, unit, Role.UNIT)
    told = {"name": "示例一期", "address": "示例路1号", "longitude": "125.374217"}
    answer = client.post(page_of(firm, "place"), told)
    assert (answer.status_code, "要么都填" in answer.content.decode()) == (422, True)
    told["latitude"] = "43.865"
    page = client.post(page_of(firm, "place"), told, follow=True).content.decode()
    assert "经度 125.374217，纬度 43.865000" in page


def test_pages_when_much_is_there_then_at_most_25_queries(
    client: Client, unit: Organisation, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    street = make_unit(unit.parent, "示例街道", OrganisationKind.STREET)  # type: ignore[arg-type]
    firms = [
        add_enterprise(system_act(), name=f"示例{n}厂", unit=unit, street=street) for n in range(60)
    ]
    for other in firms[1:8]:
        relate(system_act(), firms[0], other, EnterpriseRelation.Kind.BRANCH_OF)
    logged_in(client, unit, Role.OFFICE)
    for address in (LIST, f"{LIST}?as_of=2025-03-18", page_of(firms[0])):
        with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
    assert Event.objects.filter(verb="enterprise.relate").count() == 7


def test_industries_when_looking_at_the_past_then_todays_list_says_so(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.OFFICE)
    told = {"reading": reading_in(uploaded(client, "代码,名称\nC,制造业\n")), "checked": "1"}
    client.post(f"{LIST}industries/load/", told)
    page = client.get(f"{LIST}industries/", {"as_of": "2025-03-01"}).content.decode()
    assert ("行业代码不留历史" in page, "制造业" in page, "装入行业代码</a>" in page) == (
        True,
        True,
        False,
    )
