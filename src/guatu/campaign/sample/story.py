"""Five weeks of invented work on the sample's duties and nodes, day by day under simulated time."""

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any

from guatu.campaign.sample.blockers import Blockers
from guatu.campaign.sample.letters import Letters
from guatu.campaign.sample.people import District
from guatu.campaign.sample.plans import Plans
from guatu.investment.actions import finish_node
from guatu.investment.models import Project
from guatu.loop.actions import (
    ClaimGiven,
    FileGiven,
    accept_and_close,
    ask_extension,
    decide_extension,
    report,
    report_no_change,
    return_,
)
from guatu.loop.actions.escalating import take_steps
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Duty
from guatu.register.enums import EvidenceKind
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI

__all__ = ["tell"]


def tell(
    district: District, story: Mapping[str, Any], since: dt.date, until: dt.date, seed: int
) -> None:
    """Run the timer on each day from ``since`` to ``until``; act for the posts on working days."""
    teller = _Teller(district, story, Random(seed), until)  # noqa: S311 -- repeatable
    plans, letters = Plans(district), Letters(district)
    blockers = Blockers(district, story["blockers"])
    day = since + dt.timedelta(days=5)
    while day <= until:
        teller.begin(day)
        if day.weekday() < 5:  # noqa: PLR2004 -- Monday to Friday
            teller.live(day)
            plans.live(day)
            letters.live(day)
            blockers.live(day)
        day += dt.timedelta(days=1)
    teller.leave_open(until)


class _Teller:
    """Chooses what happens; every act goes through the product's own actions."""

    def __init__(
        self, district: District, story: Mapping[str, Any], chance: Random, until: dt.date
    ) -> None:
        self.district = district
        self.story = story
        self.chance = chance
        self.until = until
        self.post_codes = {post.pk: code for code, post in district.posts.items()}

    def begin(self, day: dt.date) -> None:
        """Morning of any day: lamps judged, reminders sent."""
        act = Act(None, dt.datetime.combine(day, dt.time(7), SHANGHAI), day, sample=True)
        recompute(act)
        take_steps(act)

    def live(self, day: dt.date) -> None:
        """One working day: nodes finished, reports made, the office answers."""
        self._finish_nodes(day)
        living = Duty.objects.filter(state__in=(DutyState.ISSUED, DutyState.DOING))
        living = living.exclude(source=DutySource.NODE)
        for duty in living.select_related("owner_post", "subject").order_by("pk"):
            if duty.owner_post_id in self.post_codes and self.chance.random() < 0.14:  # noqa: PLR2004
                self._report(day, duty)
        if day < self.until:
            for duty in Duty.objects.filter(state=DutyState.REVIEW).order_by("pk"):
                self._answer(day, duty)

    def leave_open(self, day: dt.date) -> None:
        """On the last day each leader is left something to decide: a later day, a result."""
        doing = Duty.objects.filter(
            state=DutyState.DOING, due__gte=day, extensions=None, quota=None, returned_reason=""
        )
        for leader in sorted({pk for pk in doing.values_list("leader_post_id", flat=True) if pk}):
            mine = list(doing.filter(leader_post_id=leader).order_by("due", "pk")[:2])
            for duty, asked in zip(mine, (self._ask_for_time, self._claim_done), strict=False):
                asked(self._act(day, 11, self.post_codes[duty.owner_post_id or 0]), duty)

    def _act(self, day: dt.date, hour: int, post: str) -> Act:
        moment = dt.datetime.combine(day, dt.time(hour, self.chance.randint(0, 59)), SHANGHAI)
        return self.district.act_as(Act(None, moment, day, sample=True), post)

    def _finish_nodes(self, day: dt.date) -> None:
        """Finish nodes whose promised day has come, most of them."""
        due = Activity.objects.filter(
            due=day, finished=None, duration=None, subject__is_sample=True
        )
        for node in due.order_by("pk"):
            if self.chance.random() < 0.6:  # noqa: PLR2004 -- share kept in time
                project = Project.objects.select_related("subject", "category").get(
                    subject_id=node.subject_id
                )
                finish_node(self._act(day, 9, "office1"), project, node.node, day=day, knowing=True)

    def _report(self, day: dt.date, duty: Duty) -> None:
        act = self._act(day, 10, self.post_codes[duty.owner_post_id or 0])
        roll = self.chance.random()
        if roll < 0.3 and not duty.returned_reason and duty.reported_on != day:  # noqa: PLR2004
            report_no_change(act, [duty])
        elif roll < 0.36 and duty.due is not None and not duty.extensions.exists():  # noqa: PLR2004
            self._ask_for_time(act, duty)
        elif roll < 0.5 and duty.state == DutyState.DOING and duty.quota_id is None:  # noqa: PLR2004
            self._claim_done(act, duty)
        else:
            report(act, duty, text=self.chance.choice(self.story["words"]))

    def _ask_for_time(self, act: Act, duty: Duty) -> None:
        reason = self.chance.choice(self.story["extension_reasons"])
        start = max(duty.due or act.business_date, act.business_date)
        asked = ask_extension(act, duty, to_due=start + dt.timedelta(days=14), reason=reason)
        if act.business_date < self.until - dt.timedelta(days=6):
            answer = self._act(act.business_date, 16, "office1")
            decide_extension(
                answer,
                asked,
                approve=self.chance.random() < 0.7,  # noqa: PLR2004 -- share approved
                opinion="按程序办理",
            )

    def _claim_done(self, act: Act, duty: Duty) -> None:
        proof = FileGiven(
            content=f"示例佐证材料：{duty.title}".encode(),
            title="示例佐证材料.txt",
            kind=EvidenceKind.OTHER,
        )
        claim = ClaimGiven("已按要求完成（示例）", closes=True, files=(proof,))
        report(act, duty, text="已按要求完成，提请核验（示例）", claims=[claim], submit=True)

    def _answer(self, day: dt.date, duty: Duty) -> None:
        act = self._act(day, 15, "office1")
        if self.chance.random() < 0.35:  # noqa: PLR2004 -- share sent back
            return_(act, duty, reason=self.chance.choice(self.story["returns"]))
        else:
            accept_and_close(act, duty)
