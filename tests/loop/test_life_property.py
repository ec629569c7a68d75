"""Whatever is tried in whatever order: no illegal state, and the log replays to the rows."""

import datetime as dt
import itertools
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop import actions
from guatu.loop.enums import ClaimState, DutyState, ExtensionState
from guatu.loop.models import Claim, Duty, DutyVersion, Extension
from guatu.loop.moves import LIFE
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event
from guatu.register.recording import Act, plain
from guatu.register.versions import tracked
from tests.examples import examples
from tests.factories import NOON, TODAY
from tests.loop.builders import District, drafted, make_loop

LEGAL = {
    (source, move.target or source) for move in LIFE for source in move.sources if not move.resumes
} | {(DutyState.PAUSED, state) for state in (DutyState.ISSUED, DutyState.DOING, DutyState.REVIEW)}
# Pausing and resuming leads back to where it was; doing nothing is always legal.


def _claim(act: Act, duty: Duty, verdict: Callable[..., object], **more: str) -> None:
    claim = Claim.objects.filter(report__duty=duty, state=ClaimState.PENDING).first()
    if claim is not None:
        verdict(act, claim, **more)


def _decide(act: Act, duty: Duty, *, approve: bool) -> None:
    asked = Extension.objects.filter(duty=duty, state=ExtensionState.PENDING).first()
    if asked is not None:
        actions.decide_extension(act, asked, approve=approve, opinion="已研究")


STEPS: dict[str, Callable[[Act, Duty], object]] = {
    "issue": actions.issue,
    "report": lambda act, duty: actions.report(act, duty, text="有进展"),
    "finish": lambda act, duty: actions.report(
        act, duty, text="办完", claims=[actions.ClaimGiven("办结", closes=True)]
    ),
    "affirm": lambda act, duty: actions.report_no_change(act, [duty]),
    "submit": actions.submit_for_review,
    "return": lambda act, duty: actions.return_(act, duty, reason="再核"),
    "accept": lambda act, duty: _claim(act, duty, actions.accept_claim),
    "refuse": lambda act, duty: _claim(act, duty, actions.refuse_claim, opinion="不实"),
    "close": actions.close,
    "extend": lambda act, duty: actions.ask_extension(
        act, duty, to_due=(duty.due or TODAY) + dt.timedelta(days=9), reason="待批"
    ),
    "approve": lambda act, duty: _decide(act, duty, approve=True),
    "hold": lambda act, duty: _decide(act, duty, approve=False),
    "pause": lambda act, duty: actions.pause(act, duty, reason="停"),
    "resume": actions.resume,
    "edit": lambda act, duty: actions.edit_duty(
        act.because("改"), duty, title=f"{duty.title[:9]}改"
    ),
}
WHO = ("owner", "office", "leader", "stranger")


def replay(events: list[Event]) -> list[dict[str, object]]:
    """States of a row as its events tell them, one after each change."""
    blank = {f.attname: plain(f.get_default()) for f in tracked(Duty)}
    states: list[dict[str, object]] = []
    now: dict[str, object] = blank
    for event in events:
        now = now | {name: new for name, (_, new) in event.changes.items()}
        states.append(now)
    return states


class Life(TestCase):
    @settings(max_examples=examples(40))
    @given(
        tried=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(WHO)), max_size=30)
    )
    def test_life_when_anything_is_tried_then_states_stay_legal_and_log_replays(
        self, tried: list[tuple[str, str]]
    ) -> None:
        place = make_loop()
        key = drafted(place).pk
        states = [DutyState.DRAFT]
        for number, (step, who) in enumerate(tried, start=1):
            self._try(place, key, step, who, number)
            states.append(DutyState(Duty.objects.get(pk=key).state))
        steps = {(a, b) for a, b in itertools.pairwise(states) if a != b}
        assert steps <= LEGAL
        self._check_log(key)

    def _try(self, place: District, key: int, step: str, who: str, number: int) -> None:
        duty = Duty.objects.get(pk=key)
        before = {f.attname: getattr(duty, f.attname) for f in Duty._meta.local_fields}
        act = Act(
            getattr(place, who),
            NOON + dt.timedelta(days=number),
            TODAY + dt.timedelta(days=number),
        )
        events = Event.objects.count()
        try:
            STEPS[step](act, duty)
        except (Forbidden, Invalid):
            stored = Duty.objects.filter(pk=key).values().get()
            assert stored == before
            assert Event.objects.count() == events

    def _check_log(self, key: int) -> None:
        events = list(Event.objects.filter(model="loop.Duty", row=key).order_by("id"))
        told = replay(events)
        columns = [f.attname for f in tracked(Duty)]
        versions = DutyVersion.objects.filter(row_id=key).order_by("known_from", "revision")
        kept = [{name: plain(getattr(row, name)) for name in columns} for row in versions]
        assert told == kept
        row = Duty.objects.get(pk=key)
        assert told[-1] == {name: plain(getattr(row, name)) for name in columns}
        assert row.revision == len(events)
