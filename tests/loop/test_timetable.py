"""Acts on the time account by themselves, whoever the subject belongs to."""

import datetime as dt

import pytest

from guatu.loop.actions.timetable import PlannedNode, finish, forecast, plan_nodes, reopen, set_due
from guatu.loop.models import Activity
from guatu.loop.queries.timetable import lamps_of, nodes_of
from guatu.register.enums import EvidenceKind, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Evidence, StoredFile, Subject
from guatu.register.rules import load_shipped
from tests.factories import (
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def a_node(code: str = "permit", **values: object) -> PlannedNode:
    return PlannedNode(code, "施工许可", "approval", 9, **values)  # type: ignore[arg-type]  # by name


@pytest.fixture
def subject() -> Subject:
    load_shipped()
    district = make_district()
    make_campaign(district)
    return make_subject(make_unit(district, "示例建设局"))


def only(subject: Subject, **values: object) -> Activity:
    (row,) = plan_nodes(system_act(), {subject: [a_node(**values)]})
    return row


def test_plan_when_due_given_then_first_promise_is_the_baseline(subject: Subject) -> None:
    row = only(subject, due=TODAY)
    assert (row.due, row.baseline, row.finished) == (TODAY, TODAY, None)


def test_plan_when_node_is_there_already_then_refused_whole(subject: Subject) -> None:
    only(subject)
    with pytest.raises(Invalid, match="已在时间账上"):
        plan_nodes(system_act(), {subject: [a_node("start"), a_node()]})
    assert [row.node for row in nodes_of([subject.pk])[subject.pk]] == ["permit"]


def test_plan_when_finished_long_ago_then_old_due_is_no_obstacle(subject: Subject) -> None:
    row = only(subject, due=dt.date(2023, 5, 1), finished=dt.date(2023, 5, 9))
    assert row.finished == dt.date(2023, 5, 9)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due": dt.date(2024, 12, 31)}, "早于攻坚年开始的 2025-01-01"),
        ({"finished": TODAY + DAY}, "还没有到"),
        ({"started": TODAY, "finished": TODAY - DAY}, "早于开始日期"),
    ],
)
def test_plan_when_date_impossible_then_refused(
    subject: Subject, values: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        only(subject, **values)
    assert Activity.objects.count() == 0


def test_finish_when_before_start_or_twice_then_refused(subject: Subject) -> None:
    row = only(subject, started=TODAY - 5 * DAY)
    with pytest.raises(Invalid, match="早于开始日期"):
        finish(system_act(), row, day=TODAY - 6 * DAY)
    finish(system_act(), row, day=TODAY)
    with pytest.raises(Invalid, match="已登记完成"):
        finish(system_act(), row, day=TODAY)


def test_finish_when_evidence_of_another_subject_then_refused(subject: Subject) -> None:
    other = make_subject(subject.unit)
    file = StoredFile.objects.create(sha256="1" * 64, size=1, media_type="application/pdf")
    evidence = Evidence.objects.create(
        subject=other,
        file=file,
        kind=EvidenceKind.PERMIT,
        title="示例批复",
        added_at=system_act().at,
    )
    with pytest.raises(Invalid, match="不属于本项目"):
        finish(system_act(), only(subject), day=TODAY, evidence=evidence)


def test_set_due_when_finished_then_refused(subject: Subject) -> None:
    row = only(subject, finished=TODAY)
    with pytest.raises(Invalid, match="已完成"):
        set_due(system_act(), row, due=TODAY)
    with pytest.raises(Invalid, match="无须预计"):
        forecast(system_act(), row, day=TODAY)


def test_reopen_when_no_reason_or_not_finished_then_refused(subject: Subject) -> None:
    row = only(subject)
    with pytest.raises(Invalid, match="尚未登记完成"):
        reopen(system_act(), row, reason="错")
    finish(system_act(), row, day=TODAY)
    with pytest.raises(Invalid, match="理由"):
        reopen(system_act(), row, reason=" ")


def test_acts_when_shown_revision_is_old_then_stale(subject: Subject) -> None:
    row = only(subject)
    set_due(system_act(), row, due=TODAY)
    for act in (
        lambda: set_due(system_act(), row, due=TODAY + DAY, reason="改", expected_revision=1),
        lambda: finish(system_act(), row, day=TODAY, expected_revision=1),
        lambda: forecast(system_act(), row, day=TODAY, expected_revision=1),
    ):
        with pytest.raises(Stale):
            act()


def test_acts_when_officer_reads_only_or_is_a_stranger_then_forbidden(subject: Subject) -> None:
    row = only(subject)
    unit = subject.unit
    assert unit is not None
    assert unit.parent is not None
    for standing in (
        make_standing(unit.parent, Role.STATISTICIAN),
        make_standing(make_unit(unit.parent)),
        make_standing(unit, Role.SPECIALIST),
        make_standing(unit.parent, Role.AUDIT_ADMIN),
    ):
        with pytest.raises(Forbidden):
            finish(act_of(standing), row, day=TODAY)
        with pytest.raises(Forbidden):
            forecast(act_of(standing), row, day=TODAY)


def test_queries_when_asked_as_of_the_day_before_then_nothing_was_known(subject: Subject) -> None:
    row = only(subject, due=TODAY)
    assert nodes_of([subject.pk], TODAY - DAY) == {}
    assert lamps_of([subject.pk], TODAY - DAY) == {}
    finish(system_act(system_act().at + DAY), row, day=TODAY)
    (known,) = nodes_of([subject.pk], TODAY)[subject.pk]
    assert (known.identity, known.finished) == (row.pk, None)
    assert lamps_of([subject.pk], TODAY)[subject.pk].colour == "amber"
    assert lamps_of([subject.pk])[subject.pk].colour == "green"
