"""Targets set, given out and reported: whole or not at all, nothing overwritten."""

from decimal import Decimal

import pytest

from guatu.engines.apportion import Share
from guatu.loop.actions.apportioning import Promise, Sheet, decompose, promise, report_reached
from guatu.loop.models import Target, TargetPart, TargetVersion
from guatu.loop.target_kinds import kinds_in, target_rules
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Observation, Rule
from guatu.register.rules import rule_on
from tests.factories import TODAY, act_of
from tests.loop.builders import District, make_loop, on, refusal
from tests.loop.targets import given, promised, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> District:
    return make_loop()


def _plan(target: Target) -> dict[tuple[str, str], Decimal | None]:
    rows = Observation.objects.filter(subject__target_part__target=target, superseded_at=None)
    return {(row.period, row.basis): row.value for row in rows}


def test_promise_when_set_twice_then_one_target_with_both_versions_kept(place: District) -> None:
    first = promised(place.office, base=10)
    told = Promise(Decimal(12), Decimal(14), Decimal(3), "示例文件二")
    second = promise(on(place.office), "build", told, expected_revision=first.revision)
    assert (first.pk, second.base, second.stretch, second.unit) == (second.pk, 12, 14, "个")
    assert list(TargetVersion.objects.order_by("pk").values_list("base", flat=True)) == [10, 12]
    sprint = Observation.objects.get(subject=second.subject)
    assert (sprint.period, sprint.basis, sprint.value) == ("2025Q1", "plan", 3)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Promise(Decimal(-1), source="文"), ("年度目标不能是负数。", "base")),
        (Promise(Decimal(9), Decimal(8), source="文"), ("力争超额不能低于年度目标。", "stretch")),
        (Promise(Decimal("1.5"), source="文"), ("年度目标应为整数。", "base")),
        (Promise(Decimal(9)), ("请写明目标出自哪份文件或哪次会议。", "source")),
        (
            Promise(Decimal(9), sprint=Decimal(10), source="文"),
            ("开门红目标不能超过年度目标。", "sprint"),
        ),
    ],
)
def test_promise_when_figures_cannot_be_then_said_plainly_and_nothing_kept(
    place: District, told: Promise, expected: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        promise(act_of(place.office), "build", told)
    assert refusal(caught) == expected
    assert not Target.objects.exists()


def test_decompose_when_sums_disagree_then_refused_whole_and_kept_only_knowingly(
    place: District,
) -> None:
    target = promised(place.office, base=10)
    street = place.stranger_post.organisation
    shares = {place.unit.pk: share(4, {1: 1, 2: 2}), street.pk: share(5, {2: 5})}
    with pytest.raises(Invalid) as caught:
        decompose(act_of(place.office), target, Sheet(shares, "示例"))
    assert refusal(caught)[0] == (
        "分解合计与目标不一致：年度目标合计比全区目标少 1；示例工信局各月合计比年度目标少 1。"
        "请改正，或注明差额已知后保存。"
    )
    assert (TargetPart.objects.count(), _plan(target)) == (0, {})
    kept = decompose(act_of(place.office), target, Sheet(shares, "示例", knowing=True))
    assert kept == 26
    assert _plan(target)["2025-02", "plan"] in {2, 5}


def test_decompose_when_told_months_come_to_the_year_then_the_blank_ones_are_kept_as_zero(
    place: District,
) -> None:
    target = promised(place.office, base=7)
    street = place.stranger_post.organisation
    months = (Decimal(1), Decimal(1), Decimal(1), *(None,) * 9)
    shares = {
        place.unit.pk: Share(Decimal(3), None, months),
        street.pk: Share(Decimal(4), None, months),
    }
    assert decompose(act_of(place.office), target, Sheet(shares, "示例")) == 17
    rows = Observation.objects.filter(period="2025-12")
    assert [(row.subject.unit, row.value, row.source) for row in rows] == [
        (place.unit, 0, "未填，已填各月合计等于年度目标，按 0 计（示例）")
    ]
    target.refresh_from_db()
    assert decompose(on(place.office), target, Sheet(shares, "示例")) == 0


def test_decompose_when_done_again_then_superseded_and_a_unit_left_out_is_ended(
    place: District,
) -> None:
    street = place.stranger_post.organisation
    target = promised(place.office, base=9)
    given(place.office, target, {place.unit: share(4), street: share(5)})
    later = {place.unit.pk: Share(Decimal(9))}
    # One figure is new, and that of the unit left out is gone.
    assert decompose(on(place.office), target, Sheet(later, "示例")) == 2
    parts = dict(target.parts.values_list("unit_id", "ended"))
    assert parts == {place.unit.pk: False, street.pk: True}
    part = target.parts.get(unit=place.unit)
    told = part.subject.observations.order_by("pk").values_list("value", "superseded_at")
    assert [(value, gone is None) for value, gone in told] == [(4, False), (9, True)]
    before = Event.objects.count()
    target.refresh_from_db()
    assert decompose(on(place.office), target, Sheet(later, "示例")) == 0
    assert Event.objects.count() == before


def test_decompose_when_somebody_was_quicker_then_stale_and_nothing_kept(place: District) -> None:
    target = promised(place.office, base=9)
    other = Target.objects.get(pk=target.pk)
    given(place.office, other, {place.unit: share(9)})
    sheet = Sheet({place.unit.pk: share(8)}, "示例", knowing=True)
    with pytest.raises(Stale):
        decompose(act_of(place.office), target, sheet, expected_revision=target.revision)
    with pytest.raises(Stale):
        decompose(act_of(place.office), target, sheet)
    assert _plan(target) == {("2025", "plan"): 9}


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((Decimal(-1), *(None,) * 11), "示例工信局：1月不能是负数。"),
        ((*(None,) * 11, Decimal("0.5")), "示例工信局：12月应为整数。"),
    ],
)
def test_decompose_when_a_figure_cannot_be_then_named_by_unit_and_month(
    place: District, months: tuple[Decimal | None, ...], words: str
) -> None:
    target = promised(place.office)
    sheet = Sheet({place.unit.pk: Share(Decimal(10), None, months)}, "示例", knowing=True)
    with pytest.raises(Invalid, match=words):
        decompose(act_of(place.office), target, sheet)
    with pytest.raises(Invalid, match="不在可分解的单位之内"):
        decompose(act_of(place.office), target, Sheet({place.root.pk: share(1)}, "示例"))
    with pytest.raises(Forbidden):
        decompose(act_of(place.leader), target, sheet)
    assert TargetPart.objects.count() == 0


def test_report_when_a_unit_reports_then_its_own_month_alone_and_with_its_name(
    place: District,
) -> None:
    target = given(
        place.office, promised(place.office, "landing", 5), {place.unit: share(5, {2: 5})}
    )
    part = target.parts.get()
    report_reached(act_of(place.owner), part, month=2, value=Decimal(3), source="签约台账")
    row = Observation.objects.get(basis="period")
    assert (row.period, row.value, row.source) == ("2025-02", 3, "示例工信局填报：签约台账")
    with pytest.raises(Forbidden):
        report_reached(act_of(place.stranger), part, month=2, value=Decimal(9), source="账")
    for month, words in ((4, "4月还没有到"), (13, "2025 年 1 至 12 月之内")):
        with pytest.raises(Invalid, match=words):
            report_reached(act_of(place.owner), part, month=month, value=None, source="账")
    with pytest.raises(Invalid, match="不能是负数"):
        report_reached(act_of(place.owner), part, month=1, value=Decimal(-1), source="账")
    build = given(place.office, promised(place.office), {place.unit: share(10)})
    with pytest.raises(Invalid, match="自动计数"):
        report_reached(
            act_of(place.owner), build.parts.get(), month=1, value=Decimal(1), source="账"
        )


def test_rule_when_it_would_count_statistics_then_refused(place: District) -> None:  # noqa: ARG001 -- rules
    assert [kind.code for kind in target_rules(TODAY).kinds] == [
        "build",
        "invest",
        "landing",
        "funds",
    ]
    row = Rule.objects.get(key="target.kinds")
    row.value["kinds"][1]["indicator"] = "counted"
    row.save()
    with pytest.raises(ValueError, match="统计数不能作任务账的完成数：投资增长"):
        kinds_in(rule_on("target.kinds", TODAY))
