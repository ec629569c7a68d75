"""Invented projects planned back from their completion days, and what was reported on them.

Days follow the templates: a completion day lies so many days behind the earliest one, so that the
same projects are comfortable, tight, late or impossible whatever the templates say.
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guatu.campaign.sample.people import District, read_data
from guatu.investment.actions import add_project, name_party, plan_from_template, report_progress
from guatu.investment.models import Category, Project
from guatu.investment.planning import draft_plan
from guatu.loop.actions.baselines import rebaseline
from guatu.loop.actions.clocks import Said as ClockSaid
from guatu.loop.actions.clocks import limit_of, record_clock
from guatu.loop.actions.progress import Said
from guatu.loop.actions.scenarios import open_scenario, push_command
from guatu.loop.enums import StopKind
from guatu.loop.models import Activity, Timing
from guatu.loop.plan.clocks import Stop
from guatu.loop.plan.timing_rows import TimingRow
from guatu.register.enums import PartyRole
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI

if TYPE_CHECKING:
    from guatu.loop.plan.commands import Command

FAR = dt.timedelta(days=3650)
REPORTED = 2
"""Activities a project reports on in one day."""


@dataclass
class Plans:
    """The planned projects of the sample, living day by day beside its story."""

    district: District
    told: dict[str, Any] = field(default_factory=lambda: json.loads(read_data("plans.json")))
    projects: list[tuple[Project, dict[str, Any]]] = field(default_factory=list)

    def live(self, day: dt.date) -> None:
        """Lay the plans on their day, report on the days of reports."""
        if day.isoformat() == self.told["laid_on"]:
            self.projects = [(self._lay(day, row), row) for row in self.told["projects"]]
        elif day.isoformat() in self.told["report_on"]:
            last = day.isoformat() == self.told["report_on"][-1]
            for project, row in self.projects:
                self._tell_clock(day, project, row.get("clock"))
                self._report(day, project)
                if last and "late_days" in row:
                    self._be_late(day, project, row)
                if last and "tried" in row:
                    self._try(day, project, row["tried"])
                if last and "agreed" in row:
                    rebaseline(self._act(day, 18, "office1"), project.subject, reason=row["agreed"])

    def _act(self, day: dt.date, hour: int, post: str) -> Act:
        moment = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
        return self.district.act_as(Act(None, moment, day, sample=True), post)

    def _lay(self, day: dt.date, row: dict[str, Any]) -> Project:
        act = self._act(day, 14, "office1")
        project = add_project(
            act,
            name=row["name"],
            unit=self.district.units[row["unit"]],
            category=Category.objects.get(code=row["category"]),
        )
        name_party(act, project, role=PartyRole.LEADER, post=self.district.posts[row["leader"]])
        if "specialist" in row:
            specialist = self.district.posts[row["specialist"]]
            name_party(act, project, role=PartyRole.SPECIALIST, post=specialist)
        far = draft_plan(project, row["template"], day + FAR, day)
        earliest = far.computed.schedule.activities[far.template.deadline].early_finish or day + FAR
        completion = earliest + dt.timedelta(days=row["spare_days"])
        plan_from_template(act, project, row["template"], completion, accept_infeasible=True)
        self._tell_past(day, project, row.get("done", 0))
        return project

    def _tell_past(self, day: dt.date, project: Project, count: int) -> None:
        """Register what had been done before the plan was laid, the earliest first."""
        rows = self._timing(project)
        planned = Activity.objects.filter(subject=project.subject, duration__gt=0)
        done = sorted(
            planned.select_related("subject__unit"), key=lambda a: rows[a.node].early_finish or day
        )
        for number, row in enumerate(done[:count]):
            end = day - dt.timedelta(days=7 * (count - number))
            said = Said(started=end - dt.timedelta(days=row.duration or 0), finished=end)
            report_progress(self._act(day, 15, "office1"), project, row, said, knowing=True)

    def _report(self, day: dt.date, project: Project) -> None:
        """Begin what may begin, finish what should be done by now; a few at a time."""
        rows = self._timing(project)
        open_ = Activity.objects.filter(
            subject=project.subject, finished=None, duration__isnull=False
        )
        ready = sorted(
            (rows[row.node].early_finish or day, row.pk, row)
            for row in open_.select_related("subject__unit")
            if row.node in rows and (rows[row.node].early_start or day) <= day
        )
        for finish, _, row in ready[:REPORTED]:
            act = self._act(day, 16, "office1")
            begun = row.started or min(day, rows[row.node].early_start or day)
            if row.duration == 0 or finish <= day:
                report_progress(act, project, row, Said(started=begun, finished=day))
            elif row.started is None:
                report_progress(act, project, row, Said(started=begun))

    def _tell_clock(self, day: dt.date, project: Project, told: dict[str, Any] | None) -> None:
        """Record what an authority did by that day: receipt, notice, papers made good, a stop."""
        read = dt.date.fromisoformat
        if told is None:
            return
        for one in told["told"]:
            if one["on"] != day.isoformat():
                continue
            asked = Activity.objects.select_related("subject__unit", "owner_unit", "owner_post")
            activity = asked.get(subject=project.subject, node=told["node"])
            limit = limit_of(activity, day)
            said = ClockSaid(
                received=read(one["received"]),
                noticed=read(one["noticed"]),
                completed=read(one["completed"]) if "completed" in one else None,
                limit_days=limit.days,
                limit_unit=limit.unit,
                basis=limit.basis,
                stops=[
                    Stop(StopKind(kind), read(first), read(last), note)
                    for kind, first, last, note in one.get("stops", ())
                ],
            )
            record_clock(self._act(day, 15, "office1"), activity, said)

    def _be_late(self, day: dt.date, project: Project, told: dict[str, Any]) -> None:
        """Report the work that decides the deadline as late, by the office after a site visit."""
        rows = self._timing(project)
        critical = self._critical(project)
        worst = min(critical, key=lambda row: (rows[row.node].early_finish or day, row.pk))
        said = Said(late_days=told["late_days"])
        report_progress(self._act(day, 17, "office1"), project, worst, said, reason=told["reason"])

    def _try(self, day: dt.date, project: Project, name: str) -> None:
        """Leave a copy of the plan open in which the longest critical work is a fifth shorter."""
        act = self._act(day, 17, "office1")
        longest = max(self._critical(project), key=lambda row: (row.duration or 0, row.pk))
        days = (longest.duration or 0) * 4 // 5
        low = min(longest.low or 0, days)
        scenario = open_scenario(act, project.subject, name=name)
        command: Command = {"op": "duration", "key": longest.node, "duration": days, "low": low}
        push_command(act, scenario, command)

    def _critical(self, project: Project) -> list[Activity]:
        rows = self._timing(project)
        return [
            row
            for row in Activity.objects.filter(subject=project.subject, finished=None)
            if row.node in rows and rows[row.node].critical and row.duration
        ]

    def _timing(self, project: Project) -> dict[str, TimingRow]:
        return Timing.objects.get(subject=project.subject, known_to=None).dates
