"""Invented leads with their follow-ups: one signed, one forgotten, one set aside, one ended."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from guatu.attraction.actions import (
    Next,
    add_lead,
    follow_up,
    move_lead,
    name_contact,
    promise,
)
from guatu.attraction.models import FollowUp, Lead
from guatu.campaign.sample.people import District, read_data
from guatu.register.recording import Act

POST = "invest1"


def attract(district: District, at: Callable[[dt.date, int], Act], first: dt.date) -> None:
    """Tell the leads as the attraction officer recorded them, day by day."""
    told: Mapping[str, Any] = json.loads(read_data("leads.json"))
    for row in told["leads"]:
        lead = _add(district, at, row, first)
        for step in row["steps"]:
            _follow(district, at, lead, step)
        for stage in ("hold", "ended"):
            if stage in row:
                act = district.act_as(at(first + dt.timedelta(days=20), 16), POST)
                move_lead(act, lead, stage, reason=row[stage])
    given = dict(told["promise"])
    promised = Lead.objects.select_related("subject").get(name=given.pop("lead"))
    promise(district.act_as(at(first + dt.timedelta(days=28), 10), POST), promised, **given)


def _add(
    district: District, at: Callable[[dt.date, int], Act], row: Mapping[str, Any], first: dt.date
) -> Lead:
    began = dt.date.fromisoformat(row["on"]) if row["on"] else first + dt.timedelta(days=8)
    act = district.act_as(at(began, 9), POST)
    intended = row["intended_wan"]
    lead = add_lead(
        act,
        name=row["name"],
        unit=district.posts[POST].organisation,
        investor=row["investor"],
        source=row["source"],
        tactic=row["tactic"],
        content=row["content"],
        intended_wan=None if intended is None else Decimal(intended),
        site=row["site"],
        owner_post=district.posts[POST] if row["steps"] else None,
        leader_post=district.posts[row["leader"]] if row["leader"] else None,
        first_on=began if row["on"] else None,
    )
    if row.get("contact"):
        name_contact(act, lead, name=row["contact"])
    return lead


def _follow(
    district: District,
    at: Callable[[dt.date, int], Act],
    lead: Lead,
    step: Mapping[str, Any],
) -> None:
    day = dt.date.fromisoformat(step["on"])
    act = district.act_as(at(day, 15), POST)
    planned = None
    if step["next"]:
        due = dt.date.fromisoformat(step["due"])
        planned = Next(step["next"], due, district.posts[POST])
    waiting = FollowUp.objects.filter(subject=lead.subject, step_ended_on=None)
    ends = list(waiting.exclude(next_step=""))
    follow_up(act, lead, way=step["way"], said=step["said"], next_step=planned, ends=ends)
    if "to" in step:
        move_lead(act, lead, step["to"])
