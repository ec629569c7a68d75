"""The reserve: proposed, judged by two persons, returned, withdrawn, taken out, begun."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from guatu.investment import actions
from guatu.investment.enums import AdmissionState, OpinionVerdict
from guatu.investment.models import Admission, AdmissionOpinion, Category, Project, Stage
from guatu.investment.queries import projects_in_sight
from guatu.investment.queries.reserve import reserve_on_desk, reserves_in_sight
from guatu.investment.reserve_moves import LIFE, open_moves
from guatu.loop.enums import ItemKind
from guatu.loop.models import Activity, Handover
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Holding
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import release_post
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_standing,
    system_act,
)
from tests.investment.conftest import World

pytestmark = pytest.mark.django_db
AGREE, RETURN = OpinionVerdict.AGREE, OpinionVerdict.RETURN
LATER = NOON + dt.timedelta(days=3)


def propose(world: World, name: str = "示例产业园", **values: object) -> Admission:
    return actions.propose(act_of(world.clerk), name=name, unit=world.unit, origin="unit", **values)


def whole(world: World, name: str = "示例产业园") -> Admission:
    """A proposal with all that both reviews ask for."""
    return propose(
        world,
        name,
        content="标准厂房2万平方米",
        total_wan=Decimal(12000),
        land_state="已收储",
        funding="专项债6000万元，自筹6000万元",
        operation_mode="平台公司自营",
        category=Category.objects.get(code="park"),
    )


def leader(world: World) -> Standing:
    return make_standing(world.district, Role.LEADER)


def reserved(world: World) -> Admission:
    row = whole(world)
    actions.submit(act_of(world.clerk), row)
    actions.review(act_of(world.office), row, AGREE)
    return actions.review(act_of(leader(world)), row, AGREE, words="同意入库")


def test_reserve_when_judged_twice_then_admitted_with_both_opinions(world: World) -> None:
    row = reserved(world)
    row.refresh_from_db()
    assert (row.state, row.round, row.reserved_on, row.plan_year) == (
        AdmissionState.RESERVED,
        1,
        TODAY,
        TODAY.year + 1,
    )
    told = AdmissionOpinion.objects.order_by("pk").values_list("step", "verdict", "words")
    assert list(told) == [("first", "agree", ""), ("final", "agree", "同意入库")]
    verbs = Event.objects.filter(subject=row.subject, verb__startswith="reserve.")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        *("reserve.propose", "reserve.submit"),
        *("reserve.judge", "reserve.opine", "reserve.judge", "reserve.opine"),
    ]


def test_submit_when_something_is_unknown_then_it_is_named_and_zero_is_known(
    world: World,
) -> None:
    row = propose(world)
    with pytest.raises(Invalid, match="报初审还缺：建设内容及规模、总投资"):
        actions.submit(act_of(world.clerk), row)
    actions.edit_reserve(act_of(world.clerk), row, content="示例", total_wan=Decimal(0))
    actions.submit(act_of(world.clerk), row)
    with pytest.raises(Invalid, match="送终审还缺：土地现状、资金构成、运营模式；请退回补充"):
        actions.review(act_of(world.office), row, AGREE)
    assert Admission.objects.get().state == AdmissionState.FIRST


def test_return_when_amended_then_judged_anew_from_the_first_step(world: World) -> None:
    row = whole(world)
    actions.submit(act_of(world.clerk), row)
    with pytest.raises(Invalid, match="须写明要改什么"):
        actions.review(act_of(world.office), row, RETURN, words="  ")
    actions.review(act_of(world.office), row, RETURN, words="补资金来源")
    assert [one.verb for one in reserve_on_desk(world.clerk)] == ["修改再报"]
    actions.edit_reserve(act_of(world.clerk), row, funding="专项债", reason="按初审意见")
    actions.submit(act_of(world.clerk), row)
    actions.review(act_of(world.office), row, AGREE)
    actions.review(act_of(leader(world)), row, RETURN, words="再论证运营")
    actions.submit(act_of(world.clerk), row)
    assert (row.state, row.round, row.reason) == (AdmissionState.FIRST, 3, "")
    assert AdmissionOpinion.objects.count() == 3


def test_review_when_by_the_submitter_or_one_person_twice_then_refused(world: World) -> None:
    row = whole(world)
    actions.submit(act_of(world.office), row)
    assert reserve_on_desk(world.office) == []
    assert {move.action for move in open_moves(world.office, row)} == {"withdraw"}
    with pytest.raises(Invalid, match="本件由您报送"):
        actions.review(act_of(world.office), row, AGREE)
    post = row.submitted_post
    assert post is not None
    colleague = standing_of(make_officer(post), TODAY)
    with pytest.raises(Invalid, match="所在岗位报送"):
        actions.review(act_of(colleague), row, AGREE)
    second = make_standing(world.district, Role.OFFICE)
    actions.review(act_of(second), row, AGREE)
    with pytest.raises(Invalid, match="不同的人"):
        actions.review(act_of(second), row, AGREE)
    actions.review(act_of(leader(world)), row, AGREE)


def test_review_when_by_whom_it_is_not_for_then_forbidden(world: World) -> None:
    row = whole(world)
    with pytest.raises(Forbidden):
        actions.submit(act_of(world.stranger), row)
    actions.submit(act_of(world.clerk), row)
    for nobody in (world.clerk, world.stranger, leader(world)):
        with pytest.raises(Forbidden):
            actions.review(act_of(nobody), row, AGREE)
    with pytest.raises(Forbidden):
        actions.remove_reserve(act_of(world.clerk), row, reason="示例")
    above = make_standing(world.district)  # a clerk of a unit above judges first, not last
    actions.review(act_of(above), row, AGREE)
    with pytest.raises(Forbidden):
        actions.review(act_of(above), row, AGREE)


def test_withdraw_when_not_in_review_then_refused_and_content_is_fixed_in_review(
    world: World,
) -> None:
    row = whole(world)
    with pytest.raises(Invalid, match="现在是谋划，不能撤回"):
        actions.withdraw(act_of(world.clerk), row)
    actions.submit(act_of(world.clerk), row)
    project = Project.objects.get(subject=row.subject)
    for change in (
        lambda: actions.edit_reserve(act_of(world.clerk), row, address="示例路"),
        lambda: actions.edit_project(act_of(world.office), project, address="示例路"),
    ):
        with pytest.raises(Invalid, match="待初审"):
            change()
    actions.withdraw(act_of(world.clerk), row, reason="补材料")
    actions.edit_reserve(act_of(world.clerk), row, address="示例路")
    assert (row.state, Project.objects.get(pk=project.pk).address) == ("idea", "示例路")


def test_acts_when_two_are_at_it_then_the_second_is_told(world: World) -> None:
    row = whole(world)
    actions.submit(act_of(world.clerk), row)
    other = Admission.objects.get(pk=row.pk)
    actions.withdraw(act_of(world.clerk), row)
    with pytest.raises(Stale, match="刚被别人改过"):
        actions.review(act_of(world.office), other, AGREE)
    assert AdmissionOpinion.objects.count() == 0
    with pytest.raises(Stale, match="刚被别人改过"):
        actions.submit(act_of(world.clerk), row, expected_revision=1)


def test_remove_when_restored_then_where_it_stood(world: World) -> None:
    row = reserved(world)
    with pytest.raises(Invalid, match="退库须写明理由"):
        actions.remove_reserve(act_of(world.office), row, reason=" ")
    actions.remove_reserve(act_of(world.office), row, reason="不再符合产业方向")
    with pytest.raises(Invalid, match="现在是已退库，不能转为实施项目"):
        actions.transfer(act_of(world.clerk), row)
    actions.restore_reserve(act_of(world.office), row)
    assert (row.state, row.resume_state, row.reason) == ("reserved", "", "")


def test_transfer_when_admitted_then_the_same_project_begins_its_path(world: World) -> None:
    row = reserved(world)
    project = Project.objects.get(subject=row.subject)
    assert list(projects_in_sight(world.office)) == [world.school]
    with pytest.raises(Invalid, match="还在储备项目库"):
        actions.move_stage(
            act_of(world.clerk), project, Stage.objects.get(code="landing"), reason="示例"
        )
    begun = actions.transfer(act_of(world.clerk, LATER), row)
    assert (begun.pk, str(begun.stage)) == (project.pk, "招商落地")
    nodes = Activity.objects.filter(subject=row.subject)
    assert (nodes.count(), nodes.exclude(due=None).count()) == (17, 0)
    assert set(projects_in_sight(world.office)) == {world.school, begun}
    assert projects_in_sight(world.office, TODAY).count() == 1
    assert [one.state for one in reserves_in_sight(world.office, TODAY)] == ["reserved"]
    assert [one.state for one in reserves_in_sight(world.office)] == ["underway"]


def test_transfer_when_the_category_is_unknown_then_it_is_named(world: World) -> None:
    row = reserved(world)
    project = row.subject.project
    actions.edit_reserve(act_of(world.clerk), row, category=None, reason="示例")
    with pytest.raises(Invalid, match="转为实施项目还缺：项目类别"):
        actions.transfer(act_of(world.clerk), row)
    assert Project.objects.get(pk=project.pk).stage is None


def test_desk_when_several_posts_may_judge_then_each_item_once(world: World) -> None:
    for name in ("示例一", "示例二"):
        actions.submit(act_of(world.clerk), whole(world, name))
    two_posts = make_officer(
        make_post(world.district, Role.OFFICE), make_post(world.district, Role.LEADER)
    )
    both = standing_of(two_posts, TODAY)
    assert [(str(one.admission), one.verb) for one in reserve_on_desk(both)] == [
        ("示例一", "初审"),
        ("示例二", "初审"),
    ]
    assert reserve_on_desk(world.clerk) == reserve_on_desk(world.stranger) == []


def test_enter_when_a_stage_or_an_unknown_origin_then_refused(world: World) -> None:
    with pytest.raises(Invalid, match="已进入实施阶段"):
        actions.enter_reserve(act_of(world.clerk), world.school)
    with pytest.raises(Invalid, match="请选择项目来源"):
        actions.propose(act_of(world.clerk), name="示例", unit=world.unit, origin="nowhere")
    assert not Project.objects.filter(name="示例").exists()


def test_table_when_read_then_every_state_is_left_and_the_database_holds_it(world: World) -> None:
    left = {state for move in LIFE for state in move.sources if move.target != state}
    assert left == set(AdmissionState) - {AdmissionState.UNDERWAY}
    assert LIFE["withdraw"].sources == {AdmissionState.FIRST, AdmissionState.FINAL}
    row = whole(world)
    for wrong in ({"state": "first"}, {"state": "removed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Admission.objects.filter(pk=row.pk).update(**wrong)


def test_handover_when_a_returned_project_waits_then_listed_and_whoever_stands_in_sees_it(
    world: World,
) -> None:
    row = whole(world)
    actions.submit(act_of(world.clerk), row)
    actions.review(act_of(world.office), row, RETURN, words="补资金来源")
    post = world.clerk.posts[0]
    assert reserve_on_desk(world.office) == []
    release_post(system_act(), Holding.objects.get(post=post), until=TODAY - dt.timedelta(days=1))
    item = Handover.objects.get().items.get(kind=ItemKind.RESERVE)
    assert (item.title, item.words) == ("示例产业园", "退回修改，补资金来源")
    office = standing_of(world.office.officer, TODAY)
    assert [one.verb for one in reserve_on_desk(office)] == ["修改再报"]
