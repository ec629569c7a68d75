"""A small plan on the time account of the loop's test district."""

import datetime as dt

from guatu.loop.actions.network import lay_network
from guatu.loop.models import Activity
from guatu.loop.plan import calendars
from guatu.loop.plan.sketch import Sketch, Step, Tie
from tests.factories import act_of
from tests.loop.builders import District

COMPLETION = dt.date(2025, 10, 31)


def small_sketch(completion: dt.date = COMPLETION, days: int = 100) -> Sketch:
    """Permit, works outdoors and hand-over by ``completion``."""
    permit = Step(
        key="permit",
        name="施工许可",
        stage="approval",
        sequence=9,
        duration=20,
        low=15,
        high=30,
        calendar="office",
        cause="approval",
    )
    works = Step(
        key="works",
        name="主体施工",
        stage="construction",
        kind="work",
        sequence=15,
        duration=days,
        low=days - 10,
        high=days + 30,
        calendar="outdoor",
        splittable=True,
        cause="weather",
    )
    over = Step(
        key="operation",
        name="交付使用",
        stage="operation",
        sequence=18,
        duration=0,
        calendar="office",
        firm=True,
        due=completion,
    )
    ties = (Tie(before="permit", after="works"), Tie(before="works", after="operation"))
    return Sketch({step.key: step for step in (permit, works, over)}, ties)


def laid(place: District, sketch: Sketch | None = None) -> dict[str, Activity]:
    """Lay a plan over the district's subject; its rows by key."""
    calendars.load_shipped()
    rows = lay_network(act_of(place.office), place.subject, sketch or small_sketch())
    return {row.node: row for row in rows}
