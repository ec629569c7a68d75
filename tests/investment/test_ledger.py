"""A ledger against the projects there are, and taking it in."""

import datetime as dt
from decimal import Decimal

import pytest

from guatu.investment.actions import import_projects, record_money
from guatu.investment.ledger import MoneyGiven, PartyGiven, ProjectRow, diff_projects
from guatu.investment.models import Project, Stage
from guatu.register.enums import Basis, PartyRole, Verdict
from guatu.register.errors import Forbidden, Invalid
from guatu.register.ledgers import Issue
from guatu.register.models import Event, Observation, SourceCell, Sourced, StoredFile, Workbook
from tests.factories import act_of, system_act
from tests.investment.conftest import World


def a_cell(name: str, raw: str) -> SourceCell:
    file, _ = StoredFile.objects.get_or_create(sha256="0" * 64, size=1, media_type="text/csv")
    book, _ = Workbook.objects.get_or_create(
        file=file, filename="示例台账.csv", added_at=system_act().at
    )
    return SourceCell.objects.create(workbook=book, sheet="表1", cell=name, raw=raw)


def a_row(world: World, number: int = 3, **values: object) -> ProjectRow:
    return ProjectRow({"name": "示例道路", "unit": world.unit, **values}, number)


def test_diff_when_name_unknown_then_new_with_all_fields(world: World) -> None:
    (diff,) = diff_projects([a_row(world, total_wan=Decimal("12000.50"))])
    assert (diff.verdict, diff.project) == (Verdict.NEW, None)
    assert dict(diff.changes) == {
        "name": (None, "示例道路"),
        "unit": (None, "示例建设局"),
        "total_wan": (None, "12000.5"),
    }


def test_diff_when_name_differs_by_marks_only_then_same_project(world: World) -> None:
    row = ProjectRow({"name": "★ 示例　小学", "unit": world.unit}, 3)
    (diff,) = diff_projects([row])
    assert (diff.verdict, diff.project) == (Verdict.UNCHANGED, world.school)


def test_diff_when_two_rows_mean_one_project_then_second_is_error(world: World) -> None:
    first, second = diff_projects([a_row(world, 3), a_row(world, 9)])
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.ERROR)
    assert second.issues == (Issue("与第 3 行是同一个项目。", "name"),)


def test_diff_when_ledger_stage_is_later_then_stage_stays_and_note_says_so(world: World) -> None:
    row = ProjectRow(
        {"name": "示例小学", "unit": world.unit, "stage": Stage.objects.get(code="completion")}, 3
    )
    (diff,) = diff_projects([row])
    assert (diff.verdict, dict(diff.changes)) == (Verdict.UNCHANGED, {})
    assert diff.notes == ("台账所列阶段「竣工验收」与系统「招商落地」不同，阶段须按关口推进。",)


@pytest.mark.parametrize(
    ("values", "words", "name"),
    [
        ({"total_wan": Decimal(-1)}, "「总投资」不能是负数。", "total_wan"),
        ({"name": " "}, "请填写项目名称。", "name"),
        (
            {"start_on": dt.date(2025, 5, 1), "finish_on": dt.date(2025, 4, 1)},
            "竣工日期 2025-04-01 早于开工日期 2025-05-01。",
            "finish_on",
        ),
    ],
)
def test_diff_when_value_impossible_then_error(
    world: World, values: dict[str, object], words: str, name: str
) -> None:
    (diff,) = diff_projects([a_row(world, **values)])
    assert (diff.verdict, diff.issues) == (Verdict.ERROR, (Issue(words, name),))


def test_import_when_confirmed_twice_then_second_changes_nothing(world: World) -> None:
    cell = a_cell("C4", "1.2亿元")
    row = ProjectRow(
        {"name": "示例道路", "unit": world.unit, "total_wan": Decimal("12000.1234567")},
        4,
        money=(MoneyGiven("paid", "2025-02", "cumulative", Decimal("3.1234567"), cell.pk),),
        images={"2025-03": "完成路基"},
        parties=(PartyGiven(PartyRole.CONTRACTOR, outside_name="示例施工单位"),),
        sources={"total_wan": cell.pk},
    )
    result = import_projects(act_of(world.office), [row], "示例台账.csv")
    assert (result.new, result.changed, result.unchanged) == (1, 0, 0)
    (subject,) = result.subjects
    assert (subject.code, subject.initials, subject.project.total_wan) == (
        "XM-00002",
        "sldl",
        Decimal("12000.123457"),
    )
    assert sorted(Sourced.objects.filter(subject=subject).values_list("field", flat=True)) == [
        "paid.2025-02.cumulative",
        "project.total_wan",
    ]
    assert Observation.objects.get(subject=subject).cell == cell
    events = Event.objects.count()
    again = import_projects(act_of(world.office), [row], "示例台账.csv")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert Event.objects.count() == events
    assert again.subjects == result.subjects


def test_import_when_cell_blank_then_known_value_stays(world: World) -> None:
    import_projects(act_of(world.office), [a_row(world, total_wan=Decimal(5), address="示例路")])
    result = import_projects(act_of(world.office), [a_row(world, total_wan=None, address="")])
    assert result.unchanged == 1
    project = Project.objects.get(name="示例道路")
    assert (project.total_wan, project.address) == (Decimal(5), "示例路")


def test_import_when_one_row_wrong_then_nothing_saved(world: World) -> None:
    rows = [a_row(world), ProjectRow({"name": "", "unit": world.unit}, 7)]
    with pytest.raises(Invalid, match="第 7 行：请填写项目名称。"):
        import_projects(act_of(world.office), rows)
    assert Project.objects.count() == 1


def test_import_when_row_of_another_unit_then_refused(world: World) -> None:
    with pytest.raises(Invalid, match="不在您的办理范围内"):
        import_projects(act_of(world.stranger), [a_row(world)])


def test_import_when_rows_grow_then_statements_do_not(
    world: World, django_assert_max_num_queries: object
) -> None:
    def rows(count: int, total: int) -> list[ProjectRow]:
        return [
            ProjectRow(
                {"name": f"示例项目{n}", "unit": world.unit, "total_wan": Decimal(total)}, n + 3
            )
            for n in range(count)
        ]

    with django_assert_max_num_queries(60):  # type: ignore[operator]  # a pytest-django fixture
        import_projects(act_of(world.office), rows(300, 1))
    with django_assert_max_num_queries(60):  # type: ignore[operator]  # as above
        assert import_projects(act_of(world.office), rows(300, 2)).changed == 300


def test_record_money_when_value_differs_then_old_vintage_is_superseded(world: World) -> None:
    subject = world.school.subject

    def record(value: Decimal | None) -> Observation:
        return record_money(
            act_of(world.clerk),
            subject,
            indicator="paid",
            period="2025-03",
            basis=Basis.PERIOD,
            value=value,
            source="月报",
        )

    first = record(Decimal(10))
    assert record(Decimal("10.0")) == first
    second = record(Decimal(12))
    first.refresh_from_db()
    assert (first.value, first.superseded_at, second.value) == (
        Decimal(10),
        second.vintage,
        Decimal(12),
    )


@pytest.mark.parametrize(
    ("period", "value", "field"),
    [("2025-13", Decimal(1), "period"), ("2025-03", Decimal(-1), "value")],
)
def test_record_money_when_impossible_then_refused(
    world: World, period: str, value: Decimal, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        record_money(
            act_of(world.clerk),
            world.school.subject,
            indicator="paid",
            period=period,
            basis=Basis.PERIOD,
            value=value,
            source="月报",
        )
    assert refusal.value.field == field


def test_record_money_when_stranger_then_forbidden(world: World) -> None:
    with pytest.raises(Forbidden):
        record_money(
            act_of(world.stranger),
            world.school.subject,
            indicator="paid",
            period="2025-03",
            basis=Basis.PERIOD,
            value=None,
            source="月报",
        )
