"""For any sequence of acts: events replayed == versions == rows, and as-of D is what D knew."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.investment.models import Project
from guatu.register.enums import SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Enterprise, Event, Indicator, Organisation, Subject
from guatu.register.recording import change, change_many, create_many, note
from guatu.register.sealing import verify
from guatu.register.versions import SHANGHAI, rows_as_of
from tests.examples import examples
from tests.factories import make_district, make_unit, system_act

pytestmark = pytest.mark.django_db

START = dt.datetime(2025, 3, 1, 23, 30, tzinfo=SHANGHAI)
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
money = st.none() | st.decimals(0, 999_999_999, places=6) | st.integers(0, 10**9)
days = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
json_values = st.lists(texts | st.integers(-5, 5) | st.booleans() | st.none(), max_size=3)
projects = st.fixed_dictionaries(
    {},
    optional={
        "name": texts,
        "total_wan": money,
        "year_plan_wan": money,
        "start_on": st.none() | st.just(dt.date(2020, 1, 1)),
        "finish_on": days,
        "short_names": json_values,
        "starred": st.booleans(),
        "parent": st.none() | st.integers(0, 2),
    },
)
# Minutes that pass before each act: none, so that acts share an instant, or across midnight.
steps = st.lists(
    st.tuples(st.sampled_from([0, 0, 20, 1440]), st.lists(projects, min_size=1, max_size=3)),
    max_size=8,
)


def _make_projects() -> list[Project]:
    act = system_act(START)
    subjects = create_many(
        act,
        "subject.add",
        [Subject(kind=SubjectKind.PROJECT, code=f"P{n}", title=f"示例{n}") for n in range(3)],
    )
    made = [Project(subject=subject, name=f"示例项目{n}") for n, subject in enumerate(subjects)]
    return list(create_many(act, "project.add", made))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_verify_when_any_acts_followed_then_events_versions_and_rows_agree(
    plan: list[tuple[int, list[dict[str, Any]]]],
) -> None:
    with transaction.atomic():
        _act_and_compare(plan)
        transaction.set_rollback(True)


def _act_and_compare(plan: list[tuple[int, list[dict[str, Any]]]]) -> None:
    rows = _make_projects()
    now, known = START, {}
    for minutes, changes in plan:
        now += dt.timedelta(minutes=minutes)
        pairs = []
        for row, values in zip(rows, changes, strict=False):
            if isinstance(values.get("parent"), int):
                values["parent"] = rows[values["parent"]]
            pairs.append((row, values))
        change_many(system_act(now), "project.edit", pairs)
        note(system_act(now), "project.urge", rows[0], {"name": [None, "不是改名"]})
        known[now.date()] = _names(Project.objects.all())
    assert verify().faults == []
    for day, names in known.items():
        assert _names(rows_as_of(Project, day)) == names


def _names(rows: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 -- rows or their versions
    columns = ("subject_id", "name", "total_wan", "finish_on", "short_names", "starred")
    return list(rows.order_by("subject_id").values_list(*columns))


def test_as_of_when_two_changes_share_an_instant_then_only_the_last_shows() -> None:
    unit = make_unit(make_district(), "示例一局")
    states = rows_as_of(Organisation, system_act().at.date()).filter(row_id=unit.pk)
    assert [(s.name, s.path, s.revision) for s in states] == [("示例一局", unit.path, 2)]


@pytest.mark.parametrize(("clock", "seen"), [("23:59:59.999999", True), ("00:00:00.000000", False)])
def test_as_of_when_change_is_at_midnight_in_shanghai_then_it_belongs_to_the_next_day(
    clock: str,
    seen: bool,  # noqa: FBT001 -- a column of the table above
) -> None:
    day = dt.date(2025, 3, 20)
    unit = make_unit(make_district(), "示例旧局")
    moment = dt.datetime.combine(
        day if seen else day + dt.timedelta(days=1), dt.time.fromisoformat(clock), SHANGHAI
    )
    change(system_act(moment.astimezone(dt.UTC)), "organisation.rename", unit, name="示例新局")
    names = list(rows_as_of(Organisation, day).filter(row_id=unit.pk).values_list("name"))
    assert names == [("示例新局" if seen else "示例旧局",)]


def test_change_when_clock_went_back_then_history_still_runs_forward() -> None:
    unit = make_unit(make_district(), "示例一局")
    earlier = system_act().at - dt.timedelta(hours=1)
    change(system_act(earlier), "organisation.rename", unit, name="示例二局")
    assert verify().faults == []
    assert Event.objects.latest("pk").at == system_act().at


def test_create_when_value_has_more_places_than_the_column_then_event_says_what_is_stored() -> None:
    row = _make_projects()[0]
    change(system_act(START), "project.edit", row, total_wan=Decimal("12.3456785"))
    row.refresh_from_db()
    assert Event.objects.latest("pk").changes == {"total_wan": [None, "12.345679"]}
    assert row.total_wan == Decimal("12.345679")


def test_change_when_figure_has_too_many_digits_then_refused() -> None:
    row = _make_projects()[0]
    with pytest.raises(Invalid, match="位数过多"):
        change(system_act(START), "project.edit", row, total_wan=Decimal("1234567890.123456"))


def test_create_when_model_has_no_versions_then_event_holds_the_row_and_verify_compares() -> None:
    indicator = Indicator(code="sample", name="示例指标", unit="户")
    create_many(system_act(), "indicator.add", [indicator])
    assert verify().faults == []
    Indicator.objects.filter(pk=indicator.pk).update(unit="个")
    assert [(f.model, f.row) for f in verify().faults] == [("register.Indicator", indicator.pk)]


def test_change_when_row_stands_twice_in_one_call_then_refused() -> None:
    row = _make_projects()[0]
    with pytest.raises(ValueError, match="once"):
        change_many(system_act(START), "project.edit", [(row, {"name": "a"}), (row, {"name": "b"})])


def test_create_when_reference_is_null_then_replay_gives_null() -> None:
    subject = Subject(kind=SubjectKind.ENTERPRISE, code="E1", title="示例企业")
    create_many(system_act(), "subject.add", [subject])
    create_many(system_act(), "enterprise.add", [Enterprise(subject=subject, name="示例企业")])
    assert verify().faults == []
