"""The account: what is counted from what, who sees it, and as it was on a past day."""

import datetime as dt
from decimal import Decimal

import pytest

from guatu.campaign.targets.account import Account, Position, account
from guatu.campaign.targets.counting import Row, rows_of_project
from guatu.campaign.targets.scoring import board
from guatu.engines.apportion import Sum
from guatu.engines.plan_path import Light, Why
from guatu.loop.actions.apportioning import report_reached
from guatu.loop.actions.timetable import PlannedNode, finish, plan_nodes
from guatu.loop.models import Activity
from guatu.register.enums import Basis, SubjectKind
from guatu.register.models import Indicator, Organisation, Rule, Subject
from guatu.register.observations import Figure, keep_figures
from guatu.register.policies import Standing
from tests.factories import TODAY, act_of, make_subject, make_unit, system_act
from tests.loop.builders import District, make_loop, on
from tests.loop.targets import given, promised, share

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> District:
    return make_loop()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            [(1, "2025-01", Basis.PERIOD, D(3)), (2, "2025-02", Basis.PERIOD, None)],
            [Row(7, 9, 1, D(3), 1), Row(7, 9, 2, None, 2)],
        ),
        (
            [(1, "2025-01", Basis.PERIOD, D(3)), (2, "2025-02", Basis.CUMULATIVE, D(8))],
            [Row(7, 9, 1, D(3), 1), Row(7, 9, None, D(5), 2)],
        ),
        (
            [(2, "2025-02", Basis.CUMULATIVE, D(8)), (3, "2025-03", Basis.PERIOD, D(2))],
            [Row(7, 9, 3, D(2), 3), Row(7, 9, None, D(8), 2)],
        ),
        ([(4, "2025", Basis.CUMULATIVE, D(20))], [Row(7, 9, None, D(20), 4)]),
    ],
)
def test_rows_when_a_project_tells_in_different_ways_then_they_add_up_to_the_year(
    told: list[tuple[int, str, str, Decimal | None]], expected: list[Row]
) -> None:
    assert rows_of_project(7, 9, told) == expected


def _started(unit: Organisation | None, day: dt.date | None) -> Subject:
    subject = make_subject(unit)
    node = PlannedNode(
        node="start", name="开工建设", stage="construction", sequence=13, due=TODAY, finished=day
    )
    plan_nodes(system_act(), {subject: [node]})
    return subject


def _spent(subject: Subject, code: str, month: str, value: int | None) -> None:
    told = None if value is None else D(value)
    indicator = Indicator.objects.get(code=code)
    figure = Figure(subject, indicator, month, Basis.PERIOD, told, "示例月报")
    keep_figures(system_act(), [figure])


def _of(standing: Standing, code: str, as_of: dt.date | None = None) -> Position:
    told = account(standing, as_of)
    assert isinstance(told, Account)
    found = told.of(code)
    assert found is not None
    return found


def test_build_when_nodes_are_finished_then_counted_by_unit_and_lines_add_up(
    place: District,
) -> None:
    section = make_unit(place.unit)
    _started(place.unit, dt.date(2025, 1, 20))
    _started(section, dt.date(2025, 2, 3))
    _started(place.unit, None)
    _started(place.unit, dt.date(2024, 12, 30))
    _started(make_unit(place.root), dt.date(2025, 3, 3))
    street = place.stranger_post.organisation
    target = promised(place.office, base=6)
    given(
        place.office, target, {place.unit: share(4, {1: 1, 2: 1, 5: 2}), street: share(2, {2: 2})}
    )
    told = _of(place.office, "build")
    lines = [(str(line.unit or "其他"), line.reached.year.value) for line in told.lines]
    assert dict(lines) == {"示例工信局": 2, "示例住建局": 0, "其他": 1}
    assert told.reached.year == Sum(D(3))
    own = next(line for line in told.lines if line.unit == place.unit)
    other = next(line for line in told.lines if line.unit == street)
    assert (own.judged.light, own.judged.month) == (Light.GREEN, 2)
    assert (other.judged.light, other.judged.gap) == (Light.RED, D(-2))
    assert (told.judged.light, told.judged.expected.value) == (Light.RED, 4)


def test_invest_when_some_projects_say_nothing_then_unknown_and_not_red(place: District) -> None:
    first, second = (_started(place.unit, dt.date(2025, 1, 9)) for _ in range(2))
    _spent(first, "image_investment", "2025-01", 40)
    # Statistics are no source, whatever stands there; nor is what an enterprise tells.
    _spent(second, "counted", "2025-01", 900)
    _spent(make_subject(place.unit, SubjectKind.ENTERPRISE), "image_investment", "2025-01", 900)
    target = promised(place.office, "invest", 100)
    given(place.office, target, {place.unit: share(100, {1: 50, 2: 50})})
    told = _of(place.office, "invest")
    assert told.reached.year == Sum(D(40), 1)
    assert (told.judged.light, told.judged.why) == (Light.UNRATED, Why.UNREPORTED)
    _spent(second, "image_investment", "2025-02", 70)
    told = _of(place.office, "invest")
    assert (told.reached.year, told.judged.light) == (Sum(D(110)), Light.GREEN)


def test_account_when_a_clerk_reads_then_own_part_alone_and_strangers_nothing(
    place: District,
) -> None:
    street = place.stranger_post.organisation
    target = promised(place.office, "landing", 9)
    given(place.office, target, {place.unit: share(4, {2: 4}), street: share(5, {2: 5})})
    part = target.parts.get(unit=street)
    report_reached(act_of(place.stranger), part, month=2, value=D(5), source="签约台账")
    own = _of(place.owner, "landing")
    assert (own.partial, own.base, own.reached.year) == (True, 4, Sum(None, 2))
    whole = _of(place.office, "landing")
    assert (whole.base, whole.reached.year, len(whole.lines)) == (9, Sum(D(5), 3), 2)
    scored = board(place.owner)
    assert scored is not None
    assert [str(row.unit) for _, rows in scored.classes for row in rows] == ["示例工信局"]


def test_landing_when_a_month_without_a_plan_is_unreported_then_unknown_in_sum_light_and_score(
    place: District,
) -> None:
    street = place.stranger_post.organisation
    target = promised(place.office, "landing", 9)
    given(place.office, target, {place.unit: share(4, {5: 4}), street: share(5, {2: 5})})
    own, other = target.parts.get(unit=place.unit), target.parts.get(unit=street)
    told = _of(place.office, "landing")
    assert told.reached.year == Sum(None, 4)
    assert [one.unknown for one in told.reached.months] == [2, 2, *[0] * 10]
    assert told.sprint_reached == Sum(None, 4)
    report_reached(act_of(place.stranger), other, month=2, value=D(1), source="签约台账")
    told = _of(place.office, "landing")
    assert [line.reached.year for line in told.lines] == [Sum(None, 2), Sum(D(1), 1)]
    assert told.lines[1].judged.why == Why.UNREPORTED
    scored = board(place.office)
    assert scored is not None
    rated = scored.of(street)
    assert rated is not None
    assert (rated.score.value, rated.score.unreported) == (20, 1)
    report_reached(act_of(place.owner), own, month=1, value=D(0), source="签约台账")
    before = _of(place.office, "landing").reached.year
    report_reached(act_of(place.owner), own, month=2, value=D(0), source="签约台账")
    report_reached(act_of(place.owner), own, month=2, value=None, source="签约台账")
    assert _of(place.office, "landing").reached.year == before == Sum(D(1), 2)


def test_account_when_read_as_of_a_past_day_then_as_it_was_known(place: District) -> None:
    subject = _started(place.unit, None)
    target = promised(place.office, base=4)
    given(place.office, target, {place.unit: share(4, {1: 4})})
    node = Activity.objects.get(subject=subject)
    finish(on(place.office, 5), node, day=TODAY)
    assert _of(place.office, "build", TODAY).reached.year == Sum(D(0))
    assert _of(place.office, "build").reached.year == Sum(D(1))
    assert _of(place.office, "build", TODAY - dt.timedelta(days=1)).target is None


def test_scores_when_others_reach_more_or_the_plan_is_moved_then_mine_stays(
    place: District,
) -> None:
    street = place.stranger_post.organisation
    _started(place.unit, dt.date(2025, 1, 20))
    target = promised(place.office, base=4)
    early = {place.unit: share(2, {1: 2}), street: share(2, {1: 2})}
    given(place.office, target, early)

    def scores() -> dict[str, Decimal | None]:
        told = board(place.office)
        assert told is not None
        return {str(row.unit): row.score.value for _, rows in told.classes for row in rows}

    assert scores() == {"示例工信局": 50, "示例住建局": 0}
    _started(street, dt.date(2025, 2, 20))
    _started(street, dt.date(2025, 2, 21))
    assert scores() == {"示例工信局": 50, "示例住建局": 100}
    given(place.office, target, {place.unit: share(2, {12: 2}), street: early[street]})
    assert scores() == {"示例工信局": 50, "示例住建局": 100}


def test_board_when_ranking_is_not_permitted_then_protocol_order_else_by_points(
    place: District,
) -> None:
    street = place.stranger_post.organisation
    _started(street, dt.date(2025, 1, 20))
    target = promised(place.office, base=4)
    given(place.office, target, {place.unit: share(2), street: share(2)})

    def order() -> list[str]:
        told = board(place.office)
        assert told is not None
        return [str(row.unit) for _, rows in told.classes for row in rows]

    assert order() == ["示例工信局", "示例住建局"]
    Rule.objects.filter(key="score.ranking").update(value={"allowed": True})
    assert order() == ["示例住建局", "示例工信局"]
