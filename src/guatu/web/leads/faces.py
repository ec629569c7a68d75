"""How a lead shows: its address, what came of its next steps, who may read its contacts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from guatu.attraction.models import Lead
from guatu.attraction.queries import leads_in_sight
from guatu.register.policies import Standing
from guatu.web.format import days_left

MASK = "**"


def lead_url(lead: Any) -> str:  # noqa: ANN401 -- a lead or a past state of one
    """Address of the lead's page."""
    return reverse("leads:lead", args=[lead.subject.public_id])


@dataclass(frozen=True)
class ContactShown:
    """A contact person of the investor; masked for those who do not deal with the lead."""

    name: str
    phone: str
    key: int


def contact_shown(party: Any, *, open_to_reader: bool) -> ContactShown:  # noqa: ANN401 -- row or version
    """A contact as the reader may see it."""
    name, phone = party.outside_name, party.outside_phone
    if not open_to_reader:
        name, phone = masked_name(name), masked_phone(phone) if phone else ""
    return ContactShown(name, phone, getattr(party, "row_id", party.pk))


def masked_name(name: str) -> str:
    """Name of an outside person with all but its first sign hidden.

    >>> masked_name("李经理")
    '李**'
    """
    return f"{name[:1]}{MASK}"


def masked_phone(phone: str) -> str:
    """Phone of an outside person as it shows to those who only read.

    >>> masked_phone("13800001234")
    '138******34'
    """
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 4)}{phone[-2:]}"


@dataclass(frozen=True)
class StepShown:
    """A next step as a line: ``state`` is open, late, done or duty; ``words`` say it."""

    follow_up: Any
    state: str
    words: str


def step_shown(row: Any, today: dt.date) -> StepShown:  # noqa: ANN401 -- a follow-up or a past state
    """Say how the next step of a follow-up stands."""
    if row.duty_id is not None:
        return StepShown(row, "duty", "已转责任事项")
    if row.step_ended_on is not None:
        return StepShown(row, "done", f"{row.step_ended_on:%m-%d} {row.step_result}")
    left = (row.next_due - today).days
    return StepShown(row, "late" if left < 0 else "open", days_left(left))


def origin_of(standing: Standing, subject_id: int) -> Lead | None:
    """The lead in sight that a project came from, for the project's page."""
    rows = leads_in_sight(standing).filter(became=subject_id)
    found: Lead | None = rows.select_related("subject").first()
    return found
