"""The list of reforms: what is under way and due first on top."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guatu.loop.enums import DutyState, ReformState
from guatu.loop.queries.reforms import ReformRow, reforms_in_sight
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enums import Domain
from guatu.register.policies import Standing
from guatu.web.lists import ChoiceFilter, Column, Filter, Kind, ListPage
from guatu.web.lists.units import UnitFilter
from guatu.web.reforms.views import reform_url

OVER = (ReformState.DONE, ReformState.STOPPED)


def _unit(row: ReformRow) -> str | None:
    return str(row.subject.unit) if row.subject.unit else None


def _leader(row: ReformRow) -> str | None:
    return str(row.leader_post) if row.leader_post else None


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
        Column("leader", "包保领导", _leader, width="l", missing="未定", bare=True),
        Column("state", "状态", "get_state_display", width="s", sort=("state_rank",)),
        Column("due", "期限", "due", Kind.DATE, width="s", sort=("due",), missing="待定"),
        Column("open", "在办事项", "open", Kind.NUMBER, unit="项", width="m", sort=("open",)),
        Column("code", "编号", "subject.code", width="s", sort=("subject__code",), bare=True),
    )
    template_name = "reforms/reforms.html"
    search_fields = ("subject__title", "subject__code", "subject__initials")
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

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (
            ChoiceFilter("state", "状态", "state", dict(ReformState.choices)),
            ChoiceFilter("domain", "领域", "subject__domain", dict(Domain.choices)),
            UnitFilter("unit", "责任单位", "subject__unit"),
        )

    def row_key(self, row: ReformRow) -> str:
        """Key of its subject."""
        return str(row.subject.public_id)

    def row_url(self, row: ReformRow) -> str:
        """The reform's own page."""
        return reform_url(row)
