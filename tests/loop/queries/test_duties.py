"""The light of a duty, in Python and in SQL, and what closes a duty of each kind."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop.actions import (
    ClaimGiven,
    FileGiven,
    accept_claim,
    draft_duty,
    fill_quota_place,
    issue,
    make_quota,
    pause,
    report,
)
from guatu.loop.enums import Colour, DutySource, DutyState
from guatu.loop.models import Activity, Claim, Duty, QuotaPlace
from guatu.loop.queries.duties import (
    LAMP_RANKS,
    conditions,
    kinds_on,
    lamp_of,
    planned_words,
    with_lamp,
    worst_first,
)
from guatu.register.models import Document, Quote, StoredFile
from guatu.register.recording import change, create
from guatu.register.rules import rule_on
from tests.examples import examples
from tests.factories import NOON, TODAY, act_of, make_subject, system_act
from tests.loop.builders import District, doing, drafted, issued, make_loop, submitted

DAY = dt.timedelta(days=1)
OFFSETS = st.integers(-30, 30)


@pytest.mark.parametrize(
    ("days", "colour", "words"),
    [
        (-1, Colour.RED, "应于 2025-03-17 前完成，已逾期 1 天（逾期满 1 天亮红灯）"),
        (0, Colour.AMBER, "今天到期（到期前 7 天内亮黄灯）"),
        (7, Colour.AMBER, "还有 7 天到期（到期前 7 天内亮黄灯）"),
        (8, Colour.GREEN, "还有 8 天到期（到期前 7 天以上亮绿灯）"),
    ],
)
def test_lamp_when_at_a_boundary_then_colour_and_words_follow_the_rule(
    place: District, days: int, colour: Colour, words: str
) -> None:
    duty = issued(place, due=TODAY + dt.timedelta(days=days))
    lamp = lamp_of(duty, rule_on("lamp.duty", TODAY), TODAY)
    assert (lamp.colour, lamp.days, lamp.words) == (colour, days, words)
    assert lamp.reason["rule"]["key"] == "lamp.duty"


def test_lamp_when_due_is_open_or_duty_rests_then_unrated(place: District) -> None:
    rule = rule_on("lamp.duty", TODAY)
    paused = pause(act_of(place.office), issued(place), reason="上级政策调整")
    found = [lamp_of(duty, rule, TODAY) for duty in (issued(place, due=None), paused)]
    assert [(lamp.colour, lamp.words) for lamp in found] == [
        (Colour.UNRATED, "期限待定，无法判断"),
        (Colour.UNRATED, "暂停，不亮灯"),
    ]


def test_lamp_when_it_waits_for_review_then_it_stands_as_on_the_day_it_was_put_up(
    place: District,
) -> None:
    duty = issued(place, due=TODAY + 4 * DAY)
    duty.state, duty.submitted_on = DutyState.REVIEW, TODAY
    rule = rule_on("lamp.duty", TODAY)
    for later in (0, 1, 30):
        lamp = lamp_of(duty, rule, TODAY + later * DAY)
        words = f"{TODAY} 提请核验，当时还有 4 天到期，待核期间灯色不变"
        assert (lamp.colour, lamp.days, lamp.words) == (Colour.AMBER, 4, words)
    duty.state = DutyState.DOING
    assert lamp_of(duty, rule, TODAY + 30 * DAY).colour is Colour.RED


class LampInSql(TestCase):
    @settings(max_examples=examples(25))
    @given(
        drawn=st.lists(st.tuples(st.none() | OFFSETS, st.none() | OFFSETS), min_size=1, max_size=8),
        bounds=st.tuples(st.integers(1, 5), st.integers(0, 9)),
    )
    def test_lamp_when_computed_in_sql_then_same_as_in_python(
        self, drawn: list[tuple[int | None, int | None]], bounds: tuple[int, int]
    ) -> None:
        place = make_loop()
        for due, put_up in drawn:
            duty = issued(place, due=None if due is None else TODAY + due * DAY)
            if put_up is not None:
                on = TODAY + put_up * DAY
                Duty.objects.filter(pk=duty.pk).update(state=DutyState.REVIEW, submitted_on=on)
        value = dict(zip(("red_from_days_late", "amber_within_days"), bounds, strict=True))
        rule = replace(rule_on("lamp.duty", TODAY), value=value)
        rows: list[Any] = list(worst_first(with_lamp(Duty.objects.all(), rule, TODAY)))
        lamps = [lamp_of(duty, rule, TODAY) for duty in rows]
        assert [row.lamp_colour for row in rows] == [lamp.colour for lamp in lamps]
        days = [None if row.due is None else (row.due - row.lamp_today).days for row in rows]
        assert days == [lamp.days for lamp in lamps]
        assert [row.lamp_rank for row in rows] == sorted(LAMP_RANKS[lamp.colour] for lamp in lamps)


def held(duty: Duty) -> dict[str, bool]:
    return {c.key: c.held for c in conditions(duty, kinds_on(TODAY))}


def test_conditions_when_commitment_then_accepted_claim_needs_some_evidence(
    place: District,
) -> None:
    duty = issued(place, kind="commitment")
    photo = FileGiven(b"words", "现场.txt")
    for files in ((), (photo,)):
        row = report(
            act_of(place.owner), duty, text="办完", claims=[ClaimGiven("办结", True, files=files)]
        )
        accept_claim(act_of(place.office), Claim.objects.get(report=row))
        assert held(duty) == {"accepted_claim": bool(files)}


def test_conditions_when_task_then_accepted_claim_is_enough(place: District) -> None:
    duty, claim = submitted(place)
    assert held(duty) == {"accepted_report": False}
    accept_claim(act_of(place.office), claim)
    assert held(duty) == {"accepted_report": True}


def test_conditions_when_node_then_its_finish_counts(place: District) -> None:
    node = create(
        system_act(),
        "activity.add",
        Activity(subject=place.subject, node="start", name="开工", stage="build", sequence=1),
    )
    duty = draft_duty(
        act_of(place.office),
        kind="node",
        subject=place.subject,
        title="示例开工",
        source=DutySource.NODE,
        owner_post=place.owner_post,
        activity=node,
    )
    issue(act_of(place.office), duty)
    assert held(duty) == {"node_finished": False, "accepted_claim": False}
    change(system_act(), "activity.finish", node, finished=TODAY)
    assert held(duty) == {"node_finished": True, "accepted_claim": False}


def make_quote(text: str = "培育9户亿元企业") -> Quote:
    file = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="text/plain")
    paper = Document.objects.create(
        file=file, title="示例讲话", filename="a.txt", encoding="utf-8", text=text, added_at=NOON
    )
    return Quote.objects.create(document=paper, start=0, end=len(text), text=text)


def test_conditions_when_quota_then_every_stated_place_must_be_filled(place: District) -> None:
    firms = [make_subject(place.unit) for _ in range(3)]
    quota = make_quota(
        act_of(place.office),
        title="亿元企业",
        of="企业",
        stated=3,
        unit="户",
        quote=make_quote(),
        members=firms[:2],
    )
    duty = draft_duty(
        act_of(place.office),
        kind="quota",
        subject=place.subject,
        title="培育亿元企业",
        source=DutySource.PAPER,
        owner_post=place.owner_post,
        quota=quota,
    )
    issue(act_of(place.office), duty)
    assert held(duty) == {"quota_filled": False}
    empty = QuotaPlace.objects.get(quota=quota, subject=None)
    fill_quota_place(act_of(place.owner), empty, firms[2])
    assert held(duty) == {"quota_filled": True}


def test_planned_when_due_is_open_then_words_of_the_paper(place: District) -> None:
    duty = drafted(place, due=None)
    duty.due_text = "年底前"
    assert planned_words(duty, TODAY) == "期限待定：年底前"


def test_worst_first_when_mixed_then_latest_due_last_and_undated_after(place: District) -> None:
    late, soon = issued(place, due=dt.date(2025, 3, 1)), issued(place, due=dt.date(2025, 3, 20))
    undated, calm = issued(place, due=None), doing(place, due=dt.date(2025, 9, 1))
    rows = worst_first(with_lamp(Duty.objects.all(), rule_on("lamp.duty", TODAY), TODAY))
    assert list(rows) == [late, soon, calm, undated]
