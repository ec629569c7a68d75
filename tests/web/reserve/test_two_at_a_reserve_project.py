"""Two people at one reserve project's form: what stands on its three rows is told alike."""

import pytest

from guatu.investment import actions
from guatu.investment.models import Admission
from tests.factories import act_of
from tests.web.forms_sent import opened, said_at, shown
from tests.web.reserve.conftest import Reserve, SignIn

pytestmark = pytest.mark.django_db


def test_edit_when_another_changed_project_and_origin_then_told_and_second_save_keeps_both(
    reserve: Reserve, signed_in: SignIn
) -> None:
    actions.withdraw(act_of(reserve.world.clerk), reserve.row)
    client, address = signed_in(reserve.world.clerk), reserve.address("edit")
    mine = opened(client, address) | {"address": "示例大街", "reason": "核实"}
    other = Admission.objects.get()
    actions.edit_reserve(act_of(reserve.world.office), other, origin="plan", reason="核实")
    answer = client.post(address, mine)
    assert (answer.status_code, "本页已换成新内容" in said_at(answer, "origin")) == (422, True)
    told = {"land_state": "示例已供地", "address": "示例路", "reason": "核实"}
    actions.edit_reserve(act_of(reserve.world.office), Admission.objects.get(), **told)
    answer = client.post(address, shown(answer))
    assert "已改为「示例路」" in said_at(answer, "address")
    assert client.post(address, shown(answer)).status_code == 302
    row = Admission.objects.select_related("subject__project").get()
    project = row.subject.project
    assert (row.origin, project.land_state, project.address) == ("plan", "示例已供地", "示例大街")


def test_submit_when_another_withdrew_it_then_told_who_and_what(
    reserve: Reserve, signed_in: SignIn
) -> None:
    client, address = signed_in(reserve.world.clerk), reserve.address("withdraw")
    mine = opened(client, address)
    actions.withdraw(act_of(reserve.world.clerk), Admission.objects.get())
    answer = client.post(address, mine)
    lines = list(answer.context["form"].non_field_errors())
    assert any(line.endswith("：状态 待初审 → 谋划") for line in lines[1:])
