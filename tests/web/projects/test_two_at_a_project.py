"""Two people at one project's form, and at one of its nodes."""

import pytest

from guatu.investment.actions import edit_project
from guatu.investment.models import Project
from tests.factories import act_of
from tests.investment.conftest import World
from tests.investment.conftest import world as world  # noqa: PLC0414 -- a fixture
from tests.web.forms_sent import opened, said_at, shown
from tests.web.projects.test_pages import signed_in, url

pytestmark = pytest.mark.django_db


def test_edit_when_another_saved_first_then_what_was_left_alone_is_taken_over(
    world: World,
) -> None:
    edit_project(act_of(world.office), world.school, short_names=["示例"], starred=False)
    client, address = signed_in(world.clerk.officer), url(world.school, "do/edit/")
    mine = opened(client, address) | {"content": "示例二十四个班", "reason": "示例"}
    told = {"short_names": ["示例", "二小"], "address": "示例街", "unit": world.unit}
    edit_project(act_of(world.office), Project.objects.get(), **told, reason="示例")
    answer = client.post(address, mine)
    assert (answer.status_code, said_at(answer, "content")) == (422, "")
    assert "已改为「示例、二小」" in said_at(answer, "short_names")
    assert client.post(address, shown(answer)).status_code == 302
    row = Project.objects.get()
    assert (row.short_names, row.address, row.content) == (
        ["示例", "二小"],
        "示例街",
        "示例二十四个班",
    )


def test_edit_when_both_wrote_the_same_then_nothing_is_disputed(world: World) -> None:
    client, address = signed_in(world.clerk.officer), url(world.school, "do/edit/")
    mine = opened(client, address) | {"address": "示例街"}
    edit_project(act_of(world.office), Project.objects.get(), address="示例街")
    answer = client.post(address, mine)
    told = answer.context["form"].errors
    assert (list(told), len(told["__all__"])) == (["__all__"], 1)
    assert client.post(address, shown(answer)).status_code == 302
