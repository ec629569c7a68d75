"""The list of visits, the latest on top; and the projects nobody has visited for long."""

import datetime as dt
from typing import Any

from django.db.models import Case, DateField, F, IntegerField, Q, QuerySet, Value, When

from guatu.loop.queries.visits import (
    VisitRow,
    unvisited,
    visits_in_sight,
    with_counts,
    with_places,
)
from guatu.register.enums import Domain
from guatu.register.models import Subject
from guatu.register.policies import Standing, may
from guatu.register.rules import rule_on
from guatu.web.blockers.spots import subject_page
from guatu.web.lists import (
    ChoiceFilter,
    Column,
    ConditionFilter,
    Filter,
    Grouping,
    Kind,
    ListPage,
    month_grouping,
    post_grouping,
    unit_grouping,
)
from guatu.web.lists.units import PostFilter, UnitFilter
from guatu.web.requests import OfficerRequest
from guatu.web.visits.faces import visit_url, visit_word


def _places(row: Any) -> str | None:  # noqa: ANN401 -- an annotated row
    """Names of the first places; how many there are stands beside them."""
    named = [one for one in (row.first_place, row.second_place) if one]
    more = "等" if named and row.found > len(named) else ""
    return "、".join(named) + more if named else None


class VisitList(ListPage):
    """Visits in sight."""

    request: OfficerRequest

    action = "visit.list"
    title = "督帮"
    columns = (
        Column("on", "日期", "on", Kind.DATE, width="s", sort=("on",)),
        Column(
            "leader",
            "领导或专员",
            lambda row: str(row.leader_post),
            name=True,
            sort=("leader_post__rank",),
        ),
        Column(
            "found",
            "督帮项目",
            "found",
            Kind.NUMBER,
            unit="个",
            width="m",
            sort=("found",),
            total="found_standing",
        ),
        Column("places", "项目或企业", _places, width="l", missing="—"),
        Column("code", "编号", "code", width="m", sort=("code",), bare=True),
        Column("note", "备注", "note", width="l", missing="—", bare=True),
        Column("withdrawn", "状态", lambda row: "已撤回" if row.withdrawn else "有效", width="s"),
    )
    groupings = (
        month_grouping("month", "月份", "on", latest_first=True),
        post_grouping("leader", "督帮领导", "leader_post"),
        unit_grouping("unit", "领导单位", "leader_post__organisation"),
    )
    template_name = "visits/visits.html"
    saved = "visits"
    search_fields = ("code", "leader_post__title", "note")
    search_hint = "领导、编号、备注"
    default_sort = ("withdrawn", "-on")
    empty_help = "在项目页点「记督帮」，点结论、写一句，即成。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Visits in sight with the number of places; those of withdrawn ones are not summed."""
        seen = with_places(standing, visits_in_sight(standing, as_of), as_of)
        rows = with_counts(seen, as_of)
        counts: QuerySet[Any] = rows.annotate(
            found_standing=Case(
                When(withdrawn=True, then=Value(0)),
                default=F("found"),
                output_field=IntegerField(),
            )
        )
        return counts

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("leader", "unit", "state")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        states = (("valid", "有效", Q(withdrawn=False)), ("withdrawn", "已撤回", Q(withdrawn=True)))
        return (
            PostFilter("leader", "领导或专员", "leader_post"),
            UnitFilter("unit", "所在单位", "leader_post__organisation"),
            ConditionFilter("state", "状态", states),
        )

    def empty_words(self) -> str:
        """How one is recorded, to those who may."""
        may_record = may(self.request.standing, "visit.record")
        return self.empty_help if may_record else "区领导或服务专员到过的地方，会列在这里。"

    def row_url(self, row: VisitRow) -> str:
        """The visit's own page."""
        return visit_url(row)

    def context(self) -> dict[str, Any]:
        """What a visit of this officer is called."""
        return {"word": visit_word(self.request.standing)}


def _days(row: Any) -> int | None:  # noqa: ANN401 -- an annotated row
    return None if row.last is None else (row.today - row.last).days


class UnvisitedList(ListPage):
    """Projects in sight that nobody has visited for as long as the rule says."""

    action = "visit.list"
    title = "久未督帮"
    columns = (
        Column("title", "项目", "title", name=True, sort=("title",)),
        Column(
            "unit",
            "责任单位",
            lambda row: str(row.unit) if row.unit else None,
            width="m",
            sort=("unit__order_path",),
            missing="待定",
        ),
        Column("domain", "领域", "get_domain_display", width="s", sort=("domain",), bare=True),
        Column("last", "最近督帮", "last", Kind.DATE, width="m", sort=("last",), missing="从未"),
        Column("days", "已有", _days, Kind.NUMBER, unit="天", width="s", missing="从未"),
    )
    groupings = (
        unit_grouping("unit", "责任单位", "unit", missing="待定"),
        Grouping("domain", "领域", "domain", labels=dict(Domain.choices)),
        month_grouping("last", "最近督帮月份", "last", missing="从未督帮"),
    )
    template_name = "visits/unvisited.html"
    saved = "unvisited"
    search_fields = ("title", "code", "initials")
    default_sort = ("never", "last")
    empty_help = "所列范围内的项目都在规定天数内督帮过。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Subjects with the day of their last visit; those never visited first."""
        day = as_of or standing.today
        self.days = rule_on("visit.interval", day).value["days"]
        rows: QuerySet[Any] = unvisited(standing, day, as_of).annotate(
            today=Value(day, DateField()),
            never=Case(
                When(last=None, then=Value(0)), default=Value(1), output_field=IntegerField()
            ),
        )
        return rows

    def context(self) -> dict[str, Any]:
        """For how long."""
        return {"interval": self.days}

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("unit", "domain")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (
            UnitFilter("unit", "责任单位", "unit"),
            ChoiceFilter("domain", "领域", "domain", dict(Domain.choices)),
        )

    def row_url(self, row: Subject) -> str:
        """The project's page."""
        return subject_page(row)
