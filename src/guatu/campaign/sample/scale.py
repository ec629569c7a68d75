"""Bulk for load tests: the shape of a district or a city, through the same recording.

Rows are written by ``create_many``, so each has its version and event; only the acts' own checks,
one row at a time, are left out. All names carry 示例.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from guatu.campaign.sample.invented import InventedProject, firms, projects
from guatu.campaign.sample.people import District
from guatu.investment.models import Category, PathStep, Project
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Duty, Report
from guatu.register.enums import Domain, SubjectKind
from guatu.register.models import Enterprise, Organisation, Post, Subject
from guatu.register.recording import Act, change_many, create_many

STATES = (DutyState.ISSUED, DutyState.DOING, DutyState.DOING, DutyState.REVIEW)
CHUNK = 2_000


@dataclass(frozen=True)
class Scale:
    """How much is added to the sample."""

    projects: int
    firms: int
    duties: int
    reports: int


SCALES = {
    "sample": Scale(0, 0, 0, 0),
    "district": Scale(500, 20_000, 20_000, 66_000),
    "city": Scale(2_500, 100_000, 60_000, 120_000),
}


def fill(district: District, scale: str, act: Act, seed: int) -> None:
    """Add the bulk of ``scale``; nothing for the sample itself."""
    size = SCALES[scale]
    if not size.projects:
        return
    chance = Random(seed)  # noqa: S311 -- repeatable
    workers = [p for p in district.posts.values() if p.role == "unit"]
    leaders = [p for p in district.posts.values() if p.role == "leader"]
    streets = [unit for unit in district.units.values() if unit.kind == "street"]
    start = replace(act, at=act.at - dt.timedelta(days=20), business_date=act.business_date)
    subjects = _projects(start, size.projects, workers, district, seed)
    _firms(start, size.firms, streets, district, seed)
    duties = _duties(
        start, size.duties, subjects=subjects, workers=workers, leaders=leaders, chance=chance
    )
    _reports(act, duties, size.reports, chance)


def _projects(
    act: Act, count: int, workers: Sequence[Post], district: District, seed: int
) -> list[Subject]:
    steps: dict[str, list[PathStep]] = {}
    for step in PathStep.objects.select_related("node__stage", "category").order_by("order"):
        steps.setdefault(step.category.code, []).append(step)
    categories = {row.code: row for row in Category.objects.all()}
    invented = projects(
        seed + 1,
        count,
        paths={code: [s.node.code for s in path] for code, path in steps.items()},
        units=[str(post.pk) for post in workers],
        leaders=["0"],
        today=act.business_date,
    )
    owners = {str(post.pk): post for post in workers}
    subjects = _subjects(
        act,
        SubjectKind.PROJECT,
        "XMK",
        [
            (f"{row.name}（规模{n:05d}）", owners[row.unit].organisation)
            for n, row in enumerate(invented)
        ],
        district,
    )
    create_many(
        act,
        "project.add",
        [
            _project_row(row, subject, categories[row.category])
            for row, subject in zip(invented, subjects, strict=True)
        ],
    )
    nodes = [
        _node_row(step, date.due, date.finished, subject, owners[row.unit])
        for row, subject in zip(invented, subjects, strict=True)
        for step, date in zip(steps[row.category], row.nodes, strict=True)
    ]
    _in_chunks(act, "node.plan", nodes)
    recompute(act, [subject.pk for subject in subjects])
    return subjects


def _project_row(row: InventedProject, subject: Subject, category: Category) -> Project:
    return Project(
        subject=subject,
        name=subject.title,
        category=category,
        nature=row.nature,
        total_wan=row.total_wan,
        year_plan_wan=row.year_plan_wan,
        start_on=row.start_on,
        finish_on=row.finish_on,
    )


def _node_row(
    step: PathStep, due: dt.date, finished: dt.date | None, subject: Subject, owner: Post
) -> Activity:
    return Activity(
        subject=subject,
        node=step.node.code,
        name=step.name,
        stage=step.node.stage.code,
        sequence=step.node.order,
        due=due,
        baseline=due,
        finished=finished,
        owner_unit=owner.organisation,
        owner_post=owner,
    )


def _firms(
    act: Act, count: int, streets: Sequence[Organisation], district: District, seed: int
) -> None:
    by_code = {street.code: street for street in streets}
    # The sample itself uses the first codes.
    invented = firms(seed + 1, count + 1_000, list(by_code))[1_000:]
    subjects = _subjects(
        act,
        SubjectKind.ENTERPRISE,
        "QYK",
        [(row.name, by_code[row.street]) for row in invented],
        district,
    )
    rows = [
        Enterprise(subject=subject, name=row.name, uscc=row.uscc, street=by_code[row.street])
        for row, subject in zip(invented, subjects, strict=True)
    ]
    _in_chunks(act, "enterprise.add", rows)


def _duties(
    act: Act,
    count: int,
    *,
    subjects: Sequence[Subject],
    workers: Sequence[Post],
    leaders: Sequence[Post],
    chance: Random,
) -> list[Duty]:
    chapters = (Domain.STEADY_GROWTH, Domain.INVESTMENT, Domain.ATTRACTION)
    rows = []
    for number in range(count):
        post = workers[number % len(workers)]
        due = act.business_date + dt.timedelta(days=chance.randint(-20, 280))
        rows.append(
            Duty(
                code=f"ZRK-{number:06d}",
                kind="task",
                subject=subjects[number % len(subjects)],
                title=f"示例责任事项{number:06d}",
                domain=chapters[number % len(chapters)],
                source=DutySource.LEDGER,
                owner_unit=post.organisation,
                owner_post=post,
                leader_post=leaders[number % len(leaders)],
                due=None if number % 11 == 0 else due,
                state=STATES[number % len(STATES)],
                issued_on=act.business_date,
            )
        )
    _in_chunks(act, "duty.issue", rows)
    return rows


def _reports(act: Act, duties: Sequence[Duty], count: int, chance: Random) -> None:
    """Spread reports over the last three weeks; each moves its duty's words on."""
    rounds = -(-count // len(duties))
    for turn in range(rounds):
        moment = act.at - dt.timedelta(days=(rounds - turn) * 4)
        day = moment.date()
        now = replace(act, at=moment, business_date=day)
        left = count - turn * len(duties)
        told = [(duty, _words(turn, chance)) for duty in duties[:left]]
        reports = [
            Report(duty=duty, changed=True, text=words, at=moment, business_date=day)
            for duty, words in told
        ]
        _in_chunks(now, "report.make", reports)
        changes = [(duty, {"progress": words, "reported_on": day}) for duty, words in told]
        for start in range(0, len(changes), CHUNK):
            change_many(now, "duty.report", changes[start : start + CHUNK])


def _words(turn: int, chance: Random) -> str:
    return f"示例进展：第{turn + 1}次报告，完成{chance.randint(1, 99)}%"


def _subjects(
    act: Act,
    kind: SubjectKind,
    prefix: str,
    named: Sequence[tuple[str, Organisation]],
    district: District,
) -> list[Subject]:
    rows = [
        Subject(
            kind=kind,
            code=f"{prefix}-{number:06d}",
            title=title,
            unit=unit,
            district_code=district.root.district_code,
            is_sample=True,
        )
        for number, (title, unit) in enumerate(named)
    ]
    _in_chunks(act, "subject.add", rows)
    return rows


def _in_chunks(
    act: Act, verb: str, rows: Sequence[Subject | Enterprise | Activity | Duty | Report]
) -> None:
    for start in range(0, len(rows), CHUNK):
        create_many(act, verb, rows[start : start + CHUNK])
