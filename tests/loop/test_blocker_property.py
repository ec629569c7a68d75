"""Whatever is tried on a blocker in whatever order: legal states, whole days, a true log.

The days of all who had it add up to what it cost, whatever way it took, with pauses and with the
campaign's day set back and forth.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop import actions
from guatu.loop.blocker_days import days_of, with_days
from guatu.loop.blocker_moves import LIFE
from guatu.loop.enums import BlockerState
from guatu.loop.models import Blocker, BlockerVersion, Duty
from guatu.loop.office_days import OfficeDays, office_days
from guatu.loop.queries.blocker_stays import stays, stays_of
from guatu.loop.queries.blocker_sums import costs_by_unit
from guatu.loop.removers import Remover
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event
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
    "solve": lambda act, row, _: actions.solve_blocker(act, row, answer="自己解决了"),
    "withdraw": lambda act, row, _: actions.withdraw_blocker(act, row, reason="不报了"),
    "edit": lambda act, row, _: actions.edit_blocker(act, row, what=f"{row.revision}"),
    "urge": lambda act, row, _: actions.urge(act, row),
    "pause": lambda act, row, _: actions.pause(act, Duty.objects.get(pk=row.duty_id), reason="停"),
    "resume": lambda act, row, _: actions.resume(act, Duty.objects.get(pk=row.duty_id)),
}
HOUR = dt.timedelta(hours=1)
DAYS_ON = (1, 1, 0, 3, -1, -4)
"""Days by which the campaign's day moves before a step."""
WHO = ("owner", "office", "leader", "stranger", "remover", "other")


CLOCK_BACK = [
    ("accept", "remover", 3),
    ("send_up", "remover", -1),
    ("hand_back", "leader", 3),
    ("answer", "remover", -4),
    ("confirm", "owner", 0),
]
LONG_WAY = [
    ("return", "remover", 1),
    ("raise_again", "owner", 3),
    ("assign", "leader", 3),
    ("send_up", "other", 1),
    ("pause", "office", 1),
    ("resume", "office", 3),
    ("answer", "leader", 3),
    ("reject", "owner", 1),
    ("answer", "other", 3),
    ("confirm", "owner", 1),
]


class Stood(NamedTuple):
    """How a blocker stood from a day on: its state, whether halted, and the body that had it."""

    since: dt.date
    state: BlockerState
    halted: bool
    body: tuple[int | None, int | None]


def stood(row: Blocker, since: dt.date) -> Stood:
    """Read how a blocker stands, in the test's own words for who has it."""
    bodies = {
        "raised": (row.remover_unit_id, row.remover_post_id),
        "working": (row.remover_unit_id, row.remover_post_id),
        "upper": (row.upper_unit_id, row.upper_post_id),
        "answered": (row.raised_unit_id, row.raised_post_id),
        "returned": (row.raised_unit_id, row.raised_post_id),
    }
    state = BlockerState(row.state)
    return Stood(since, state, row.halted, bodies.get(state, (None, None)))


def lost(course: list[Stood], end: dt.date, days: OfficeDays) -> Counter[tuple[int, int]]:
    """Working days by who had the blocker on their eve, day by day: the plain way to count."""
    found: Counter[tuple[int, int]] = Counter()
    for n in range((end - TODAY).days):
        eve = TODAY + dt.timedelta(days=n)
        had = [one for one in course if one.since <= eve][-1]
        if not had.halted and had.state not in STILL:
            found[had.body] += days.between(eve, eve + dt.timedelta(days=1))
    return +found


class BlockerLife(TestCase):
    @example(tried=CLOCK_BACK)
    @example(tried=LONG_WAY)
    @settings(max_examples=examples(40))
    @given(
        tried=st.lists(
            st.tuples(
                st.sampled_from(sorted(STEPS)),
                st.sampled_from(WHO),
                st.sampled_from(DAYS_ON),
            ),
            max_size=25,
        )
    )
    def test_blocker_when_anything_is_tried_then_states_are_legal_and_log_and_days_replay(
        self, tried: list[tuple[str, str, int]]
    ) -> None:
        place = make_loop()
        there, other = bureau(place), bureau(place, "示例规自分局")
        people = {"remover": there.standing, "other": other.standing}
        people |= {name: getattr(place, name) for name in WHO if name not in people}
        key = raised(place, there.remover, on_duty(place)).pk
        course, day = [stood(Blocker.objects.get(pk=key), TODAY)], TODAY
        for number, (step, who, forth) in enumerate(tried, start=1):
            day = max(TODAY, day + dt.timedelta(days=forth))
            self._try(key, step, Act(people[who], NOON + number * HOUR, day), other.remover)
            now = stood(Blocker.objects.get(pk=key), max(course[-1].since, day))
            if now[1:] != course[-1][1:]:
                course.append(now)
        states = [one.state for one in course]
        assert {(a, b) for a, b in itertools.pairwise(states) if a != b} <= LEGAL
        self._check_days(key, course, day)
        self._check_log(key)

    def _try(self, key: int, step: str, act: Act, other: Remover) -> None:
        row = Blocker.objects.select_related("duty", "subject").get(pk=key)
        before = Blocker.objects.filter(pk=key).values().get()
        events = Event.objects.count()
        try:
            STEPS[step](act, row, other)
        except (Forbidden, Invalid):
            assert Blocker.objects.filter(pk=key).values().get() == before
            assert Event.objects.count() == events

    def _check_days(self, key: int, course: list[Stood], day: dt.date) -> None:
        rows, days = Blocker.objects.filter(pk=key), office_days()
        row, end = rows.get(), max(day, course[-1].since)
        by_body = lost(course, end, days)
        wanted = None if row.state == BlockerState.WITHDRAWN else by_body.total()
        in_list = with_days(rows, day, days).values_list("days", flat=True)
        assert (days_of(row, day, days), list(in_list)) == (wanted, [wanted])
        if wanted is None:
            return
        held = Counter[tuple[int | None, int | None]]()
        for _, some in stays([key], day, days):
            for holder, count in some.items():
                held[holder.unit, holder.post] += count
        assert +held == by_body
        assert sum(one.days for one in costs_by_unit(rows, day, days)) == wanted
        assert sum(one.days for one in stays_of(key, day, days)) == wanted

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
