"""Two people at one lead's form: nobody's words are lost, nothing is overwritten unawares."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from guatu.attraction.actions import edit_lead
from guatu.attraction.models import Lead
from tests.attraction.conftest import Place
from tests.factories import act_of
from tests.web.forms_sent import opened, said_at, shown
from tests.web.leads.conftest import SignIn

pytestmark = pytest.mark.django_db


def address(place: Place, slug: str = "edit") -> str:
    return reverse("leads:act", args=[place.lead.subject.public_id, slug])


def test_edit_when_another_saved_first_then_told_what_and_second_save_keeps_both(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    mine = opened(client, address(place)) | {"site": "示例开发区", "reason": "核实"}
    edit_lead(
        act_of(place.office),
        Lead.objects.get(),
        site="示例产业园",
        intended_wan=Decimal(60000),
        problem="示例用地指标未落实",
        reason="核实",
    )
    answer = client.post(address(place), mine)
    assert answer.status_code == 422
    who = place.office.officer.name
    top = answer.context["form"].non_field_errors()
    assert top == ["这条线索刚被别人改过。您填写的内容还在，尚未保存；请核对以下变动后再提交。"]
    by = rf"{who} \d{{4}}-\d\d-\d\d \d\d:\d\d "
    both = r"已改为「示例产业园」（原为「无」），您填写的仍保留，再次提交即以您的为准。"
    assert re.fullmatch(by + both, said_at(answer, "site"))
    taken = r"已改为「60,000」（原为「无」），本页已换成新内容。"
    assert re.fullmatch(by + taken, said_at(answer, "intended_wan"))
    assert "别人先改了，请核对" in answer.content.decode()
    again = shown(answer)
    assert (again["site"], Decimal(again["intended_wan"])) == ("示例开发区", Decimal(60000))
    assert client.post(address(place), again).status_code == 302
    row = Lead.objects.get()
    assert (row.site, row.intended_wan, row.problem) == (
        "示例开发区",
        Decimal(60000),
        "示例用地指标未落实",
    )


def test_edit_when_another_moved_it_to_another_unit_then_told_and_not_moved_back(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    mine = opened(client, address(place)) | {"problem": "示例问题"}
    row = Lead.objects.get()
    edit_lead(act_of(place.office), row, unit=place.other, owner_post=None, reason="属地调整")
    answer = client.post(address(place), mine)
    assert (answer.status_code, "已改为「示例教育局」" in said_at(answer, "unit")) == (422, True)
    assert client.post(address(place), shown(answer)).status_code == 302
    row = Lead.objects.select_related("subject").get()
    assert (row.subject.unit_id, row.problem) == (place.other.pk, "示例问题")


def test_stage_when_another_changed_a_field_then_it_stands_as_a_line(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    mine = opened(client, address(place, "stage"))
    edit_lead(act_of(place.office), Lead.objects.get(), problem="示例问题", reason="补记")
    mine |= {"stage": "hold", "reason": "示例"}
    answer = client.post(address(place, "stage"), mine)
    line = list(answer.context["form"].non_field_errors())[1]
    assert line.endswith("：存在问题 无 → 示例问题")
    assert client.post(address(place, "stage"), shown(answer)).status_code == 302
