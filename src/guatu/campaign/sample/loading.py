"""Loading the sample: set-up, paper, ledgers and five weeks of work under simulated time."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from django.db import transaction

from guatu.campaign import reading
from guatu.campaign.reading.names import subjects_named
from guatu.campaign.sample import scale as scales
from guatu.campaign.sample.firms import serve
from guatu.campaign.sample.gatherings import gather
from guatu.campaign.sample.handing import hand_on
from guatu.campaign.sample.invented import InventedProject, firms, projects
from guatu.campaign.sample.leads import attract
from guatu.campaign.sample.ledgers import invented_ledger, named_ledger
from guatu.campaign.sample.people import District, read_data, settle
from guatu.campaign.sample.places import make_suggestion, place_projects
from guatu.campaign.sample.reserve import keep_in_reserve
from guatu.campaign.sample.resources import share
from guatu.campaign.sample.story import tell
from guatu.campaign.sample.targets import aim
from guatu.campaign.sample.views import share_views
from guatu.investment.actions import planned
from guatu.investment.models import Category, PathStep, Project
from guatu.loop.actions import draft_duty, issue
from guatu.loop.actions.timetable import plan_nodes
from guatu.loop.enums import DutySource
from guatu.loop.plan import calendars
from guatu.register import sealing
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Domain, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Campaign, Draft, Enterprise, Subject
from guatu.register.recording import Act, change_many
from guatu.register.versions import SHANGHAI

BUSINESS_DATE = dt.date(2025, 3, 18)
OPENING = dt.date(2025, 2, 13)
SEED = 20250318
SAMPLE_PROJECTS = 24
SAMPLE_FIRMS = 16
SERVED_FIRMS = 3


@dataclass(frozen=True)
class Loaded:
    """What the sample consists of."""

    district: District
    projects: tuple[InventedProject, ...]


def load(scale: str = "sample") -> Loaded:
    """Load the sample into an empty register; ``scale`` adds bulk for load tests.

    Raises Invalid when there is a campaign already, so that nothing of a district is touched.
    """
    if scale not in scales.SCALES:
        raise Invalid(f"没有「{scale}」这一规模，可选：{'、'.join(scales.SCALES)}。")
    if Campaign.objects.exists():
        raise Invalid("数据文件夹里已有攻坚行动，不再装入示例；可先撤除示例或换一个文件夹。")
    with transaction.atomic():
        loaded = _load()
        scales.fill(loaded.district, scale, at(BUSINESS_DATE, 7), SEED)
    sealing.seal(at(BUSINESS_DATE, 18).at)
    return loaded


def at(day: dt.date, hour: int, minute: int = 0) -> Act:
    """Act of the sample at a simulated moment."""
    moment = dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)
    return Act(None, moment, day, sample=True)


def _load() -> Loaded:
    story: dict[str, Any] = json.loads(read_data("story.json"))
    first = at(OPENING - dt.timedelta(days=3), 9)
    # Calendars are the district's own and stay when the sample goes.
    calendars.load_shipped(replace(first, sample=False))
    district = settle(first, OPENING.year, BUSINESS_DATE)
    office = district.act_as(at(OPENING, 15), "office1")
    _read_speech(office, district, story)
    _name_real_ones(district)
    invented = _read_ledger(district, story)
    _lay_timetables(district, invented)
    _add_firms(district)
    tell(district, story, OPENING, BUSINESS_DATE, SEED)
    share(district, at(BUSINESS_DATE, 17))
    attract(district, at, OPENING)
    keep_in_reserve(district, at, OPENING)
    serve(district, at, BUSINESS_DATE)
    gather(district, BUSINESS_DATE)
    share_views(district, at(BUSINESS_DATE, 17))
    hand_on(district, at(BUSINESS_DATE, 17, 30))
    aim(district, at(BUSINESS_DATE, 17, 40))
    place_projects(district, at(BUSINESS_DATE, 17))
    make_suggestion(district, at(BUSINESS_DATE, 17))
    return Loaded(district, tuple(invented))


def _read_speech(act: Act, district: District, story: Mapping[str, Any]) -> None:
    """Read the speech and accept what it says; the last promises wait, to show how it is done."""
    text = read_data("speech.txt").encode()
    batch = reading.read_paper_into_drafts(act, text, "示例讲话.txt", OPENING.year)
    drafts = reading.pending_drafts(batch)
    last = [draft for draft in drafts if draft.kind == "commitment"][-2:]
    days = cycle(story["due_days"])
    for draft in drafts:
        if draft in last:
            continue
        edits: dict[str, Any] = {}
        if draft.kind == "commitment":
            edits = _owners(draft, district, story) | _due(draft, next(days))
        reading.accept_draft(act, draft, edits)


def _owners(draft: Draft, district: District, story: Mapping[str, Any]) -> dict[str, Any]:
    """Who the sample's office puts a promise to: by a phrase, else by the chapter."""
    text = str(draft.payload["text"])
    found = next(((p, lead) for phrase, p, lead in story["owners"] if phrase in text), None)
    found = found or story["fallback"].get(draft.payload.get("domain"))
    if found is None:
        return {}
    post, leader = district.posts[found[0]], district.posts[found[1]]
    return {
        "owner_unit": str(post.organisation.public_id),
        "owner_post": str(post.public_id),
        "leader_post": str(leader.public_id),
    }


def _due(draft: Draft, days: int | None) -> dict[str, Any]:
    """A day the sample's office sets where the speech names none; some stay 待定."""
    if draft.payload.get("due") or days is None:
        return {}
    return {"due": (OPENING + dt.timedelta(days=days)).isoformat()}


def _name_real_ones(district: District) -> None:
    """Bring in what the public report names, by a ledger that says no more than it does."""
    told: dict[str, Any] = json.loads(read_data("paper_names.json"))
    act = district.act_as(at(OPENING, 16), "office1")
    content = named_ledger(told["projects"], _category_names())
    _confirm(act, reading.read_ledger_into_drafts(act, content, "公开报道所列项目.xlsx", "project"))
    for name in told["enterprises"]:
        add_enterprise(act, name=name, note=f"见于{told['source']}；统一社会信用代码等未知。")
    titles = [*told["enterprises"], *(row["name"] for row in told["projects"])]
    real = Subject.objects.filter(title__in=titles)
    change_many(act, "subject.name_as_reported", [(row, {"is_sample": False}) for row in real])


def _read_ledger(district: District, story: Mapping[str, Any]) -> list[InventedProject]:
    """Bring in the invented ledger, as any office would."""
    read = subjects_named(SubjectKind.PROJECT, [name for name, _, _ in story["projects"]])
    named = [
        (read[name].title if name in read else name, category, lived)
        for name, category, lived in story["projects"]
    ]
    invented = projects(
        SEED,
        SAMPLE_PROJECTS,
        paths=paths(),
        units=list(dict.fromkeys(story["units_of"].values())),
        leaders=list(dict.fromkeys(story["leaders_of"].values())),
        today=BUSINESS_DATE,
        named=named,
    )
    units, leaders = story["units_of"], story["leaders_of"]
    owned = [
        InventedProject(
            **{
                **vars(project),
                "unit": units[project.category],
                "leader": leaders[project.category],
            }
        )
        for project in invented
    ]
    content = invented_ledger(
        owned,
        _category_names(),
        {code: str(unit) for code, unit in district.units.items()},
        {code: post.title for code, post in district.posts.items()},
    )
    act = district.act_as(at(OPENING + dt.timedelta(days=1), 10), "office1")
    batch = reading.read_ledger_into_drafts(act, content, "示例重点项目台账.xlsx", "project")
    _confirm(act, batch)
    return owned


def _confirm(act: Act, batch: Batch) -> None:
    reading.confirm_batch(act, batch)


def paths() -> dict[str, list[str]]:
    """Node codes of every category, in order."""
    found: dict[str, list[str]] = {}
    for step in PathStep.objects.select_related("category", "node").order_by("order"):
        found.setdefault(step.category.code, []).append(step.node.code)
    return found


def _category_names() -> dict[str, str]:
    return dict(Category.objects.values_list("code", "name"))


def _lay_timetables(district: District, invented: list[InventedProject]) -> None:
    """Plan the nodes of the invented projects; what is past by now is told as it went."""
    act = district.act_as(at(OPENING + dt.timedelta(days=4), 9), "office1")
    rows = {row.name: row for row in Project.objects.select_related("subject", "category")}
    steps: dict[str, list[PathStep]] = {}
    for step in PathStep.objects.select_related("category", "node__stage").order_by("order"):
        steps.setdefault(step.category.code, []).append(step)
    plans = {}
    for project in invented:
        dates = {node.code: node for node in project.nodes}
        plans[rows[project.name].subject] = [
            planned(
                step,
                dates[step.node.code].due,
                _done_by(dates[step.node.code].finished, act.business_date),
            )
            for step in steps[project.category]
        ]
    plan_nodes(act, plans)


def _done_by(day: dt.date | None, today: dt.date) -> dt.date | None:
    return day if day is not None and day <= today else None


def _add_firms(district: District) -> None:
    act = district.act_as(at(OPENING + dt.timedelta(days=5), 9), "office1")
    streets = [code for code in district.units if code.startswith("2201")]
    added = []
    for firm in firms(SEED, SAMPLE_FIRMS, streets):
        street = district.units[firm.street]
        added.append(
            add_enterprise(act, name=firm.name, uscc=firm.uscc, unit=street, street=street)
        )
    for number, served in enumerate(added[:SERVED_FIRMS]):
        _serve(act, district, served, act.business_date + dt.timedelta(days=25 + 9 * number))


def _serve(act: Act, district: District, firm: Enterprise, due: dt.date) -> None:
    """Give a firm to the specialist, with a visit to make."""
    duty = draft_duty(
        act,
        kind="task",
        subject=firm.subject,
        title=f"走访{firm.name}，了解用工、用能和融资诉求",
        source=DutySource.LEADER,
        domain=Domain.SERVICE,
        owner_post=district.posts["specialist1"],
        leader_post=district.posts["leader1"],
        due=due,
    )
    issue(act, duty)
