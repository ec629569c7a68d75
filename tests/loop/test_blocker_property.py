"""Whatever is tried on a blocker in whatever order: legal states, whole days, a true log."""

import datetime as dt
import itertools
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop import actions
from guatu.loop.blocker_days import days_of, with_days
from guatu.loop.blocker_moves import LIFE
from guatu.loop.enums import BlockerState
from guatu.loop.models import Blocker, BlockerVersion, Duty
from guatu.loop.office_days import OfficeDays, office_days
from guatu.loop.removers import Remover
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event
from guatu.register.policies import Standing
from guatu.register.recording import Act, plain
from guatu.register.versions import tracked
from tests.examples import examples
from tests.factories import NOON, TODAY
from tests.loop.blockers import bureau, on_duty, raised
from tests.loop.builders import make_loop

LEGAL = {(source, move.target or source) for move in LIFE for source in move.sources}
STILL = {BlockerState.RETURNED, BlockerState.CLOSED, BlockerState.WITHDRAWN}

STEPS: dict[str, Callable[[Act, Blocker, Remover], object]] = {
    "accept": lambda act, row, _: actions.accept_blocker(act, row),
    "assign": actions.assign_blocker,
    "send_up": lambda act, row, _: actions.send_up(act, row),
    "hand_back": lambda act, row, _: actions.hand_back(act, row, words="已协调"),
    "answer": lambda act, row, _: actions.answer_blocker(act, row, answer="已解决"),
    "return": lambda act, row, _: actions.return_blocker(act, row, reason="再补充"),
    "raise_again": lambda act, row, _: actions.raise_again(act, row, what="已补充"),
    "confirm": lambda act, row, _: actions.confirm_blocker(act, row),
    "reject": lambda act, row, _: actions.reject_answer(act, row, reason="还堵着"),
    "withdraw": lambda act, row, _: actions.withdraw_blocker(act, row, reason="不报了"),
    "edit": lambda act, row, _: actions.edit_blocker(act, row, what=f"{row.revision}"),
    "urge": lambda act, row, _: actions.urge(act, row),
    "pause": lambda act, row, _: actions.pause(act, Duty.objects.get(pk=row.duty_id), reason="停"),
    "resume": lambda act, row, _: actions.resume(act, Duty.objects.get(pk=row.duty_id)),
}
WHO = ("owner", "office", "leader", "stranger", "remover", "other")


def lost(states: list[tuple[BlockerState, bool]], days: OfficeDays) -> int:
    """Working days on whose eve the blocker was running, day by day: the plain way to count."""
    return sum(
        days.between(TODAY + dt.timedelta(days=n), TODAY + dt.timedelta(days=n + 1))
        for n, (state, halted) in enumerate(states[:-1])
        if not halted and state not in STILL
    )


class BlockerLife(TestCase):
    @settings(max_examples=examples(40))
    @given(
        tried=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(WHO)), max_size=25)
    )
    def test_blocker_when_anything_is_tried_then_states_are_legal_and_log_and_days_replay(
        self, tried: list[tuple[str, str]]
    ) -> None:
        place = make_loop()
        there, other = bureau(place), bureau(place, "示例规自分局")
        people = {"remover": there.standing, "other": other.standing}
        people |= {name: getattr(place, name) for name in WHO if name not in people}
        key = raised(place, there.remover, on_duty(place)).pk
        stood = [(BlockerState.RAISED, False)]
        for number, (step, who) in enumerate(tried, start=1):
            self._try(key, step, people[who], other.remover, number)
            row = Blocker.objects.get(pk=key)
            stood.append((BlockerState(row.state), row.halted))
        states = [state for state, _ in stood]
        assert {(a, b) for a, b in itertools.pairwise(states) if a != b} <= LEGAL
        self._check_days(key, stood)
        self._check_log(key)

    def _try(self, key: int, step: str, who: Standing, other: Remover, number: int) -> None:
        row = Blocker.objects.select_related("duty", "subject").get(pk=key)
        before = Blocker.objects.filter(pk=key).values().get()
        day = dt.timedelta(days=number)
        events = Event.objects.count()
        try:
            STEPS[step](Act(who, NOON + day, TODAY + day), row, other)
        except (Forbidden, Invalid):
            assert Blocker.objects.filter(pk=key).values().get() == before
            assert Event.objects.count() == events

    def _check_days(self, key: int, stood: list[tuple[BlockerState, bool]]) -> None:
        row, days = Blocker.objects.get(pk=key), office_days()
        day = TODAY + dt.timedelta(days=len(stood) - 1)
        wanted = None if row.state == BlockerState.WITHDRAWN else lost(stood, days)
        in_list = with_days(Blocker.objects.all(), day, days).values_list("days", flat=True)
        assert (days_of(row, day, days), list(in_list)) == (wanted, [wanted])

    def _check_log(self, key: int) -> None:
        columns = [f.attname for f in tracked(Blocker)]
        now: dict[str, object] = {f.attname: plain(f.get_default()) for f in tracked(Blocker)}
        told = []
        for event in Event.objects.filter(model="loop.Blocker", row=key).order_by("id"):
            now = now | {name: new for name, (_, new) in event.changes.items()}
            told.append(now)
        versions = BlockerVersion.objects.filter(row_id=key).order_by("known_from", "revision")
        kept = [{name: plain(getattr(row, name)) for name in columns} for row in versions]
        assert told == kept
        row = Blocker.objects.get(pk=key)
        assert told[-1] == {name: plain(getattr(row, name)) for name in columns}
        assert row.revision == len(told)
