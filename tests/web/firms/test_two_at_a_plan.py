"""Two people at one account plan's form."""

import pytest
from django.urls import reverse

from guatu.growth import actions
from guatu.growth.models import AccountPlan
from tests.factories import act_of
from tests.growth.conftest import Place
from tests.web.forms_sent import opened, said_at, shown
from tests.web.leads.conftest import SignIn

pytestmark = pytest.mark.django_db


def test_edit_when_another_saved_first_then_told_and_second_save_holds(
    place: Place, signed_in: SignIn
) -> None:
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="示例稳产")
    client, address = signed_in(place.clerk), reverse("firms:edit_plan", args=[plan.public_id])
    mine = opened(client, address) | {"aims": "示例扩产", "reason": "示例"}
    told = {"aims": "示例转产", "leader_post": place.leader_post, "reason": "示例"}
    actions.edit_plan(act_of(place.office), AccountPlan.objects.get(), **told)
    answer = client.post(address, mine)
    assert (answer.status_code, shown(answer)["aims"]) == (422, "示例扩产")
    assert "已改为「示例转产」（原为「示例稳产」）" in said_at(answer, "aims")
    assert client.post(address, shown(answer)).status_code == 302
    plan = AccountPlan.objects.get()
    assert (plan.aims, plan.leader_post_id) == ("示例扩产", place.leader_post.pk)
