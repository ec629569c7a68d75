"""Invented meetings, visits and a reform of the sample, each where a new user would look for it."""

import datetime as dt
import json
from typing import Any

from guatu.campaign.reading.names import subjects_named
from guatu.campaign.sample.people import District, read_data
from guatu.loop.actions import FileGiven, draft_duty, issue, report
from guatu.loop.actions.agendas import add_item, build_agenda, finalise
from guatu.loop.actions.deciding import decide
from guatu.loop.actions.dispatches import call_meeting, hold_meeting
from guatu.loop.actions.reforms import add_reform
from guatu.loop.actions.visits import charge, record_visit
from guatu.loop.enums import DutySource
from guatu.loop.models import Finding
from guatu.register.enums import EvidenceKind, SubjectKind
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI


def gather(district: District, day: dt.date) -> None:
    """Hold a meeting two weeks back, visit, begin a reform, and prepare the next meeting."""
    told: dict[str, Any] = json.loads(read_data("gatherings.json"))
    _hold(district, told["held"])
    for row in told["visits"]:
        _visit(district, row)
    _reform(district, told["reform"])
    _prepare(district, told["next"], day)


def _act(district: District, post: str, on: str | dt.date, hour: int = 15) -> Act:
    day = dt.date.fromisoformat(on) if isinstance(on, str) else on
    moment = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
    return district.act_as(Act(None, moment, day, sample=True), post)


def _called(district: District, act: Act, row: dict[str, Any]) -> Any:  # noqa: ANN401 -- a meeting
    return call_meeting(
        act,
        row["kind"],
        title=row["title"],
        on=dt.date.fromisoformat(row["on"]),
        time=dt.time.fromisoformat(row["time"]),
        where=row["where"],
        chair_post=district.posts[row["chair"]],
        attendants=[district.units[code] for code in row["units"]],
    )


def _hold(district: District, row: dict[str, Any]) -> None:
    act = _act(district, "office1", row["called"])
    meeting = _called(district, act, row)
    items = [
        add_item(
            act,
            meeting,
            title=one["title"],
            reason=one["reason"],
            ask=one["ask"],
            unit=district.posts[one["owner"]].organisation,
        )
        for one in row["items"]
    ]
    finalise(act, meeting)
    there = _act(district, "office1", row["on"])
    for one, item in zip(row["items"], items, strict=True):
        duty = decide(
            there,
            item,
            title=one["decided"],
            owner_post=district.posts[one["owner"]],
            leader_post=district.posts[one["leader"]],
            due=dt.date.fromisoformat(one["due"]),
        )
        if one.get("reported"):
            on, words = one["reported"]
            report(_act(district, one["owner"], on), duty, text=words)
    hold_meeting(there, meeting)


def _visit(district: District, row: dict[str, Any]) -> None:
    found = subjects_named(SubjectKind.PROJECT, [row["project"]])[row["project"]]
    act = _act(district, row["leader"], row["on"])
    content = f"示例现场材料：{row['project']}".encode()
    shown = FileGiven(content, "示例现场材料.txt", EvidenceKind.OTHER)
    visit = record_visit(
        act,
        on=act.business_date,
        leader_post=district.posts[row["leader"]],
        subject=found,
        text=row["text"],
        verdict=row["verdict"],
        companions=[district.units[code] for code in row["with"]],
        files=[shown],
    )
    if "charge" in row:
        title, owner, due = row["charge"]
        charge(
            act,
            Finding.objects.get(visit=visit, subject=found),
            title=title,
            owner_post=district.posts[owner],
            leader_post=district.posts[row["leader"]],
            due=dt.date.fromisoformat(due),
        )


def _reform(district: District, row: dict[str, Any]) -> None:
    act = _act(district, "office1", row["on"])
    owner, leader = district.posts[row["owner"]], district.posts[row["leader"]]
    due = dt.date.fromisoformat(row["due"])
    reform = add_reform(
        act,
        name=row["name"],
        unit=owner.organisation,
        leader_post=leader,
        state="doing",
        due=due,
        content=row["content"],
        result=row["result"],
        progress="",
    )
    duty = draft_duty(
        act,
        kind="task",
        subject=reform.subject,
        title=row["duty"],
        source=DutySource.LEADER,
        owner_post=owner,
        leader_post=leader,
        due=due,
    )
    issue(act, duty)


def _prepare(district: District, row: dict[str, Any], day: dt.date) -> None:
    act = _act(district, "office1", day, 17)
    meeting = _called(district, act, row)
    build_agenda(act, meeting)
    finalise(act, meeting)
