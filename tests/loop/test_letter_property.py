"""Whatever is tried on letters in whatever order: numbers have no gaps and no unsigned owner."""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop import actions
from guatu.loop.letter_moves import LIFE
from guatu.loop.models import Letter, LetterVersion
from guatu.loop.queries.letters import kind_of, paper_of
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event
from guatu.register.recording import Act, plain
from guatu.register.sealing import verify
from guatu.register.versions import tracked
from tests.examples import examples
from tests.factories import NOON, TODAY, act_of
from tests.loop.builders import District, issued, make_loop
from tests.loop.letters import to_sign

LEGAL = {(source, move.target) for move in LIFE if move.target for source in move.sources}
# Whoever answers has read, and who signs may deliver at once: two steps of one act.
LEGAL |= {("sent", "read"), ("sent", "answered"), ("signing", "sent")}
Step = Callable[[Act, Letter], object]
STEPS: dict[str, Step] = {
    "redraft": lambda act, one: actions.redraft(act, one, body="改过的正文。"),
    "send_to_sign": actions.send_to_sign,
    "take_back": actions.take_back,
    "sign": lambda act, one: actions.sign(act, one, deliver_now=False),
    "sign and deliver": actions.sign,
    "send_back": lambda act, one: actions.send_back(act, one, reason="再核"),
    "deliver": actions.deliver,
    "read": actions.read,
    "answer": lambda act, one: actions.answer(act, one, text="已办"),
    "take_back_answer": actions.take_back_answer,
    "accept": actions.accept_answer,
    "return": lambda act, one: actions.return_answer(act, one, reason="不具体"),
    "settle": actions.settle,
    "withdraw": lambda act, one: actions.withdraw_letter(act, one, reason="不发了"),
    "void": lambda act, one: actions.void(act, one, reason="有误"),
}
FORWARD = ("send_to_sign", "sign", "deliver", "answer", "accept")
WHO = ("owner", "office", "leader", "stranger")
RIGHT = {"send_to_sign": "office", "sign": "leader", "deliver": "office", "answer": "owner"}
tries = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([*sorted(STEPS), *FORWARD, *FORWARD]),
        st.sampled_from(["right", "right", *WHO]),
        # Days gone by when it is tried: the clock also goes back, and into another year.
        st.sampled_from([0, 1, -1, 300]),
    ),
    max_size=25,
)


class Life(TestCase):
    @settings(max_examples=examples(25))
    @given(tries)
    def test_letters_when_anything_is_tried_then_numbers_have_no_gap_and_none_is_unsigned(
        self, tried: list[tuple[int, str, str, int]]
    ) -> None:
        place = make_loop()
        kinds = ("supervision", "supervision", "assignment", "reminder")
        duty = issued(place)
        keys = [actions.draft_letter(act_of(place.office), kind, duty=duty).pk for kind in kinds]
        seen: dict[int, list[str]] = defaultdict(list)
        given_once: dict[int, str] = {}
        for which, step, who, days in tried:
            letter = Letter.objects.get(pk=keys[which])
            seen[letter.pk].append(letter.state)
            self._try(place, letter, step, _who(letter, step, who), days)
            stored = Letter.objects.get(pk=letter.pk)
            seen[letter.pk].append(stored.state)
            if letter.pk in given_once:
                assert stored.reference == given_once[letter.pk]
            elif stored.reference:
                given_once[letter.pk] = stored.reference
        self._check_numbers(keys)
        steps = {
            (a, b)
            for told in seen.values()
            for a, b in zip(told[::2], told[1::2], strict=True)
            if a != b
        }
        assert steps <= LEGAL
        for key in keys:
            self._check_log(key)
        assert verify().faults == []

    def _try(self, place: District, letter: Letter, step: str, who: str, days: int) -> None:
        act = Act(
            getattr(place, who),
            NOON + dt.timedelta(days=max(days, 0)),
            TODAY + dt.timedelta(days=days),
        )
        before, events = Letter.objects.filter(pk=letter.pk).values().get(), Event.objects.count()
        try:
            STEPS[step](act, letter)
        except (Forbidden, Invalid):
            assert Letter.objects.filter(pk=letter.pk).values().get() == before
            assert Event.objects.count() == events

    def _check_numbers(self, keys: list[int]) -> None:
        numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
        for letter in Letter.objects.filter(pk__in=keys):
            signed = Event.objects.filter(
                model="loop.Letter", row=letter.pk, verb="letter.sign"
            ).count()
            assert (letter.number is not None) == (signed == 1) == bool(letter.reference)
            if letter.number is not None:
                assert letter.signed_on is not None
                assert letter.signer_id is not None
                numbers[letter.kind, letter.number_year or 0].append(letter.number)
            else:
                assert (letter.sent_on, letter.receipts.count()) == (None, 0)
                assert paper_of(letter, kind_of(letter), []).mark == "草稿，未签发"
        for found in numbers.values():
            assert sorted(found) == list(range(1, len(found) + 1))

    def _check_log(self, key: int) -> None:
        now: dict[str, object] = {f.attname: plain(f.get_default()) for f in tracked(Letter)}
        for event in Event.objects.filter(model="loop.Letter", row=key).order_by("id"):
            now |= {name: new for name, (_, new) in event.changes.items()}
        stored = Letter.objects.get(pk=key)
        assert now == {f.attname: plain(getattr(stored, f.attname)) for f in tracked(Letter)}
        last = LetterVersion._default_manager.get(row_id=key, known_to=None)
        assert last.state == stored.state  # type: ignore[attr-defined]  # a version's column


def _who(letter: Letter, step: str, tried: str) -> str:
    """Who tries it: most often somebody who may, so that letters get far."""
    if tried != "right":
        return tried
    if step.startswith("sign") and letter.kind == "reminder":
        return "office"
    return RIGHT.get(step.partition(" ")[0], "office")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_when_several_sign_at_once_then_each_gets_its_own_without_gaps() -> None:
    place = make_loop()
    letters = [to_sign(place) for _ in range(6)]
    start, failed = threading.Barrier(len(letters)), []

    def sign(letter: Letter) -> None:
        try:
            start.wait(timeout=30)
            actions.sign(act_of(place.leader), letter)
        except Exception as error:  # noqa: BLE001 -- a thread's failure is told by the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(letter,)) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    numbers = Letter.objects.order_by("number").values_list("number", "state")
    assert list(numbers) == [(number, "sent") for number in range(1, 7)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sign_when_two_sign_the_same_letter_then_one_number_is_given() -> None:
    place = make_loop()
    key = to_sign(place).pk
    start, refused = threading.Barrier(2), []

    def sign() -> None:
        letter = Letter.objects.select_related("signer_post__organisation").get(pk=key)
        start.wait(timeout=30)
        try:
            actions.sign(act_of(place.leader), letter)
        except Exception as error:  # noqa: BLE001 -- as above
            refused.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["Stale"]
    assert Letter.objects.get(pk=key).number == 1
