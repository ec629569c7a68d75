"""Meetings with an agenda, in the small district."""

import datetime as dt

from guatu.loop.actions.agendas import build_agenda, finalise
from guatu.loop.actions.dispatches import call_meeting
from guatu.loop.models import AgendaItem, DispatchMeeting
from tests.factories import TODAY, act_of
from tests.loop.builders import District, issued

LATE = TODAY - dt.timedelta(days=8)


def called(place: District, on: dt.date = TODAY, **said: object) -> DispatchMeeting:
    """Meeting of the whole district that the owner's unit attends."""
    told = {"title": "示例调度会", "chair_post": place.leader_post, "attendants": [place.unit]}
    return call_meeting(act_of(place.office), "dispatch", on=on, **{**told, **said})  # type: ignore[arg-type]


def final(place: District, on: dt.date = TODAY) -> tuple[DispatchMeeting, AgendaItem]:
    """Final meeting about one late duty, and its item."""
    issued(place, due=LATE)
    meeting = called(place, on)
    build_agenda(act_of(place.office), meeting)
    finalise(act_of(place.office), meeting)
    return meeting, meeting.items.get()
