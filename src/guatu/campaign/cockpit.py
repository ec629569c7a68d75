"""The cockpit: one sentence, three chapters, and what waits for the reader's decision.

Every figure is counted from the same queryset as the list it opens, so the list's total equals it.
What has no data yet is named as such and never shown as zero.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When, Window
from django.db.models.functions import RowNumber

from guatu.attraction.queries import leads_in_sight
from guatu.attraction.rules import KEYS as LEAD_KEYS
from guatu.attraction.rules import LeadRules, rules_of
from guatu.campaign.decisions import Decision, blockers_to_decide
from guatu.investment.queries import projects_in_sight
from guatu.loop.enums import (
    DUTY_DOMAINS,
    OPEN_BLOCKERS,
    OPEN_STATES,
    Colour,
    DutyState,
    ExtensionState,
)
from guatu.loop.models import Duty, Extension, Lamp, Quota, QuotaPlace
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.duties import LAMP_RANKS, with_lamp
from guatu.loop.queries.sight import duties_in_sight, duty_keys
from guatu.register.counting import counted
from guatu.register.enums import Domain, Role
from guatu.register.models import Enterprise
from guatu.register.policies import Standing, in_sight
from guatu.register.rules import Holding, rules_on
from guatu.register.versions import rows_as_of

MOST_DECISIONS = 7
COLOUR_OF_RANK = {rank: colour for colour, rank in LAMP_RANKS.items()}


@dataclass(frozen=True)
class Rows:
    """The list a figure was counted from: a page and the values of its filters."""

    page: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A counted or summed figure. ``value`` None = nothing known; ``unreported`` rows lack it."""

    key: str
    label: str
    value: int | Decimal | None
    unit: str
    rows: Rows
    source: str
    unreported: int = 0


@dataclass(frozen=True)
class Share:
    """How many of a chapter's things have one colour."""

    colour: Colour
    count: int
    rows: Rows


@dataclass(frozen=True)
class Chapter:
    """One column: its figures, how its lamps divide, and what it has no data for."""

    domain: Domain
    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]
    shares_of: str
    silent: tuple[str, ...]


@dataclass(frozen=True)
class Cockpit:
    """The whole page; ``sentence`` alternates words and figures.

    ``beside`` counts the open duties of no chapter's column, labelled with their domains;
    ``blockers`` the open blockers, None where there are none.
    """

    sentence: tuple[str | Figure, ...]
    chapters: tuple[Chapter, ...]
    beside: Figure | None
    blockers: Figure | None
    decisions: tuple[Decision, ...]
    decisions_in_all: int


def cockpit(standing: Standing, as_of: dt.date | None = None) -> Cockpit:
    """Count everything the officer may see, as it is or as it was known on a past day."""
    day = as_of or standing.today
    lamp, *lead = rules_on(["lamp.duty", *LEAD_KEYS], day)
    duties = _count_duties(standing, as_of, day, lamp)
    sums = _project_sums(standing, as_of)
    projects = _count_projects(standing, as_of, sums["count"])
    decisions = _decisions(standing, day, lamp) if as_of is None else []
    few = counted(
        firms=rows_as_of(Enterprise, as_of).filter(in_sight(standing, "subject__")),
        places=places_in_sight(standing, as_of).filter(subject=None),
        blockers=blockers_in_sight(standing, as_of).filter(state__in=OPEN_BLOCKERS),
    )
    chapters = (
        _steady_growth(few, duties),
        _investment(duties, projects, sums),
        _attraction(duties, _lead_figures(standing, as_of, rules_of(lead))),
    )
    return Cockpit(
        sentence=_sentence(duties, projects),
        chapters=chapters,
        beside=_beside(duties, {chapter.domain for chapter in chapters}),
        blockers=_blockers(few["blockers"]),
        decisions=tuple(decisions[:MOST_DECISIONS]),
        decisions_in_all=len(decisions),
    )


Counts = Mapping[tuple[str, Colour], int]


def _count_duties(standing: Standing, as_of: dt.date | None, day: dt.date, lamp: Holding) -> Counts:
    """Open duties by domain and colour; one query."""
    rows: QuerySet[Any] = with_lamp(duties_in_sight(standing, as_of), lamp, day)
    counted = (
        rows.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("domain", "lamp_rank")
        .annotate(n=Count("pk"))
    )
    return {(domain, COLOUR_OF_RANK[rank]): n for domain, rank, n in counted}


def _project_sums(standing: Standing, as_of: dt.date | None) -> dict[str, Any]:
    """What is counted and summed of projects; one query."""
    return (
        projects_in_sight(standing, as_of)
        .order_by()
        .aggregate(
            count=Count("pk"),
            total=Sum("total_wan"),
            totals=Count("total_wan"),
            plan=Sum("year_plan_wan"),
            plans=Count("year_plan_wan"),
        )
    )


def _count_projects(standing: Standing, as_of: dt.date | None, count: int) -> Mapping[Colour, int]:
    """Projects by the colour of their lamp; without a lamp they are 未评; one query."""
    shown = projects_in_sight(standing, as_of)
    lit = (
        rows_as_of(Lamp, as_of)
        .filter(subject_id__in=shown.order_by().values("subject_id"))
        .values_list("colour")
        .annotate(n=Count("pk"))
    )
    counts = dict.fromkeys(Colour, 0) | {Colour(colour): n for colour, n in lit}
    counts[Colour.UNRATED] = count - sum(
        n for colour, n in counts.items() if colour != Colour.UNRATED
    )
    return counts


def _sum(counts: Counts, *colours: Colour, domain: str | None = None) -> int:
    wanted = colours or tuple(Colour)
    return sum(
        n
        for (chapter, colour), n in counts.items()
        if colour in wanted and domain in (None, chapter)
    )


def _duty_rows(domain: str | None = None, colour: Colour | None = None) -> Rows:
    filters: dict[str, Sequence[str]] = {"state": [str(state) for state in OPEN_STATES]}
    if domain:
        filters["domain"] = [domain]
    if colour:
        filters["lamp"] = [str(colour)]
    return Rows("duties", filters)


def _sentence(duties: Counts, projects: Mapping[Colour, int]) -> tuple[str | Figure, ...]:
    told = "责任事项台账"
    return (
        "在库项目 ",
        Figure("projects", "项目", sum(projects.values()), "个", Rows("projects"), "项目台账"),
        "，亮红灯 ",
        Figure(
            "projects-red",
            "亮红灯项目",
            projects[Colour.RED],
            "个",
            Rows("projects", {"lamp": [str(Colour.RED)]}),
            "项目节点与亮灯规则",
        ),
        "；在办责任事项 ",
        Figure("duties", "在办责任事项", _sum(duties), "件", _duty_rows(), told),
        "，逾期 ",
        Figure(
            "duties-red",
            "逾期责任事项",
            _sum(duties, Colour.RED),
            "件",
            _duty_rows(colour=Colour.RED),
            told,
        ),
        "，临期 ",
        Figure(
            "duties-amber",
            "临期责任事项",
            _sum(duties, Colour.AMBER),
            "件",
            _duty_rows(colour=Colour.AMBER),
            told,
        ),
        "。",
    )


def _duty_figures(duties: Counts, domain: Domain) -> tuple[Figure, ...]:
    told = "责任事项台账"
    return (
        Figure(
            f"{domain}-duties",
            "在办责任事项",
            _sum(duties, domain=domain),
            "件",
            _duty_rows(domain),
            told,
        ),
        Figure(
            f"{domain}-late",
            "其中逾期",
            _sum(duties, Colour.RED, domain=domain),
            "件",
            _duty_rows(domain, Colour.RED),
            told,
        ),
    )


def _beside(duties: Counts, shown: Collection[Domain]) -> Figure | None:
    """Open duties of domains without a column, and of none; None where there are no such."""
    others = [domain for domain in (*Domain, "") if domain not in shown]
    counts = {domain: _sum(duties, domain=domain) for domain in others}
    told = "、".join(DUTY_DOMAINS[domain] for domain in others if counts[domain])
    filters = {**_duty_rows().filters, "domain": others}
    rows = Rows("duties", filters)
    count = sum(counts.values())
    return Figure("beside-duties", told, count, "件", rows, "责任事项台账") if count else None


def _blockers(count: int) -> Figure | None:
    """Open blockers in sight; None where there are none."""
    rows = Rows("blockers", {"state": [str(state) for state in OPEN_BLOCKERS]})
    return Figure("blockers", "未完结堵点", count, "项", rows, "堵点台账") if count else None


def _duty_shares(duties: Counts, domain: Domain) -> tuple[Share, ...]:
    return tuple(
        Share(colour, _sum(duties, colour, domain=domain), _duty_rows(domain, colour))
        for colour in Colour
    )


def _steady_growth(few: Mapping[str, int], duties: Counts) -> Chapter:
    figures = (
        Figure("firms", "在册企业", few["firms"], "户", Rows("enterprises"), "企业库"),
        Figure("places-open", "清单名额待落实", few["places"], "个", Rows("places"), "会议材料"),
        *_duty_figures(duties, Domain.STEADY_GROWTH),
    )
    silent = ("经济指标：月度指标台账未导入",)
    shares = _duty_shares(duties, Domain.STEADY_GROWTH)
    return Chapter(Domain.STEADY_GROWTH, figures, shares, "责任事项", silent)


def places_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Places of counted groups; they belong to the campaign, so the district's readers see them."""
    rows = rows_as_of(QuotaPlace, as_of)
    if standing.has(Role.LEADER, Role.OFFICE, Role.STATISTICIAN):
        return rows
    quotas = Quota.objects.filter(duties__in=duty_keys(standing))
    return rows.filter(quota__in=quotas.values("pk"))


def _investment(duties: Counts, projects: Mapping[Colour, int], sums: Mapping[str, Any]) -> Chapter:
    count = sum(projects.values())
    money = tuple(
        Figure(key, label, sums[name], "万元", Rows("projects"), "项目台账", count - sums[known])
        for key, label, name, known in (
            ("total_wan", "总投资", "total", "totals"),
            ("year_plan_wan", "本年计划投资", "plan", "plans"),
        )
    )
    shares = tuple(
        Share(colour, projects[colour], Rows("projects", {"lamp": [str(colour)]}))
        for colour in Colour
    )
    figures = (*money, *_duty_figures(duties, Domain.INVESTMENT))
    silent = ("投资完成与入统：待月度进度台账导入后汇总",)
    return Chapter(Domain.INVESTMENT, figures, shares, "项目", silent)


def _attraction(duties: Counts, leads: tuple[Figure, Figure]) -> Chapter:
    figures = (*leads, *_duty_figures(duties, Domain.ATTRACTION))
    return Chapter(
        Domain.ATTRACTION, figures, _duty_shares(duties, Domain.ATTRACTION), "责任事项", ()
    )


def _lead_figures(
    standing: Standing, as_of: dt.date | None, rules: LeadRules
) -> tuple[Figure, Figure]:
    """Leads being worked on, and what they mean to invest."""
    live = [code for code, stage in rules.stages.items() if stage.is_live]
    sums = (
        leads_in_sight(standing, as_of)
        .filter(stage__in=live)
        .aggregate(count=Count("pk"), wan=Sum("intended_wan"), told=Count("intended_wan"))
    )
    rows = Rows("leads", {"stage": live})
    unreported = sums["count"] - sums["told"]
    return (
        Figure("leads", "在谈招商线索", sums["count"], "条", rows, "招商线索"),
        Figure("leads-wan", "意向投资", sums["wan"], "万元", rows, "招商线索", unreported),
    )


def _decisions(standing: Standing, day: dt.date, lamp: Holding) -> list[Decision]:
    """What waits for a leader or the office, oldest first of each kind.

    Blockers put to them, then extensions, reviews, long overdue duties.
    """
    if not standing.has(Role.LEADER, Role.OFFICE):
        return []
    found = blockers_to_decide(standing)
    mine = _led(standing)
    asked = (
        Extension.objects.filter(state=ExtensionState.PENDING, duty__in=mine.values("pk"))
        .select_related("duty__owner_unit", "duty__subject")
        .order_by("asked_on", "pk")
    )
    found += [
        Decision(
            "extension",
            row.duty,
            f"申请由 {row.from_due or '待定'} 延期到 {row.to_due}",
            row.asked_on,
        )
        for row in asked
    ]
    waiting, overdue = _oldest(mine, day - dt.timedelta(days=lamp.value["red_from_days_late"]))
    found += [Decision("review", row, "办理结果待核", row.reported_on) for row in waiting]
    found += [Decision("late", row, f"逾期 {(day - row.due).days} 天", row.due) for row in overdue]
    return found


def _oldest(mine: QuerySet[Any], last: dt.date) -> tuple[list[Any], list[Any]]:
    """The twenty that wait longest for review, and the twenty overdue longest; one query."""
    in_review = Q(state=DutyState.REVIEW)
    late = Q(state__in=(DutyState.ISSUED, DutyState.DOING), due__lte=last)
    since = Case(When(in_review, then=F("reported_on")), default=F("due"))
    place = Window(
        RowNumber(),
        partition_by=[Case(When(in_review, then=0), default=1)],
        order_by=[since.asc(), F("pk").asc()],
    )
    rows = list(mine.filter(in_review | late).annotate(place=place).filter(place__lte=20))
    rows.sort(key=lambda row: row.place)
    waiting = [row for row in rows if row.state == DutyState.REVIEW]
    return waiting, [row for row in rows if row.state != DutyState.REVIEW]


def _led(standing: Standing) -> QuerySet[Duty]:
    """Duties a leader answers for by post; the office answers for all it sees."""
    rows: QuerySet[Any] = duties_in_sight(standing).select_related(
        "owner_unit", "leader_post", "subject"
    )
    if standing.has(Role.OFFICE):
        return rows
    return rows.filter(Q(leader_post_id__in=standing.post_ids))
