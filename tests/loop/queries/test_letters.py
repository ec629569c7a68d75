"""The light of a reply, the same in a row and in a query; what stands on whose desk."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.loop import actions
from guatu.loop.enums import Colour, LetterState
from guatu.loop.models import Letter
from guatu.loop.queries.letter_desk import letter_desk
from guatu.loop.queries.letters import letter_lamp, letters_about, with_lamp
from guatu.register.policies import Standing
from guatu.register.rules import rule_on
from tests.factories import TODAY, act_of
from tests.loop.builders import District, on
from tests.loop.letters import answered, colleague_of, draft, sent, signed, to_sign


@pytest.mark.parametrize(
    ("left", "colour", "words"),
    [
        (-1, Colour.RED, "应于 2025-03-17 前回复，已逾期 1 天（逾期满 1 天亮红灯）"),
        (0, Colour.AMBER, "回复期限今天到期（到期前 2 天内亮黄灯）"),
        (2, Colour.AMBER, "回复期限还有 2 天（到期前 2 天内亮黄灯）"),
        (3, Colour.GREEN, "回复期限还有 3 天（到期前 2 天以上亮绿灯）"),
        (None, Colour.UNRATED, "不要求回复，不亮灯"),
    ],
)
def test_lamp_when_days_left_then_colour_of_the_rule_in_row_and_query(
    place: District, left: int | None, colour: Colour, words: str
) -> None:
    letter = sent(place)
    due = None if left is None else TODAY + dt.timedelta(days=left)
    Letter.objects.filter(pk=letter.pk).update(reply_due=due)
    rule = rule_on("lamp.letter", TODAY)
    row = with_lamp(Letter.objects.all(), rule, TODAY).get()
    lamp = letter_lamp(row, rule, TODAY)
    assert (lamp.colour, lamp.days, lamp.words) == (colour, left, words)
    assert row.lamp_colour == colour  # type: ignore[attr-defined]  # annotated


def test_lamp_when_nothing_is_owed_then_unrated_and_says_the_state(place: District) -> None:
    rule = rule_on("lamp.letter", TODAY)
    for letter in (draft(place), to_sign(place), signed(place), answered(place)):
        lamp = letter_lamp(letter, rule, TODAY + dt.timedelta(days=90))
        words = f"{LetterState(letter.state).label}，不亮灯"
        assert (lamp.colour, lamp.days, lamp.words) == (Colour.UNRATED, None, words)


def on_desk(standing: Standing, as_of: dt.date | None = None) -> list[tuple[str, str]]:
    """Verb and code of each letter on a desk."""
    return [(task.verb, task.letter.code) for task in letter_desk(standing, as_of).tasks]


def test_desk_when_letters_wait_then_each_stands_with_who_has_to_act(place: District) -> None:
    waiting, owed, replied = to_sign(place), sent(place), answered(place)
    copied, back = sent(place, "reminder"), answered(place)
    actions.return_answer(act_of(place.office), back, reason="不具体")
    draft(place)
    kept = signed(place)
    Letter.objects.filter(pk=owed.pk).update(reply_due=TODAY - dt.timedelta(days=1))
    assert set(on_desk(place.leader)) == {
        ("签发", waiting.code),
        ("核回复", replied.code),
        ("阅知抄送", copied.code),
    }
    assert set(on_desk(place.office)) == {("核回复", replied.code), ("送达", kept.code)}
    unit = on_desk(place.owner)
    assert unit[0] == ("回复", owed.code)
    assert set(unit) == {
        ("回复", owed.code),
        ("回复", copied.code),
        ("重新回复", back.code),
    }
    assert on_desk(colleague_of(place)) == unit
    assert on_desk(place.stranger) == []


def test_desk_when_read_as_of_a_past_day_then_what_waited_then(place: District) -> None:
    letter = to_sign(place)
    actions.sign(on(place.leader, 2), letter)
    assert on_desk(place.leader) == []
    assert on_desk(place.leader, TODAY) == [("签发", letter.code)]
    assert on_desk(place.owner, TODAY) == []


def test_desk_when_letters_grow_then_queries_do_not(place: District) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            letter_desk(place.owner)
        return len(captured)

    sent(place)
    first = counted()
    for _ in range(4):
        sent(place)
    assert (counted(), first) == (first, 2)


def test_letters_about_a_duty_when_unsigned_then_only_the_office_sees_them(
    place: District,
) -> None:
    letter = draft(place)
    assert letter.duty is not None
    assert letters_about(place.office, letter.duty) == [letter]
    assert letters_about(place.owner, letter.duty) == []
