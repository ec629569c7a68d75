"""The list of hand-overs: what still waits on top."""

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from guatu.loop.enums import HandoverState, ItemState
from guatu.loop.models import Handover, HandoverItem
from guatu.loop.models.handovers import OVER
from guatu.loop.queries.handovers import NAMED, HandoverRow, handovers_in_sight
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of
from guatu.web.lists import (
    ChoiceFilter,
    Column,
    ConditionFilter,
    Filter,
    Grouping,
    Kind,
    ListPage,
    month_grouping,
    unit_grouping,
)
from guatu.web.lists.units import UnitFilter
from guatu.web.requests import OfficerRequest


def _due(row: HandoverRow) -> dt.date | None:
    """Day by which the next step is due; None once all is done."""
    if not row.is_open:
        return None
    return row.hand_due if row.state == HandoverState.DRAWN else row.accept_due


class HandoverList(ListPage):
    """Hand-overs in sight."""

    request: OfficerRequest

    action = "handover.list"
    title = "岗位交接"
    note = "岗位换人时，未结事项自动列成清单，移交人说明、接收人逐项接收，记录长期保存。"
    columns = (
        Column("post", "岗位", lambda row: str(row.post), name=True, sort=("post__rank",)),
        Column("code", "编号", "code", width="m", sort=("code",), bare=True),
        Column("outgoing", "移交人", "outgoing.name", width="m", missing="无前任"),
        Column("incoming", "接收人", "incoming.name", width="m", missing="待到任"),
        Column("left", "离任", "left_on", Kind.DATE, width="s", sort=("left_on",), bare=True),
        Column("state", "状态", "get_state_display", width="s", sort=("state",)),
        Column("due", "应于", _due, Kind.DATE, width="s", missing="—"),
        Column(
            "items",
            "待接收",
            "left_items",
            Kind.NUMBER,
            width="s",
            unit="项",
            sort=("left_items",),
            total="left_items",
        ),
    )
    groupings = (
        unit_grouping("unit", "单位", "post__organisation"),
        Grouping("state", "状态", "state", labels=dict(HandoverState.choices)),
        month_grouping("month", "离任月份", "left_on", latest_first=True),
    )
    saved = "handovers"
    search_fields = ("code", "post__title", "post__organisation__name", "outgoing__name")
    search_hint = "岗位、编号、移交人"
    default_sort = ("place", "hand_due")
    empty_help = "登记离任或任职后，岗位上还有未结事项的，交接清单会出现在这里。"
    template_name = "handovers/handovers.html"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Hand-overs in sight with how many items are left."""
        rows: QuerySet[Any] = handovers_in_sight(standing, as_of).select_related(*NAMED)
        finished = When(state__in=OVER, then=Value(1))
        rows = rows.annotate(place=Case(finished, default=Value(0), output_field=IntegerField()))
        # A subquery, not a join: chips and sums count hand-overs, never their items.
        left = rows_as_of(HandoverItem, as_of).filter(
            handover_id=OuterRef("pk" if as_of is None else "row_id"), settled=False
        )
        left = left.exclude(state=ItemState.ACCEPTED).order_by().values("handover_id")
        number = Subquery(left.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        waiting = Case(When(place=1, then=Value(0)), default=Coalesce(number, Value(0)))
        found: QuerySet[Any] = rows.annotate(left_items=waiting)
        return found

    def page_filters(self) -> tuple[Filter, ...]:
        """States, what is late, whose posts."""
        day = self.request.as_of or self.request.standing.today
        late = Q(state=HandoverState.DRAWN, hand_due__lt=day) | Q(
            state__in=(HandoverState.HANDED, HandoverState.QUERIED), accept_due__lt=day
        )
        return (
            ChoiceFilter("state", "状态", "state", dict(HandoverState.choices)),
            ConditionFilter("late", "时限", (("late", "已超期", late),)),
            UnitFilter("unit", "单位", "post__organisation"),
        )

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters above."""
        return ("state", "late", "unit")

    def row_url(self, row: Handover) -> str:
        """Page of the hand-over."""
        return reverse("handovers:handover", args=[row.public_id])
