"""A bulk action on 2,000 rows of a district, one event each: every step that a list offers.

Measured are reading the rows, working out the plan that the 核对 page shows, and doing it. The peer
does the same with the ORM as it comes: a loop that saves the row, its version and its event one by
one, in one transaction, without the checks. It is rolled back before ours runs.
"""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bench.measuring.clocks import spent
from bench.measuring.tables import table, verdict
from guatu.cli.application import application

if TYPE_CHECKING:
    from guatu.loop.models import Duty
    from guatu.register.models import Organisation, Post, Subject
    from guatu.register.recording import Act
    from guatu.web.lists.bulk import BulkStep

ROWS = 2_000
NEW = "示例新增"
CPU_SECONDS = 5


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        measure()
    return 0


def measure() -> None:
    """Load a district, then take each bulk step on 2,000 of its running duties."""
    from django.db import connection  # noqa: PLC0415 -- needs Django set up

    from guatu.campaign import sample  # noqa: PLC0415 -- as above
    from guatu.campaign.sample.loading import BUSINESS_DATE, at  # noqa: PLC0415 -- as above
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above
    from guatu.loop import bulk_plans  # noqa: PLC0415 -- as above
    from guatu.loop.actions import bulk  # noqa: PLC0415 -- as above
    from guatu.register.models import Event  # noqa: PLC0415 -- as above

    upgrade()
    district = sample.load("district").district
    act = replace(
        district.act_as(at(BUSINESS_DATE, 18), "leader1"), sample=False, reason="职责调整"
    )
    post = district.posts["ndrc1"]
    later = act.business_date + dt.timedelta(days=400)

    def reassign() -> int:
        return bulk.edit_many(bulk_plans.plan_edit(act, some(), owner_post=post))

    def postpone() -> int:
        whole = replace(act, standing=None)
        plan = bulk_plans.plan_extension(whole, some(), to_due=later, reason="职责调整")
        return bulk.ask_extensions(plan)

    def urge() -> int:
        return bulk.urge_many(bulk_plans.plan_urge(act, some(), words="请加快"))

    others = steps_of_lists(act, district.posts["ndrc1"].organisation)
    rows: list[list[Any]] = []
    for name, peer, ours in (
        ("duties: reassign", lambda: one_by_one(act, post), reassign),
        ("duties: postpone", None, postpone),
        ("duties: urge", None, urge),
        *((name, None, work) for name, work in others),
    ):
        naive = spent(lambda peer=peer: rolled_back(peer))[1] if peer else None
        known = Event.objects.count()
        done, time = spent(ours)
        told = Event.objects.count() - known
        beside = [naive.cpu, naive.cpu / time.cpu] if naive else [None, None]
        miss = f"CPU > {CPU_SECONDS} s" if time.cpu > CPU_SECONDS else ""
        short = "" if done == ROWS and told >= ROWS else f"{done} rows, {told} events"
        rows.append([name, done, told, time.cpu, time.wall, *beside, verdict(miss, short)])
    heads = ["step", "rows", "events", "CPU s", "wall s", "loop with the ORM, CPU s", "× loop"]
    print(f"\n{ROWS:,} rows, {connection.vendor}\n")
    print(table([*heads, "bars"], rows))


def steps_of_lists(act: "Act", unit: "Organisation") -> list[tuple[str, Callable[[], int]]]:
    """Add 2,000 rows of each other kind; return the steps that their lists offer, as pages go."""
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Post  # noqa: PLC0415 -- as above
    from guatu.web.duties.bulk import STEPS  # noqa: PLC0415 -- as above
    from guatu.web.inbox.bulk import READ  # noqa: PLC0415 -- as above
    from guatu.web.leads.bulk import LEADS  # noqa: PLC0415 -- as above
    from guatu.web.projects.bulk import PROJECTS  # noqa: PLC0415 -- as above
    from guatu.web.reforms.bulk import REFORMS  # noqa: PLC0415 -- as above

    add_rows(act)
    drafts = Duty.objects.order_by("-pk").filter(owner_unit__isnull=False)[:ROWS]
    Duty.objects.filter(pk__in=drafts.values("pk")).update(state="draft", reported_on=None)
    leader = Post.objects.filter(role="leader", active=True).first()
    drafted = {"state": "draft"}
    new, given = {"subject__title__startswith": NEW}, {"unit": unit, "leader_post": leader}

    def taking(step: "BulkStep", told: dict[str, Any], found: dict[str, Any]) -> Callable[[], int]:
        def work() -> int:
            rows = list(step.of.rows(act.standing).filter(**found).order_by("pk")[:ROWS])
            return step.run(step.plan(act, rows, dict(told)))

        return work

    return [
        ("duties: issue", taking(STEPS["issue"], {}, drafted)),
        ("leads: unit and leader", taking(LEADS, given, new)),
        ("projects: unit", taking(PROJECTS, {"unit": unit}, new)),
        ("reforms: unit and leader", taking(REFORMS, given, new)),
        ("inbox: read", taking(READ, {}, {"seen": False})),
    ]


def add_rows(act: "Act") -> None:
    """Add 2,000 leads, projects, reforms and notices for the acting officer."""
    from guatu.attraction.models import Lead  # noqa: PLC0415 -- as above
    from guatu.investment.models import Project  # noqa: PLC0415 -- as above
    from guatu.loop.models import Notice, Reform  # noqa: PLC0415 -- as above
    from guatu.register.models import Organisation, Subject  # noqa: PLC0415 -- as above
    from guatu.register.recording import create_many  # noqa: PLC0415 -- as above

    unit = Organisation.objects.filter(kind="department").exclude(short_name="发改局").first()

    def subjects(kind: str) -> "Sequence[Subject]":
        made = [
            Subject(kind=kind, code=f"{kind}{n:05d}", title=f"{NEW}{n}", unit=unit)
            for n in range(ROWS)
        ]
        return create_many(act, "subject.add", made)

    day = act.business_date
    leads = subjects("lead")
    made = [Lead(subject=s, name=s.title, stage="lead", stage_since=day) for s in leads]
    create_many(act, "lead.add", made)
    projects = [Project(subject=s, name=s.title) for s in subjects("project")]
    create_many(act, "project.add", projects)
    create_many(act, "reform.add", [Reform(subject=s) for s in subjects("reform")])
    post = act.standing.posts[0] if act.standing else None
    told = [Notice(subject=s, kind="copy", post=post, words={}, on=day, at=act.at) for s in leads]
    create_many(act, "notice.tell", told)


def some() -> "list[Duty]":
    """Read 2,000 running duties that can be dealt with, as the page does."""
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.loop.queries.duties import with_names  # noqa: PLC0415 -- as above

    running = Duty.objects.filter(
        state__in=("issued", "doing"),
        due__isnull=False,
        owner_unit__isnull=False,
        extensions=None,
        urges=None,
    )
    running = running.exclude(owner_post__role="leader").exclude(owner_unit__short_name="发改局")
    known = list(with_names(running).order_by("pk")[:ROWS])
    if len(known) == ROWS:
        return known
    rest = Duty.objects.filter(state__in=("issued", "doing"), due__isnull=False, extensions=None)
    return list(with_names(rest).order_by("pk")[:ROWS])


def rolled_back(work: Callable[[], int]) -> int:
    """Do the work and take it back."""
    from django.db import transaction  # noqa: PLC0415 -- as above

    with transaction.atomic():
        made = work()
        transaction.set_rollback(True)
    return made


def one_by_one(act: "Act", post: "Post") -> int:
    """Give duties another owner as a plain loop would: save, version, event, row by row."""
    from guatu.loop.models import Duty, DutyVersion  # noqa: PLC0415 -- as above
    from guatu.register.models import Event  # noqa: PLC0415 -- as above

    made = 0
    for duty in some():
        before = [duty.owner_post_id, duty.owner_unit_id]
        duty.owner_post, duty.owner_unit = post, post.organisation
        duty.revision += 1
        duty.known_from = act.at
        duty.save()
        columns = {field.attname: getattr(duty, field.attname) for field in Duty._meta.local_fields}
        columns.pop("id")
        DutyVersion.objects.filter(row=duty, known_to=None).update(known_to=act.at)
        DutyVersion.objects.create(row=duty, **columns)
        Event.objects.create(
            at=act.at,
            business_date=act.business_date,
            officer=act.standing.officer if act.standing else None,
            actor="bench",
            verb="duty.edit",
            effect="changed",
            model=Duty._meta.label,
            row=duty.pk,
            thing=duty.public_id,
            subject_id=duty.subject_id,
            batch=act.batch,
            changes={
                "owner_post_id": [before[0], post.pk],
                "owner_unit_id": [before[1], post.organisation_id],
            },
            reason=act.reason,
        )
        made += 1
    return made


if __name__ == "__main__":
    sys.exit(main())
