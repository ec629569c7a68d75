"""Deadlines as shown: the room that is left, or how one was kept."""

import datetime as dt
from dataclasses import replace

import pytest

from guatu.investment.planning import draft_plan
from guatu.loop.plan.computing import compute
from guatu.web.plans.deadlines import deadlines_of
from guatu.web.plans.reading import Reckoned
from tests.factories import TODAY
from tests.web.plans.conftest import COMPLETION, Place

pytestmark = pytest.mark.django_db
DUE = dt.date.fromisoformat(COMPLETION)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (DUE, f"提前 {(DUE - TODAY).days} 天完成"),
        (TODAY, "按期完成"),
        (TODAY - dt.timedelta(days=3), "晚 3 天完成"),
    ],
)
def test_deadline_when_finished_then_says_how_it_was_kept(
    bare: Place, due: dt.date, words: str
) -> None:
    draft = draft_plan(bare.road, "municipal_road", DUE, TODAY)
    last = next(step for step in draft.sketch.deadlines)
    done = last._replace(finished=TODAY, started=TODAY, due=due)
    # What led to it is over, too.
    steps = {
        key: step._replace(finished=TODAY, started=TODAY)
        for key, step in draft.sketch.steps.items()
    }
    sketch = replace(draft.sketch, steps={**steps, last.key: done})
    plan = Reckoned.of(compute(sketch, draft.computed.calendars, TODAY), sketch)
    (shown,) = deadlines_of(plan, {})
    assert (shown.room, shown.reached, shown.short) == (words, TODAY, due < TODAY)
