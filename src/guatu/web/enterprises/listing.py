"""The list of enterprises."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.urls import reverse

from guatu.campaign.search.conditions import ENTERPRISE_FIELDS, enterprises_named
from guatu.growth.queries import marked, visit_due, with_specialist, with_unit, with_visit_marks
from guatu.growth.rules import marks_on, visit_rule_on
from guatu.loop.enums import OPEN_STATES
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_of_seen
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Enterprise, Organisation
from guatu.register.policies import Standing, in_sight, may
from guatu.register.rules import Holding
from guatu.register.search import words_of
from guatu.register.versions import rows_as_of
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    ConditionFilter,
    Grouping,
    Kind,
    ListPage,
    unit_grouping,
)
from guatu.web.lists.columns import Row
from guatu.web.lists.filters import Filter
from guatu.web.requests import OfficerRequest


def unit_names() -> Mapping[str, str]:
    """Names of all units by key, in protocol order."""
    return {str(unit.pk): str(unit) for unit in Organisation.objects.all()}


def street_names() -> Mapping[str, str]:
    """Names of the streets by key, in protocol order."""
    return {
        str(unit.pk): str(unit)
        for unit in Organisation.objects.filter(kind=OrganisationKind.STREET)
    }


def _open_duties(standing: Standing, as_of: dt.date | None) -> QuerySet[Duty]:
    """Open duties in sight of the enterprise of the query around, which is in sight."""
    duties = duties_of_seen(standing, as_of)
    return duties.filter(subject_id=OuterRef("subject_id"), state__in=OPEN_STATES).order_by()


def enterprises_in_sight(standing: Standing, as_of: dt.date | None) -> QuerySet[Enterprise]:
    """Enterprises (or their states of a past day) the officer may see.

    Adds the responsible unit of that day (`with_unit`) and ``open_duties``, of those in sight.
    """
    rows: QuerySet[Enterprise] = rows_as_of(Enterprise, as_of)
    rows = rows.filter(in_sight(standing, "subject__"))
    duties = _open_duties(standing, as_of)
    counted = duties.values("subject_id").annotate(n=Count("pk")).values("n")
    rows = with_unit(rows.select_related("subject", "industry", "street"), as_of)
    return rows.annotate(
        # Most owe nothing, which PostgreSQL finds for all of them at once; the rest are counted.
        open_duties=Case(
            When(Exists(duties), then=Subquery(counted)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )


class EnterpriseList(ListPage):
    """Enterprises with what is owed about each; those with open duties on top."""

    request: OfficerRequest

    title = "企业"
    action = "enterprise.list"
    columns = (
        Column(
            "name",
            "企业名称",
            "name",
            name=True,
            sort=("name",),
            template="enterprises/name_cell.html",
        ),
        Column("uscc", "统一社会信用代码", "uscc", width="l", sort=("uscc",)),
        Column("industry", "行业", "industry.name", width="m", sort=("industry__code",)),
        Column("street", "所在街道", "street.name", width="m", sort=("street__order_path",)),
        Column("unit", "责任单位", "unit_name", width="m", sort=("unit_order",), missing="未定"),
        Column(
            "specialist", "服务专员", "specialist", width="m", sort=("specialist",), missing="没有"
        ),
        Column(
            "open",
            "未办结",
            "open_duties",
            Kind.NUMBER,
            "项",
            "s",
            sort=("open_duties",),
            total="open_duties",
        ),
        Column(
            "visited",
            "最近走访",
            "last_visit",
            Kind.DATE,
            width="s",
            sort=("last_visit",),
            template="firms/visited.html",
            missing="没有记录",
        ),
        Column("code", "编号", "subject.code", width="m", sort=("subject__code",), optional=True),
        Column("form", "企业类型", "legal_form", width="m", sort=("legal_form",), optional=True),
        Column("address", "地址", "address", width="xl", sort=("address",), optional=True),
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
    bulk = (
        BulkAction("改派单位或街道", "/enterprises/bulk/give/", "enterprise.add"),
        BulkAction("指定服务专员", "/enterprises/bulk/serve/", "firm.import"),
    )
    saved = "enterprises"
    search_fields = ENTERPRISE_FIELDS
    search_hint = "名称、曾用名、信用代码、拼音首字母"
    default_sort = ("-open_duties", "name")
    empty_help = "企业来自会议材料、台账导入，也可以逐户登记。"
    template_name = "enterprises/list.html"

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("serve", "about", "mark", "unit", "street")

    def page_filters(self) -> tuple[Filter, ...]:
        """What is open or missing, the unit, the street; all of the day.

        A firm's own account reads nothing of marks, here as on its page.
        """
        if self.request.standing.roles <= {Role.ENTERPRISE}:
            return ()
        day = self.request.as_of
        choices = (
            ("open", "有未办结事项", Q(Exists(_open_duties(self.request.standing, day)))),
            ("nocode", "缺信用代码", Q(uscc="")),
            ("noindustry", "缺行业", Q(industry=None)),
            ("sample", "示例", Q(subject__is_sample=True)),
        )
        served = (
            ("mine", "我的企业", Q(specialist_id__in=self.request.standing.post_ids)),
            ("none", "没有专员", Q(specialist_id=None)),
            ("visit", "该走访", visit_due(self.visit_rule, self.today, day)),
        )
        marks = marks_on(self.today).items()
        marking = tuple((code, name, marked(code, day)) for code, name in marks)
        return (
            ConditionFilter("serve", "服务", served),
            ConditionFilter("about", "情况", choices),
            ConditionFilter("mark", "标记", marking, folded=True),
            ChoiceFilter("unit", "责任单位", "unit_then", unit_names),
            ChoiceFilter("street", "所在街道", "street_id", street_names),
        )

    @cached_property
    def today(self) -> dt.date:
        """Day that is read."""
        return self.request.as_of or self.request.standing.today

    @cached_property
    def visit_rule(self) -> Holding | None:
        """How often a firm with a specialist is visited, by the rule of the day."""
        return visit_rule_on(self.today)

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Enterprise]:
        """Enterprises in sight, each with its specialist and its last visit."""
        rows = with_specialist(enterprises_in_sight(standing, as_of), as_of)
        return with_visit_marks(rows, self.visit_rule, self.today, as_of)

    def search(self, rows: QuerySet[Enterprise], text: str) -> QuerySet[Enterprise]:
        """Search former and short names, too."""
        words = words_of(text)
        return (
            rows.filter(enterprises_named(words, self.request.as_of, "unit_then"))
            if words
            else rows
        )

    def row_url(self, row: Row) -> str:
        """Page of the enterprise."""
        return reverse("enterprises:enterprise", args=[row.subject.public_id])

    def row_key(self, row: Row) -> str:
        """Key of its subject."""
        return str(row.subject.public_id)

    def context(self) -> dict[str, Any]:
        """Tell whether this officer may add one, and bring a ledger in."""
        now = self.request.as_of is None
        adds = now and may(self.request.standing, "enterprise.add")
        return {
            "can_add": adds,
            "can_load": now and may(self.request.standing, "industry.load"),
            "can_bring": adds and may(self.request.standing, "intake.upload", "ledger"),
        }
