"""The life of a lead: what each act leads to, what refuses it, and what is computed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from guatu.attraction import actions
from guatu.attraction.actions import Next
from guatu.attraction.models import FollowUp, Lead, Promise
from guatu.attraction.queries import funnel_of, leads_in_sight, listed_leads, steps_on_desk
from guatu.attraction.rules import lead_rules
from guatu.attraction.staleness import quiet_of
from guatu.loop.enums import DutyState
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from tests.attraction.conftest import Place
from tests.factories import NOON, TODAY, act_of, make_post, system_act

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def listed(place: Place, as_of: dt.date | None = None) -> Lead:
    found: Lead = listed_leads(place.office, as_of).get(subject__title=place.lead.name)
    return found


def test_lead_when_added_then_a_coded_subject_of_the_chapter_and_all_else_unknown(
    place: Place,
) -> None:
    lead = place.lead
    assert (lead.subject.code, lead.subject.kind, lead.subject.domain, lead.stage) == (
        "XS-00001",
        "lead",
        "attraction",
        "clue",
    )
    assert (lead.intended_wan, lead.first_on, lead.source, lead.tactic) == (None, None, "", "")
    with pytest.raises(Invalid, match="在该单位名下已有线索"):
        actions.add_lead(act_of(place.clerk), name=" 示例冷链装备基地 ", unit=place.unit)
    with pytest.raises(Forbidden):
        actions.add_lead(act_of(place.stranger), name="示例他单位线索", unit=place.unit)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"intended_wan": Decimal(-1)}, "不能是负数"),
        ({"intended_wan": Decimal(10) ** 9}, "请核对单位"),
        ({"intended_wan": Decimal("NaN")}, "不能是负数"),
        ({"tactic": "无此方式"}, "没有「无此方式」这一种招商方式"),
        ({"first_on": TODAY + DAY}, "晚于业务日期"),
        ({"first_on": dt.date(1205, 3, 1)}, "请核对年份"),
        ({"name": " "}, "请填写线索名称"),
        ({"became": 1}, "没有「became」这一项"),
    ],
)
def test_lead_when_a_value_cannot_be_then_said_and_nothing_written(
    place: Place, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        actions.edit_lead(act_of(place.clerk), place.lead, reason="核对", **values)
    assert Event.objects.filter(verb="lead.edit").count() == 0


def test_edit_when_known_is_overwritten_then_a_reason_and_old_to_new(place: Place) -> None:
    act = act_of(place.clerk, NOON + DAY)
    actions.edit_lead(act, place.lead, investor="示例装备公司", intended_wan=Decimal(3000))
    with pytest.raises(Invalid, match="改动已有内容（意向投资）须写明理由"):
        actions.edit_lead(act, place.lead, intended_wan=Decimal(5000))
    with pytest.raises(Stale):
        actions.edit_lead(act, place.lead, site="示例园", expected_revision=1)
    actions.edit_lead(act, place.lead, intended_wan=Decimal(5000), reason="对方来函")
    told = Event.objects.filter(verb="lead.edit").latest("pk")
    assert (told.changes, told.reason) == ({"intended_wan": ["3000", "5000"]}, "对方来函")
    assert listed(place, TODAY).intended_wan is None  # as of the day before


def test_move_when_not_in_the_table_or_something_is_missing_then_said(place: Place) -> None:
    act = act_of(place.clerk)
    with pytest.raises(Invalid, match="可转：接触、考察、洽谈、暂缓、终止"):
        actions.move_lead(act, place.lead, "sign")
    with pytest.raises(Invalid, match="进入「洽谈」还缺：投资方"):
        actions.move_lead(act, place.lead, "talk")
    with pytest.raises(Invalid, match="移交项目库"):
        actions.move_lead(act, place.lead, "landed")
    actions.edit_lead(act, place.lead, investor="示例装备公司")
    actions.move_lead(act, place.lead, "talk")
    with pytest.raises(Invalid, match="进入「签约」还缺：意向投资"):
        actions.move_lead(act, place.lead, "sign")
    with pytest.raises(Invalid, match="转为「考察」须写明理由"):
        actions.move_lead(act, place.lead, "visit")
    actions.move_lead(act, place.lead, "hold", reason="对方二季度再议")
    assert (place.lead.stage, place.lead.stage_reason) == ("hold", "对方二季度再议")
    with pytest.raises(Forbidden):
        actions.move_lead(act_of(place.stranger), place.lead, "clue", reason="越权")


def test_lead_when_imported_far_along_then_may_go_back_although_something_is_unknown(
    place: Place,
) -> None:
    Lead.objects.filter(pk=place.lead.pk).update(stage="sign")
    place.lead.refresh_from_db()
    actions.move_lead(act_of(place.clerk), place.lead, "talk", reason="尚未签订")
    assert (place.lead.stage, place.lead.investor) == ("talk", "")
    actions.move_lead(act_of(place.clerk), place.lead, "hold", reason="再议")
    with pytest.raises(Invalid, match="进入「洽谈」还缺：投资方"):
        actions.move_lead(act_of(place.clerk), place.lead, "talk", reason="重启")


def test_follow_up_when_recorded_then_the_next_step_stands_on_the_desk_until_done(
    place: Place,
) -> None:
    step = Next("送交资料", TODAY + 3 * DAY, None)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="有意设厂", next_step=step
    )
    assert (told.on, told.next_post, place.lead.first_on) == (TODAY, place.post, TODAY)
    assert [one.next_step for one in steps_on_desk(place.clerk)] == ["送交资料"]
    assert steps_on_desk(place.office) == steps_on_desk(place.stranger) == []
    later = act_of(place.clerk, NOON + DAY)
    actions.follow_up(later, place.lead, way="visit_in", said="已收到资料", ends=[told])
    assert steps_on_desk(place.clerk) == []
    assert [one.next_step for one in steps_on_desk(place.clerk, TODAY)] == ["送交资料"]
    with pytest.raises(Invalid, match="已于 2025-03-18 办结"):
        actions.end_step(later, place.lead, told, result="重复")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"way": "梦见"}, "请选择跟进方式"),
        ({"said": "  "}, "请写明谈了什么"),
        ({"on": TODAY + DAY}, "晚于业务日期"),
        ({"on": dt.date(2024, 12, 31)}, "跟进日期 2024-12-31 早于攻坚年开始的 2025-01-01"),
        ({"on": dt.date(2004, 12, 31), "knowing": True}, "10 年以上"),
        ({"next_step": Next("送资料", None, None)}, "下一步须写明时限"),
        ({"next_step": Next("", TODAY, None)}, "请写明下一步做什么"),
        ({"next_step": Next("送资料", TODAY - DAY, None)}, "早于跟进日期"),
        ({"next_step": Next("长" * 301, TODAY, None)}, "不超过 300 字"),
    ],
)
def test_follow_up_when_something_is_wrong_then_said_and_nothing_kept(
    place: Place, given: dict[str, object], sentence: str
) -> None:
    told = {"way": "phone", "said": "示例"} | given
    with pytest.raises(Invalid, match=sentence):
        actions.follow_up(act_of(place.clerk), place.lead, **told)  # type: ignore[arg-type]
    assert FollowUp.objects.count() == 0


def test_next_step_when_the_lead_has_no_post_then_the_only_business_post_takes_it_else_the_unit(
    place: Place,
) -> None:
    act = act_of(place.clerk)
    lead = actions.add_lead(act, name="示例无岗线索", unit=place.unit)
    step = Next("送资料", TODAY, None)
    told = actions.follow_up(act, lead, way="phone", said="示例", next_step=step)
    assert told.next_post == place.post
    make_post(place.unit, Role.UNIT, "经办岗")
    told = actions.follow_up(act, lead, way="phone", said="又谈", next_step=step)
    assert (told.next_post, told.next_step) == (None, "送资料")
    assert len(steps_on_desk(place.clerk)) == 2
    alone = actions.add_lead(act_of(place.office), name="示例无主线索", unit=None)
    with pytest.raises(Invalid, match="须写明由谁办"):
        actions.follow_up(act_of(place.office), alone, way="phone", said="示例", next_step=step)


def test_next_step_when_its_post_would_not_see_the_lead_then_refused(place: Place) -> None:
    step = Next("送资料", TODAY, place.stranger.posts[0])
    with pytest.raises(Invalid, match="须在线索的责任单位之内"):
        actions.follow_up(act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step)


def test_next_step_when_overdue_and_made_a_duty_then_it_needs_a_day_ahead(place: Place) -> None:
    step = Next("答复用地要求", TODAY, place.post)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step
    )
    later = act_of(replace(place.office, today=TODAY + 12 * DAY), NOON + 12 * DAY)
    with pytest.raises(Invalid, match="时限 2025-03-18 早于业务日期 2025-03-30") as refused:
        actions.step_into_duty(later, place.lead, told)
    assert refused.value.field == "due"
    duty = actions.step_into_duty(later, place.lead, told, due=TODAY + 20 * DAY)
    assert duty.due == TODAY + 20 * DAY


def test_next_step_when_made_a_duty_then_issued_and_off_the_desk(place: Place) -> None:
    step = Next("答复用地要求", TODAY + DAY, place.post)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step
    )
    with pytest.raises(Forbidden):
        actions.step_into_duty(act_of(place.clerk), place.lead, told)
    duty = actions.step_into_duty(act_of(place.office), place.lead, told)
    assert (duty.state, duty.owner_post, duty.due, duty.subject) == (
        DutyState.ISSUED,
        place.post,
        TODAY + DAY,
        place.lead.subject,
    )
    assert steps_on_desk(place.clerk) == []
    with pytest.raises(Invalid, match="已转为责任事项"):
        actions.step_into_duty(act_of(place.office), place.lead, told)


def test_lead_when_nobody_follows_it_up_then_stale_by_the_rule_with_its_reason(
    place: Place, passed: Callable[[int], Place]
) -> None:
    on_time, late = passed(14), passed(15)
    assert not listed(on_time).stale
    row = listed(late)
    rules = lead_rules(late.office.today)
    quiet = quiet_of(row, rules, late.office.today)
    assert (row.stale, quiet.stale, quiet.days, quiet.limit) == (True, True, 15, 14)
    assert "超过「线索」阶段 14 天的时限" in quiet.words
    assert quiet.reason["rule"]["key"] == "lead.stages"
    actions.follow_up(act_of(late.clerk, NOON + 15 * DAY), place.lead, way="phone", said="回访")
    assert not listed(late).stale


@pytest.fixture
def passed(place: Place) -> Callable[[int], Place]:
    """The same place some days later."""

    def later(days: int) -> Place:
        day = TODAY + days * DAY
        return replace(
            place,
            office=replace(place.office, today=day),
            clerk=replace(place.clerk, today=day),
        )

    return later


def test_lead_when_ended_then_its_open_steps_end_and_it_may_begin_anew(place: Place) -> None:
    step = Next("送资料", TODAY, None)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step
    )
    actions.move_lead(act_of(place.clerk), place.lead, "ended", reason="另选他处")
    told.refresh_from_db()
    assert told.step_result == "线索终止，不再办理"
    with pytest.raises(Invalid, match="不再安排下一步"):
        actions.follow_up(act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step)
    actions.move_lead(act_of(place.clerk), place.lead, "clue", reason="对方重新来电")
    assert place.lead.stage == "clue"


@pytest.mark.parametrize(
    ("what", "basis", "sentence"),
    [
        ("三年租金减免", ("", "", ""), "须有依据.*《公平竞争审查条例》第十条"),
        ("三年租金减免", ("law", "", ""), "须有依据"),
        ("三年租金减免", ("law", "示例法", " "), "须有依据"),
        ("按纳税额税收 返还", ("general", "示例办法", "示例号"), "「税」「返」.*不能录入"),
        (" ", ("law", "示例法", "示例号"), "请写明承诺的内容"),
    ],
)
def test_promise_when_without_lawful_basis_then_refused_with_a_sentence(
    place: Place, what: str, basis: tuple[str, str, str], sentence: str
) -> None:
    kind, name, number = basis
    with pytest.raises(Invalid, match=sentence):
        actions.promise(
            act_of(place.clerk),
            place.lead,
            what=what,
            basis=kind,
            basis_name=name,
            basis_number=number,
        )
    assert Promise.objects.count() == 0


def test_funnel_when_counted_then_layers_add_up_and_unknown_is_not_zero(place: Place) -> None:
    act = act_of(place.clerk)
    for number, wan in ((1, Decimal(100)), (2, None)):
        actions.add_lead(act, name=f"示例{number}", unit=place.unit, intended_wan=wan)
    actions.add_lead(system_act(), name="示例他单位", unit=place.other, intended_wan=Decimal(50))
    found = funnel_of(place.office)
    assert (found.whole.count, found.whole.wan, found.whole.unreported) == (4, Decimal(150), 2)
    assert sum(layer.count for layer in found.layers) == 4
    assert funnel_of(place.clerk).whole.count == 3
    assert [layer.wan for layer in found.layers if not layer.count] == [None] * 7


def test_leads_when_asked_by_each_then_only_those_in_sight(place: Place) -> None:
    seen = [
        leads_in_sight(one).count()
        for one in (place.clerk, place.office, place.leader, place.reader, place.stranger)
    ]
    assert seen == [1, 1, 1, 1, 0]
