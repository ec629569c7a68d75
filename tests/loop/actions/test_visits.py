"""Visits: a finding at each place, duties and blockers that came of it, whom nobody visited."""

import datetime as dt

import pytest

from guatu.loop.actions import FileGiven
from guatu.loop.actions.reforms import add_reform, edit_reform
from guatu.loop.actions.visits import (
    add_finding,
    charge,
    edit_finding,
    edit_visit,
    raise_from,
    record_visit,
    withdraw_visit,
)
from guatu.loop.enums import DutySource
from guatu.loop.models import Companion, Finding, FindingEvidence, Outcome, Reform, Visit
from guatu.loop.queries.reforms import find_reform
from guatu.loop.queries.visits import find_visit, findings_in_sight, unvisited, visits_of
from guatu.loop.removers import Remover
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from tests.factories import TODAY, act_of, make_subject
from tests.loop.builders import District, on, refusal

pytestmark = pytest.mark.django_db


def visited(place: District, **said: object) -> Visit:
    told = {
        "on": TODAY,
        "leader_post": place.leader_post,
        "subject": place.subject,
        "text": "现场有序",
        "verdict": "normal",
    }
    return record_visit(act_of(place.leader), **{**told, **said})  # type: ignore[arg-type]


def test_visit_when_two_places_on_one_day_then_one_visit_with_both_findings(
    place: District,
) -> None:
    other = make_subject(place.stranger_post.organisation)
    photo = FileGiven("示例照片".encode(), "示例.txt")
    first = visited(place, companions=[place.unit], files=[photo])
    second = visited(place, subject=other, verdict="stuck", text="等图纸", companions=[place.unit])
    assert first == second
    found = list(Finding.objects.order_by("pk").values_list("subject", "verdict", "text"))
    assert found == [(place.subject.pk, "normal", "现场有序"), (other.pk, "stuck", "等图纸")]
    assert (Companion.objects.count(), FindingEvidence.objects.count()) == (1, 1)
    with pytest.raises(Invalid, match="已记过"):
        add_finding(act_of(place.leader), first, subject=other, text="再记", verdict="good")


def test_finding_when_it_charges_or_blocks_then_duty_and_blocker_hang_on_the_place(
    place: District,
) -> None:
    visited(place)
    finding = Finding.objects.get()
    duty = charge(
        act_of(place.leader), finding, title="补齐手续", owner_post=place.owner_post, due=None
    )
    blocker = raise_from(
        act_of(place.leader), finding, "funds", remover=Remover(place.unit), what="缺款"
    )
    assert (duty.source, duty.state, duty.subject) == (DutySource.VISIT, "issued", place.subject)
    assert (blocker.subject, blocker.state) == (place.subject, "raised")
    outcomes = list(Outcome.objects.values_list("duty", "blocker"))
    assert outcomes == [(duty.pk, None), (None, blocker.pk)]
    shown = visits_of(place.owner, place.subject)
    assert [len(one.outcomes) for one in shown] == [2]


def test_visit_when_told_nonsense_then_refused_in_a_sentence(place: District) -> None:
    for sentence, said in {
        ("督帮日期 2024-12-30 早于「示例攻坚年」，请核对年份。", "on"): {
            "on": dt.date(2024, 12, 30)
        },
        ("督帮日期 2025-03-19 还没有到。", "on"): {"on": TODAY + dt.timedelta(days=1)},
        (
            "走访由服务这家企业的专员记录；督帮请选择区领导。",
            "leader_post",
        ): {"leader_post": place.owner_post},
        ("请点选一个结论。", "verdict"): {"verdict": "fine"},
        ("请写一句看到的情况。", "text"): {"text": " \n "},
        ("督帮记在项目或企业上。", "subject"): {"subject": make_subject(place.unit, "campaign")},  # type: ignore[arg-type]
    }.items():
        with pytest.raises(Invalid) as caught:
            visited(place, **said)
        assert refusal(caught) == sentence
    with pytest.raises(Forbidden):
        record_visit(
            act_of(place.owner),
            on=TODAY,
            leader_post=place.leader_post,
            subject=place.subject,
            text="无权",
            verdict="good",
        )
    assert not Visit.objects.exists()


def test_secret_when_a_photo_bears_its_mark_then_refused_and_logged(place: District) -> None:
    with pytest.raises(Invalid, match="密级"):
        visited(place, files=[FileGiven("机密★1年 示例".encode(), "示例.txt")])
    assert not Visit.objects.exists()
    assert Event.objects.filter(verb="intake.refuse").count() == 1


def test_visit_when_changed_or_withdrawn_then_versions_keep_what_was_told(place: District) -> None:
    visit = visited(place)
    finding = Finding.objects.get()
    edit_finding(on(place.leader), finding, text="改写", verdict="slow", expected_revision=1)
    then = findings_in_sight(place.office, TODAY).get()
    assert (then.text, finding.text) == ("现场有序", "改写")
    with pytest.raises(Stale):
        edit_finding(on(place.leader), finding, text="晚了", verdict="slow", expected_revision=1)
    edit_visit(
        on(place.office),
        visit,
        on=TODAY,
        leader_post=place.leader_post,
        companions=[place.unit],
        note="示例备注",
    )
    assert find_visit(place.owner, visit.public_id) == visit
    assert find_visit(place.stranger, visit.public_id) is None
    withdraw_visit(on(place.leader), visit, reason="记错日期")
    assert visits_of(place.owner, place.subject) == []
    with pytest.raises(Invalid, match="已撤回"):
        add_finding(on(place.leader), visit, subject=place.subject, text="再记", verdict="good")


def test_unvisited_when_the_rule_counts_thirty_days_then_older_and_never_visited_are_listed(
    place: District,
) -> None:
    never, long_ago = (make_subject(place.unit) for _ in range(2))
    visited(place, subject=long_ago, on=TODAY - dt.timedelta(days=30))
    visited(place, on=TODAY - dt.timedelta(days=29))
    rows = unvisited(place.office, TODAY)
    assert {row.pk: row.last for row in rows} == {
        never.pk: None,
        long_ago.pk: TODAY - dt.timedelta(days=30),
    }
    assert set(unvisited(place.stranger, TODAY)) == set()


def test_reform_when_added_and_changed_then_subject_and_versions_follow(place: District) -> None:
    act = act_of(place.office)
    reform = add_reform(act, name="示例审批改革", unit=place.unit, content="并联审批")
    assert (reform.subject.kind, reform.subject.code, reform.state) == (
        "reform",
        "GG-00001",
        "planned",
    )
    with pytest.raises(Invalid, match="已有改革任务"):
        add_reform(act, name="示例审批改革")
    with pytest.raises(Invalid, match="早于 2025 年的攻坚行动"):
        add_reform(act, name="旧改革", due=dt.date(2024, 5, 1))
    edit_reform(on(place.owner), reform, name="示例审批改革二期", unit=place.unit, state="doing")
    key = reform.subject.public_id
    then, now = find_reform(place.owner, key, TODAY), find_reform(place.owner, key)
    assert (then and then.state, now and now.state) == ("planned", "doing")
    assert Reform.objects.get().subject.title == "示例审批改革二期"
    assert find_reform(place.stranger, key) is None
    with pytest.raises(Forbidden):
        edit_reform(on(place.stranger), reform, name="越权")
