"""The list of absences: who is away, who acts for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import reverse

from guatu.register.deputies import absences_on, chain_of
from guatu.register.models import Absence, Post
from guatu.register.policies import Standing, may
from guatu.register.seats import Seats
from guatu.register.versions import rows_as_of
from guatu.web.lists import (
    Column,
    ConditionFilter,
    Filter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    month_grouping,
    unit_grouping,
)
from guatu.web.lists.columns import Row
from guatu.web.lists.units import UnitFilter
from guatu.web.requests import OfficerRequest

STATES = {0: "请假中", 1: "未开始", 2: "已结束", 3: "已取消"}


def _acting(post: Post, seats: Seats, away: dict[int, Absence]) -> str:
    """Who does its business today; where the chain ends with nobody, it is said."""
    face = seats.face(post)
    if face.deputised:
        return str(face.instead)
    chained = "代理岗位也请假，" if chain_of(post.pk, away) else ""
    return f"{chained}{face.acting}"


def _deputy(row: Row) -> str:
    """Deputy as named; today it may be away itself."""
    return f"{row.deputy_post}（请假中）" if row.deputy_away else str(row.deputy_post or "")


class AbsenceList(ListPage):
    """Absences, those of today on top."""

    request: OfficerRequest

    action = "absence.list"
    title = "请假与代理"
    note = "代理人在此期间可看、可办该岗位的业务，每次办理都记明代谁；到期自行结束。"
    columns = (
        Column("post", "岗位", lambda row: str(row.post), name=True, sort=("post__rank",)),
        Column("since", "自", "since", Kind.DATE, width="s", sort=("since",)),
        Column("until", "至", "until", Kind.DATE, width="s", sort=("until",)),
        Column("deputy", "代理岗位", _deputy, width="l", missing="未指定"),
        Column("acting", "现由", "acting", width="l", missing="—"),
        Column("told", "消息", "get_told_display", width="m", bare=True),
        Column("state", "状态", lambda row: STATES[row.place], width="s"),
    )
    groupings = (
        unit_grouping("unit", "单位", "post__organisation"),
        Grouping("state", "状态", "place", labels={str(key): name for key, name in STATES.items()}),
        month_grouping("month", "开始月份", "since", latest_first=True),
    )
    saved = "absences"
    search_fields = ("post__title", "post__organisation__name", "deputy_post__title")
    search_hint = "岗位、单位、代理岗位"
    default_sort = ("place", "until")
    empty_help = "登记请假并指定代理岗位后，会出现在这里。"
    template_name = "absences/absences.html"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Absences with how they stand on the day."""
        day = as_of or standing.today
        away = absences_on(day) if as_of is None else {}
        posts = [row.post for row in away.values()]
        seats = Seats(posts, day)
        words = [
            When(place=0, post_id=post.pk, then=Value(_acting(post, seats, away))) for post in posts
        ]
        rows = rows_as_of(Absence, as_of).select_related(
            "post__organisation", "deputy_post__organisation"
        )
        found: QuerySet[Any] = rows.annotate(
            place=Case(
                When(cancelled=True, then=Value(3)),
                When(until__lt=day, then=Value(2)),
                When(since__gt=day, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            )
        ).annotate(
            acting=Case(*words, default=Value(""), output_field=CharField()),
            deputy_away=ExpressionWrapper(
                Q(place=0, deputy_post_id__in=list(away)), output_field=BooleanField()
            ),
        )
        return found

    def page_filters(self) -> tuple[Filter, ...]:
        """How they stand, and whose posts."""
        choices = tuple((str(place), word, Q(place=place)) for place, word in STATES.items())
        return (
            ConditionFilter("state", "状态", choices),
            UnitFilter("unit", "单位", "post__organisation"),
        )

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters above."""
        return ("state", "unit")

    def row_url(self, row: Row) -> str:  # noqa: ARG002 -- an absence is its row
        """Nowhere: the row tells it all."""
        return ""

    def row_menu(self, row: Row) -> Sequence[MenuItem]:
        """Ending it, for whoever may."""
        over = row.place not in {0, 1}
        if over or not may(self.request.standing, "absence.edit", row.post):
            return ()
        return (MenuItem("提前销假或取消", reverse("absences:end", args=[row.public_id])),)

    def context(self) -> dict[str, Any]:
        """Tell whether this officer may register an absence."""
        now = self.request.as_of is None
        return {"can_add": now and may(self.request.standing, "absence.edit")}
