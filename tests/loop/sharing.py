"""Two plans of the loop's test district that want the same crew at the same time."""

import datetime as dt

from guatu.loop.actions.network import lay_network
from guatu.loop.actions.resources import Said, add_resource
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Resource
from guatu.loop.plan import calendars
from guatu.loop.plan.sketch import Sketch
from guatu.register.models import Subject
from tests.factories import act_of, make_subject
from tests.loop.builders import District
from tests.loop.plans import small_sketch

CREW = "crew"
FAR = dt.date(2026, 6, 30)


def crew(
    place: District, capacity: int = 1, code: str = CREW, name: str = "示例路面班组"
) -> Resource:
    """Register a crew."""
    said = Said(name=name, kind=ResourceKind.CREW, capacity=capacity, unit=place.unit)
    return add_resource(act_of(place.office), said, code=code)


def with_needs(number: int = 1, completion: dt.date = FAR, days: int = 60) -> Sketch:
    """Give the small plan whose works need the crew."""
    sketch = small_sketch(completion, days)
    return sketch.with_step(sketch.steps["works"]._replace(needs={CREW: number}))


def shared(place: District, capacity: int = 1) -> tuple[Subject, Subject]:
    """Lay two like plans over the crew; both works want it from the same day."""
    calendars.load_shipped()
    crew(place, capacity)
    other = make_subject(place.unit, title="示例第二条路")
    for subject in (place.subject, other):
        lay_network(act_of(place.office), subject, with_needs())
    return place.subject, other
