"""Figures of firms on their ground, consent and its withdrawal, specialists, plans and marks."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from guatu.growth import actions
from guatu.growth.actions import Entry, Ground, report_figures
from guatu.growth.enums import Cadence
from guatu.growth.models import AccountPlan, Mark, Measure, Provision, Service
from guatu.growth.periods import months_of
from guatu.growth.queries import (
    consents_of,
    figure_table,
    find_plan,
    listed_figures,
    own_firms,
    services_of,
    trail_of,
)
from guatu.growth.queries.plans import STATES
from guatu.growth.rules import firm_rules
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Basis, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Indicator, Observation
from guatu.register.observations import Figure, figures_in_sight, keep_figures, observe
from guatu.register.policies import Standing, may, standing_of
from guatu.register.recording import change
from guatu.register.sealing import seal
from guatu.register.sealing.verification import verify
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.growth.conftest import Place

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def values_for(standing: Standing, as_of: dt.date | None = None) -> list[Decimal | None]:
    return [row.value for row in figures_in_sight(standing, as_of).order_by("pk")]


def table_of(
    place: Place, cadence: Cadence = Cadence.MONTH
) -> dict[str, dict[str, Decimal | None]]:
    table = figure_table(place.office, place.firm, firm_rules(TODAY), cadence)
    return {line.asked.code: {c.period: c.value for c in line.cells} for line in table.lines}


def test_figure_when_reported_by_specialist_then_with_ground_and_superseded_by_vintage(
    place: Place,
) -> None:
    first = report_figures(act_of(place.specialist), [place.entry("1200.5")])[0]
    again = report_figures(act_of(place.specialist), [place.entry("1200.50")])[0]
    assert again.pk == first.pk
    late = act_of(place.specialist, NOON + DAY)
    second = report_figures(late, [place.entry("1300")])[0]
    told = second.provision
    assert (told.provider, told.purpose, told.consent) == ("firm", "service", place.consent)
    assert (values_for(place.office), values_for(place.office, TODAY)) == (
        [Decimal(1300)],
        [Decimal("1200.5")],
    )
    assert [row.value for row in trail_of(place.office, second)] == [1300, Decimal("1200.5")]
    seal(NOON + 2 * DAY)
    assert verify().faults == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda e: replace(e, indicator="gdp"), "请选择指标"),
        (lambda e: replace(e, period="2025-13"), "时期「2025-13」不正确"),
        (lambda e: replace(e, period="2025"), "时期「2025」不正确"),
        (lambda e: replace(e, period="2025-03"), "还没有结束"),
        (lambda e: replace(e, value=Decimal(-1)), "不能是负数"),
        (lambda e: replace(e, value=Decimal("NaN")), "不是数字"),
        (lambda e: replace(e, value=Decimal(10) ** 12), "请核对单位（应为万元）"),
        (lambda e: replace(e, indicator="firm_staff", value=Decimal("1.5")), "应为整数"),
        (lambda e: replace(e, ground=replace(e.ground, provider="")), "请选择数据由谁提供"),
        (lambda e: replace(e, ground=replace(e.ground, purpose="")), "请选择数据用于什么"),
        (lambda e: replace(e, ground=replace(e.ground, purpose="plan")), "先登记同意"),
        (lambda e: replace(e, ground=replace(e.ground, provider="department")), "选择提供部门"),
        (lambda e: replace(e, ground=replace(e.ground, provider="public")), "须写明公开来源"),
    ],
)
def test_figure_when_something_cannot_be_or_lacks_then_said_and_nothing_written(
    place: Place, spoil: Callable[[Entry], Entry], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        report_figures(act_of(place.clerk), [place.entry("10"), spoil(place.entry("10"))])
    assert (Observation.objects.count(), Provision.objects.count()) == (0, 0)


def test_figure_of_a_firm_when_observed_without_ground_then_refused(place: Place) -> None:
    indicator = Indicator.objects.get(code="firm_revenue")
    figure = Figure(place.firm, indicator, "2025-02", Basis.PERIOD, Decimal(1), "示例台账")
    with pytest.raises(Invalid, match="提供方、用途和企业同意"):
        observe(act_of(place.clerk), figure)


def test_direct_report_when_read_then_by_the_statistician_alone_and_never_entered(
    place: Place,
) -> None:
    indicator = Indicator.objects.create(code="direct", name="示例直报数", unit="万元")
    figure = Figure(place.firm, indicator, "2025-02", Basis.PERIOD, Decimal(8), "统计直报（示例）")
    keep_figures(system_act(), [figure])
    assert values_for(place.statistician) == [8]
    for standing in (place.office, place.leader, place.clerk, place.specialist, place.contact):
        assert values_for(standing) == []
    assert place.firm.pk not in [row.subject_id for row in figures_in_sight(place.office, TODAY)]
    with pytest.raises(Invalid, match="直报的数只供统计局使用"):
        actions.give_consent(
            act_of(place.office),
            place.firm,
            basis="law",
            given_by="统计直报平台",
            document="示例",
            purposes=["dispatch"],
            on=TODAY,
        )


def test_consent_when_withdrawn_then_its_figures_hidden_from_all_but_the_log(
    place: Place,
) -> None:
    row = report_figures(act_of(place.clerk), [place.entry("1200")])[0]
    actions.withdraw_consent(act_of(place.contact, NOON + DAY), place.consent, by="示例公司经理")
    people = (place.office, place.leader, place.clerk, place.specialist, place.contact)
    for standing in (*people, place.statistician):
        assert (values_for(standing), values_for(standing, TODAY)) == ([], [])
        assert list(trail_of(standing, row)) == []
    assert table_of(place)["firm_revenue"]["2025-02"] is None
    firms = listed_figures(place.office, firm_rules(TODAY), "2025-02")
    assert list(firms.values_list("figure_0", flat=True)) == [None]
    told = Event.objects.get(model="register.Observation", verb="observation.add")
    assert told.changes["value"] == [None, "1200"]
    with pytest.raises(Invalid, match="请先登记同意"):
        report_figures(act_of(place.clerk), [place.entry("1300")])
    with pytest.raises(Invalid, match="已于 2025-03-18 撤回"):
        actions.withdraw_consent(act_of(place.clerk), place.consent, by="示例")
    assert consents_of(place.firm, TODAY)[0].withdrawn_on is None  # as known the day before


def test_consent_when_given_anew_then_the_same_figure_shows_only_once_reported_on_it(
    place: Place,
) -> None:
    report_figures(act_of(place.clerk), [place.entry("1200")])
    actions.withdraw_consent(act_of(place.contact), place.consent, by="示例公司经理")
    fresh = actions.give_consent(
        act_of(place.contact),
        place.firm,
        basis="consent",
        given_by="示例公司经理",
        purposes=["service"],
        on=TODAY,
    )
    assert values_for(place.office) == []
    ground = Ground("firm", "service", fresh)
    entry = replace(place.entry("1200"), ground=ground)
    made = report_figures(act_of(place.contact, NOON + DAY), [entry])[0]
    assert (values_for(place.office), made.provision.consent) == ([Decimal(1200)], fresh)
    assert Observation.objects.filter(superseded_at=None).count() == 1


def test_report_when_neither_keeper_specialist_nor_firm_then_forbidden(place: Place) -> None:
    told = {
        role: may(standing, "firm.report", place.firm)
        for role, standing in vars(place).items()
        if isinstance(standing, Standing)
    }
    assert told == {
        "clerk": True,
        "office": True,
        "leader": False,
        "statistician": False,
        "specialist": True,
        "contact": True,
        "stranger": False,
    }
    with pytest.raises(Forbidden):
        report_figures(act_of(place.stranger), [place.entry("1")])
    department = Ground("department", "service", place.consent, place.unit)
    with pytest.raises(Invalid, match="企业账号只填报本企业提供的数据"):
        report_figures(act_of(place.contact), [replace(place.entry("1"), ground=department)])


def test_table_when_by_quarter_then_months_add_up_only_when_all_are_known(place: Place) -> None:
    entries = [place.entry("100", period=month) for month in months_of("2024Q4")]
    entries += [
        place.entry(str(30 + at), "firm_staff", m) for at, m in enumerate(("2024-11", "2024-12"))
    ]
    entries += [place.entry("90", period="2025-01"), place.entry("240", period="2023Q4")]
    report_figures(act_of(place.clerk), entries)
    told = table_of(place, Cadence.QUARTER)
    assert told["firm_revenue"]["2024Q4"] == 300
    assert told["firm_revenue"]["2025Q1"] is None
    assert told["firm_staff"]["2024Q4"] == 31
    table = figure_table(place.office, place.firm, firm_rules(TODAY), Cadence.QUARTER)
    cells = {cell.period: cell for cell in table.lines[0].cells}
    assert (cells["2024Q4"].year_on_year, cells["2025Q1"].lacking) == (Decimal(25), 2)
    assert cells["2025Q1"].year_on_year is None


def test_specialist_when_reassigned_then_history_sight_and_party_follow(place: Place) -> None:
    other = make_post(make_unit(place.district), Role.SPECIALIST, "另一专员岗")
    act = act_of(place.office, NOON + DAY)
    with pytest.raises(Invalid, match="请填写调整理由"):
        actions.appoint_specialist(act, place.firm, other)
    with pytest.raises(Invalid, match="须为在用的专员"):
        actions.appoint_specialist(act, place.firm, place.leader_post, reason="示例")
    with pytest.raises(Forbidden):
        actions.appoint_specialist(act_of(place.specialist), place.firm, other, reason="示例")
    actions.appoint_specialist(act, place.firm, other, reason="分工调整")
    assert [(one.post, one.until) for one in services_of(place.firm)] == [
        (other, None),
        (place.specialist.posts[0], TODAY),
    ]
    assert services_of(place.firm, TODAY)[0].post == place.specialist.posts[0]
    assert not may(place.specialist, "firm.report", place.firm)
    current = Service.objects.get(until=None)
    actions.dismiss_specialist(act, place.firm, current, reason="岗位撤销")
    with pytest.raises(Stale):
        actions.dismiss_specialist(act, place.firm, current, reason="再撤")
    assert Service.objects.filter(until=None).count() == 0


def test_plan_when_its_duties_go_on_then_its_state_follows(place: Place) -> None:
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="稳住产能")
    with pytest.raises(Invalid, match="已有 2025 年的一企一策"):
        actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="另一份")
    with pytest.raises(Forbidden):
        actions.charge_measure(act_of(place.clerk), plan, title="协调扩容", due=TODAY)

    def state() -> str:
        found = find_plan(place.office, plan.public_id)
        assert found is not None
        return STATES[found.state_rank]

    assert state() == "无措施"
    due = TODAY + 5 * DAY
    measure = actions.charge_measure(
        act_of(place.leader), plan, title="协调用电扩容", due=due, owner_post=place.post
    )
    duty = measure.duty
    assert (duty.subject, duty.domain, duty.state) == (place.firm, "steady_growth", "issued")
    assert state() == "实施中"
    change(system_act(), "duty.edit", duty, due=TODAY - DAY)
    assert state() == "有逾期"
    change(system_act(NOON + DAY), "duty.close", duty, state="closed", closed_on=TODAY)
    assert state() == "已完成"
    past = find_plan(place.office, plan.public_id, TODAY)
    assert past is not None
    assert STATES[past.state_rank] == "有逾期"
    assert find_plan(place.contact, plan.public_id) is None
    assert list(duties_in_sight(place.clerk)) == [duty]
    assert list(duties_in_sight(place.contact)) == []
    assert (Measure.objects.count(), Duty.objects.count()) == (1, 1)


def test_plan_when_aims_change_without_reason_or_on_an_old_page_then_refused(
    place: Place,
) -> None:
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="稳住产能")
    with pytest.raises(Invalid, match="请填写修改理由"):
        actions.edit_plan(act_of(place.clerk), plan, aims="扩大产能")
    actions.edit_plan(act_of(place.clerk), plan, aims="扩大产能", reason="订单增加")
    with pytest.raises(Stale):
        actions.edit_plan(act_of(place.clerk), plan, aims="再改", reason="x", expected_revision=1)
    assert AccountPlan.objects.get().aims == "扩大产能"


def test_mark_when_set_then_with_source_once_and_ended_with_reason(place: Place) -> None:
    act = act_of(place.clerk)
    with pytest.raises(Invalid, match="请填写依据"):
        actions.mark_firm(act, place.firm, mark="ballast", source=" ")
    row = actions.mark_firm(act, place.firm, mark="ballast", source="示例名单〔2025〕1号")
    with pytest.raises(Invalid, match="已标为「压舱石」"):
        actions.mark_firm(act, place.firm, mark="ballast", source="示例")
    actions.end_mark(act, row, reason="名单调整")
    assert Mark.objects.get().ended_on == TODAY


def test_account_when_named_then_it_sees_and_reports_its_firm_alone_until_it_ends(
    place: Place,
) -> None:
    post = make_post(place.unit, Role.ENTERPRISE, "示例企业报数岗")
    named = actions.name_account(act_of(place.clerk), place.firm, post)
    account = standing_of(make_officer(post), TODAY)
    other = add_enterprise(system_act(), name="示例另一家公司", unit=place.unit).subject
    assert [may(account, "firm.report", firm) for firm in (place.firm, other)] == [True, False]
    with pytest.raises(Invalid, match="已是「示例机械有限公司」的企业账号"):
        actions.name_account(act_of(place.clerk), other, post)
    with pytest.raises(Invalid, match="须选在用的企业岗位"):
        actions.name_account(act_of(place.clerk), other, place.post)
    with pytest.raises(Forbidden):
        actions.name_account(act_of(place.stranger), other, post)
    with pytest.raises(Invalid, match="理由"):
        actions.end_account(act_of(place.clerk), place.firm, named, reason=" ")
    actions.end_account(act_of(place.clerk), place.firm, named, reason="人员离职")
    assert post not in {one.post for one in actions.accounts_of(place.firm)}
    assert not may(standing_of(account.officer, TODAY), "firm.report", place.firm)


def test_own_firms_when_read_by_the_firm_then_what_is_left_of_last_month_and_nobody_elses(
    place: Place,
) -> None:
    add_enterprise(system_act(), name="示例另一家公司", unit=place.unit)
    asked = len(firm_rules(TODAY).asked)
    (before,) = own_firms(place.contact)
    assert (before.subject, before.period, before.told, before.left, before.consented) == (
        *(place.firm, "2025-02", 0, asked, True),
    )
    report_figures(act_of(place.contact), [place.entry("12")])
    (after,) = own_firms(place.contact)
    assert (after.told, after.left) == (1, asked - 1)
    withdraw = act_of(place.contact, NOON + DAY)
    actions.withdraw_consent(withdraw, place.consent, by="示例公司经理")
    (over,) = own_firms(place.contact)
    assert (over.told, over.consented) == (0, False)
    assert [own_firms(one) for one in (place.office, place.specialist, place.clerk)] == [[]] * 3
