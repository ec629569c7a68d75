"""The list of reforms: what is under way and due first on top."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guatu.loop.enums import DutyState, ReformState
from guatu.loop.queries.reforms import ReformRow, reforms_in_sight
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enums import Domain
from guatu.register.models import Post
from guatu.register.policies import Standing
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    Filter,
    Grouping,
    Kind,
    ListPage,
    month_grouping,
    post_grouping,
    unit_grouping,
)
from guatu.web.lists.units import UnitFilter
from guatu.web.reforms.views import reform_url

OVER = (ReformState.DONE, ReformState.STOPPED)


def _unit(row: ReformRow) -> str | None:
    return str(row.subject.unit) if row.subject.unit else None


def _leader(row: ReformRow) -> str | None:
    return str(row.leader_post) if row.leader_post else None


def leaders() -> dict[str, str]:
    """Leaders who vouch for reforms by the key of their post, in protocol order."""
    rows = Post.objects.filter(led_reforms__isnull=False).distinct()
    ordered = rows.select_related("organisation").order_by("organisation__order_path", "rank", "pk")
    return {str(post.pk): str(post) for post in ordered}


class ReformList(ListPage):
    """Reforms in sight."""

    action = "reform.list"
    title = "改革任务"
    columns = (
        Column("title", "任务", "subject.title", name=True, sort=("subject__title",)),
        Column(
            "unit",
            "责任单位",
            _unit,
            width="m",
            sort=("subject__unit__order_path",),
            missing="未定",
        ),
        Column(
            "leader",
            "包保领导",
            _leader,
            width="l",
            sort=("leader_post__rank",),
            missing="未定",
            bare=True,
        ),
        Column("state", "状态", "get_state_display", width="s", sort=("state_rank",)),
        Column("due", "期限", "due", Kind.DATE, width="s", sort=("due",), missing="待定"),
        Column(
            "open",
            "在办事项",
            "open",
            Kind.NUMBER,
            unit="项",
            width="m",
            sort=("open",),
            total="open",
        ),
        Column(
            "code",
            "编号",
            "subject.code",
            width="s",
            sort=("subject__code",),
            bare=True,
            export_as="任务编号",
        ),
    )
    groupings = (
        unit_grouping("unit", "责任单位", "subject__unit"),
        post_grouping("leader", "包保领导", "leader_post"),
        Grouping("state", "状态", "state", labels=dict(ReformState.choices)),
        month_grouping("due", "期限月份", "due", missing="待定"),
        Grouping("domain", "领域", "subject__domain", labels=dict(Domain.choices)),
    )
    template_name = "reforms/reforms.html"
    saved = "reforms"
    bulk = (BulkAction("改派", "/reforms/bulk/assign/", "reform.add"),)
    search_fields = ("subject__title", "subject__code", "subject__initials")
    search_unit = "subject__unit_id"
    default_sort = ("state_rank", "due")
    empty_help = "登记改革任务后，在它的页上交办责任事项。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Reforms in sight with the number of their open duties."""
        duties = duties_in_sight(standing, as_of).exclude(state=DutyState.CLOSED)
        owed = duties.filter(subject_id=OuterRef("subject_id")).order_by().values("subject_id")
        rows: QuerySet[Any] = reforms_in_sight(standing, as_of).annotate(
            open=Coalesce(Subquery(owed.annotate(n=Count("pk")).values("n")), Value(0)),
            state_rank=Case(
                When(state=ReformState.DOING, then=Value(0)),
                When(state__in=OVER, then=Value(2)),
                default=Value(1),
                output_field=IntegerField(),
            ),
        )
        return rows

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("state", "domain", "unit", "leader")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (
            ChoiceFilter("state", "状态", "state", dict(ReformState.choices)),
            ChoiceFilter("domain", "领域", "subject__domain", dict(Domain.choices)),
            UnitFilter("unit", "责任单位", "subject__unit"),
            ChoiceFilter("leader", "包保领导", "leader_post_id", leaders),
        )

    def row_key(self, row: ReformRow) -> str:
        """Key of its subject."""
        return str(row.subject.public_id)

    def row_url(self, row: ReformRow) -> str:
        """The reform's own page."""
        return reform_url(row)
