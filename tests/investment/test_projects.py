"""Adding and changing projects, and who takes part."""

from decimal import Decimal

import pytest

from guatu.investment.actions import (
    add_project,
    edit_project,
    end_party,
    name_party,
    set_monthly_image,
)
from guatu.investment.models import MonthlyImageVersion, Project, Stage
from guatu.investment.queries import find_project, project_page, projects_in_sight
from guatu.investment.stages import load_shipped, vocabulary
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from tests.factories import act_of, make_post, system_act
from tests.investment.conftest import World


def test_add_when_only_name_is_known_then_all_else_stays_unknown(world: World) -> None:
    project = add_project(act_of(world.clerk), name=" 示例医院 ", unit=world.unit)
    assert (project.name, project.subject.code, project.subject.initials) == (
        "示例医院",
        "XM-00002",
        "slyy",
    )
    assert (project.total_wan, project.stage, project.category, project.content) == (
        None,
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "示例小学"}, "name"),
        ({"name": "甲", "total_wan": Decimal(-1)}, "total_wan"),
        ({"name": "甲", "total_wan": Decimal(10) ** 9}, "total_wan"),
        ({"name": "甲", "gbt_code": "二〇二五"}, "gbt_code"),
        ({"name": "甲", "colour": "red"}, "colour"),
        ({"name": "甲" * 301}, "name"),
    ],
)
def test_add_when_value_impossible_then_refused_at_its_field(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add_project(system_act(), unit=world.unit, **values)  # type: ignore[arg-type]  # bad on purpose
    assert refusal.value.field == field
    assert Project.objects.count() == 1


def test_add_when_unit_of_another_then_forbidden(world: World) -> None:
    with pytest.raises(Forbidden):
        add_project(act_of(world.stranger), name="示例医院", unit=world.unit)


def test_edit_when_unknown_is_filled_then_no_reason_needed_and_event_tells_field(
    world: World,
) -> None:
    edit_project(act_of(world.clerk), world.school, total_wan=Decimal(5), name="示例小学")
    event = Event.objects.latest("pk")
    assert (event.verb, event.changes) == ("project.edit", {"total_wan": [None, "5"]})


def test_edit_when_known_is_overwritten_then_reason_needed(world: World) -> None:
    with pytest.raises(Invalid, match="项目名称"):
        edit_project(act_of(world.clerk), world.school, name="示例二小学")
    edit_project(act_of(world.clerk), world.school, name="示例二小学", reason="更名")
    world.school.subject.refresh_from_db()
    assert world.school.subject.title == "示例二小学"
    assert Event.objects.latest("pk").reason == "更名"


def test_edit_when_stage_is_meant_then_refused(world: World) -> None:
    with pytest.raises(Invalid, match="按关口推进"):
        edit_project(system_act(), world.school, stage=Stage.objects.last())


def test_edit_when_given_away_then_old_unit_sees_it_no_more(world: World) -> None:
    with pytest.raises(Forbidden):
        edit_project(act_of(world.clerk), world.school, unit=world.other, reason="职责调整")
    edit_project(act_of(world.office), world.school, unit=world.other, reason="职责调整")
    seen = [projects_in_sight(who).count() for who in (world.clerk, world.stranger)]
    assert seen == [0, 1]


def test_edit_when_revision_is_old_then_stale(world: World) -> None:
    with pytest.raises(Stale):
        edit_project(act_of(world.clerk), world.school, address="示例路", expected_revision=9)


def test_party_when_named_then_sees_and_when_ended_then_no_more(world: World) -> None:
    post = make_post(world.other, Role.UNIT)
    party = name_party(system_act(), world.school, role=PartyRole.CO_OWNER, unit=world.other)
    assert projects_in_sight(world.stranger).get() == world.school
    with pytest.raises(Invalid, match="已有这一项"):
        name_party(system_act(), world.school, role=PartyRole.CO_OWNER, unit=world.other)
    with pytest.raises(Invalid, match="选填一项"):
        name_party(system_act(), world.school, role=PartyRole.CO_OWNER, unit=world.other, post=post)
    with pytest.raises(Invalid, match="理由"):
        end_party(system_act(), world.school, party, reason="")
    end_party(system_act(), world.school, party, reason="分工调整")
    assert projects_in_sight(world.stranger).count() == 0


def test_page_when_parties_of_several_roles_then_leader_first(world: World) -> None:
    leader = make_post(world.district, Role.LEADER, "副区长")
    for role, post in ((PartyRole.CONTACT, None), (PartyRole.LEADER, leader)):
        name_party(
            system_act(),
            world.school,
            role=role,
            post=post,
            outside_name="" if post else "示例联系人",
        )
    found = find_project(world.clerk, world.school.subject.public_id)
    assert found is not None
    page = project_page(world.clerk, found)
    assert [party.role for party in page.parties] == ["leader", "contact"]


def test_image_when_changed_then_both_wordings_are_kept(world: World) -> None:
    set_monthly_image(act_of(world.clerk), world.school, "2025-04", "完成桩基")
    set_monthly_image(act_of(world.clerk), world.school, "2025-04", "完成基础", 1)
    words = MonthlyImageVersion.objects.order_by("pk").values_list("words", flat=True)
    assert list(words) == ["完成桩基", "完成基础"]
    with pytest.raises(Stale):
        set_monthly_image(act_of(world.clerk), world.school, "2025-04", "主体", 1)
    with pytest.raises(Invalid, match="不是月份"):
        set_monthly_image(act_of(world.clerk), world.school, "2025-13", "主体")


def test_vocabulary_when_ledger_words_then_stage_or_nothing(world: World) -> None:
    del world
    words = vocabulary()
    named = {
        text: getattr(words.stage_named(text), "code", None)
        for text in ("在建", "已竣工", "投产", "前期 手续办理", "", "签约后开工")
    }
    assert named == {
        "在建": "construction",
        "已竣工": "completion",
        "投产": "operation",
        "前期 手续办理": "approval",
        "": None,
        "签约后开工": None,
    }


def test_load_shipped_when_run_again_then_same_rows(world: World) -> None:
    del world
    first = list(Stage.objects.values_list("pk", "code"))
    assert load_shipped() == load_shipped()
    assert list(Stage.objects.values_list("pk", "code")) == first
