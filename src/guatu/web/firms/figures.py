"""The list of firms by the indicators of one month or quarter; the address says which."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from guatu.campaign.search.conditions import ENTERPRISE_FIELDS, enterprises_named
from guatu.growth.periods import before, ends_on, is_period, last_month, last_quarter, words
from guatu.growth.queries import (
    SheetCell,
    cells_of,
    figure_name,
    listed_figures,
    marked,
    reported,
)
from guatu.growth.rules import Asked, FirmRules, firm_rules
from guatu.register.intake import LEDGER
from guatu.register.policies import Standing, may
from guatu.register.search import words_of
from guatu.web.enterprises.listing import unit_names
from guatu.web.lists import (
    ChoiceFilter,
    Column,
    ConditionFilter,
    Filter,
    Grouping,
    Kind,
    ListPage,
    unit_grouping,
)
from guatu.web.requests import OfficerRequest

OFFERED = 6
ROOMY = 5
"""With more indicators than these, each stands in a narrower column."""


def asked_period(request: OfficerRequest) -> str:
    """The period asked for, the last month over without one or for one still to come."""
    today = request.as_of or request.standing.today
    asked = request.GET.get("period", "")
    return asked if is_period(asked) and ends_on(asked) <= today else last_month(today)


class FigureList(ListPage):
    """Firms in sight with what is known of them for a period."""

    request: OfficerRequest

    action = "firm.figures"
    title = "企业报数"
    note = "企业口径，不是统计数。"
    part_head = "firms/periods.html"
    asks: ClassVar[Mapping[str, str]] = {"period": "时期"}
    columns = (
        Column("name", "企业", "name", name=True, sort=("name",)),
        Column("unit", "责任单位", "unit_name", width="m", sort=("unit_order",), missing="未定"),
        Column(
            "specialist",
            "服务专员",
            "specialist",
            width="m",
            sort=("specialist",),
            missing="没有",
            bare=True,
        ),
    )
    groupings = (
        Grouping("unit", "责任单位", "unit_then", "unit_name", ("unit_order",)),
        unit_grouping("street", "所在街道", "street", missing="未登记"),
        Grouping(
            "industry",
            "行业",
            "industry_id",
            "industry__name",
            ("industry__code",),
            missing="未登记",
        ),
    )
    saved = "firm_figures"
    search_fields = ENTERPRISE_FIELDS
    search_hint = "名称、曾用名、信用代码、拼音首字母"
    default_sort = ("without_unit", "unit_order", "name")
    empty_help = "没有您可以查看的企业。"
    template_name = "firms/figures.html"

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Read which period is asked for."""
        super().setup(request, *args, **kwargs)
        self.period = asked_period(self.request)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("serve", "said", "mark", "unit")

    @cached_property
    def rules(self) -> FirmRules:
        """Rules of the day that is read."""
        return firm_rules(self.request.as_of or self.request.standing.today)

    def page_columns(self) -> tuple[Column, ...]:
        """Firm, unit and specialist, then a column for each indicator asked for."""
        width = "m" if len(self.rules.asked) <= ROOMY else "s"
        asked = enumerate(self.rules.asked.values())
        return (*self.columns, *(self._column(place, one, width) for place, one in asked))

    def _column(self, place: int, asked: Asked, width: str) -> Column:
        name = figure_name(place)
        return Column(
            asked.code,
            asked.indicator.name,
            lambda row: self.cells[row.subject_id][place],
            Kind.NUMBER,
            unit=asked.indicator.unit,
            width=width,
            places=asked.indicator.places,
            sort=(name,),
            total=name,
            export=name,
            template="firms/figure_cell.html",
        )

    @cached_property
    def cells(self) -> dict[int, list[SheetCell]]:
        """Figures of the rows shown, with those beside which they are read."""
        as_of, rows = self.request.as_of, self.listing.rows
        return cells_of(self.request.standing, self.rules, self.period, rows, as_of)

    def page_filters(self) -> tuple[Filter, ...]:
        """Who serves the firm, whether it reported, its marks, its unit."""
        standing, day = self.request.standing, self.request.as_of
        told = reported(standing, self.rules, self.period, day)
        served = (
            ("mine", "我的企业", Q(specialist_id__in=standing.post_ids)),
            ("none", "没有专员", Q(specialist_id=None)),
        )
        marks = tuple((code, name, marked(code, day)) for code, name in self.rules.marks.items())
        return (
            ConditionFilter("serve", "服务", served),
            ConditionFilter("said", "报数", (("yes", "已报", told), ("no", "未报", ~told))),
            ConditionFilter("mark", "标记", marks, folded=True),
            ChoiceFilter("unit", "责任单位", "unit_then", unit_names),
        )

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Firms in sight with their figures."""
        return listed_figures(standing, self.rules, self.period, as_of)

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Search former and short names, too."""
        found = words_of(text)
        return (
            rows.filter(enterprises_named(found, self.request.as_of, "unit_then"))
            if found
            else rows
        )

    def row_url(self, row: Any) -> str:  # noqa: ANN401 -- a firm or a past state
        """Figures and service of the firm."""
        return reverse("firms:firm", args=[row.subject.public_id])

    def row_key(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """Key of its subject."""
        return str(row.subject.public_id)

    def export_title(self) -> str:
        """With the period."""
        return f"{self.title} {words(self.period)}"

    @property
    def periods(self) -> Sequence[tuple[str, str]]:
        """Periods offered: the last months, and two quarters."""
        today = self.request.as_of or self.request.standing.today
        month, quarter = last_month(today), last_quarter(today)
        offered = [*(before(month, step) for step in range(OFFERED)), quarter, before(quarter)]
        return [(one, words(one)) for one in offered]

    def context(self) -> dict[str, Any]:
        """Whether the officer may fetch the sheet to be filled in and bring it back."""
        now = self.request.as_of is None
        return {"may_load": now and may(self.request.standing, "intake.upload", LEDGER)}
