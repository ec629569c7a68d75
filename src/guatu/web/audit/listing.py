"""The log as a list. The audit administrator sees who did what to which thing, not its business."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from guatu.register.models import Event, Head, Officer, Seal
from guatu.register.policies import Standing
from guatu.register.versions import end_of
from guatu.web.history import column_name, model_name, verb_name
from guatu.web.history.lines import actor_words
from guatu.web.lists import Chip, ChoiceFilter, Column, ConditionFilter, ListPage
from guatu.web.lists.columns import Row
from guatu.web.lists.filters import Filter, Groups, Key, KeyedFilter
from guatu.web.requests import OfficerRequest

EXPORTED_COLUMNS = (
    *("at", "verb", "model", "row", "changes", "withdrawn_by", "officer__name", "subject__code"),
    *("behalf__title", "behalf__organisation__name", "seal__seq"),
)
"""What the cells read; whole rows of five tables would cost more than the workbook."""
EXPORTED = 20_000
"""Newest events an export holds; older ones are in the backup and in `guatu audit verify`."""


def officer_names() -> Mapping[str, str]:
    """Names of the accounts by key."""
    return {str(officer.pk): officer.name for officer in Officer.objects.all()}


@dataclass(frozen=True)
class VerbFilter(KeyedFilter):
    """Acts, by their verbs; which ones ever happened comes out of the counting."""

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the verbs that have a name."""
        named = [verb for verb in values if verb_name(verb) != verb]
        return Q(verb__in=named) if named else Q()

    def keys(self) -> Sequence[Key]:
        """The verb."""
        return (F("verb"),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by verb."""
        counts: Counter[str] = Counter()
        for (verb,), number in groups:
            counts[str(verb)] += number
        shown = counts.keys() | {verb for verb in values if verb_name(verb) != verb}
        return [Chip(verb, verb_name(verb), counts[verb], verb in values) for verb in sorted(shown)]


def thing_of(row: Event) -> str:
    """What it was about: kind of row, and the readable code of its subject."""
    name = row.subject.code if row.subject else f"#{row.row}"
    return f"{model_name(row.model)} {name}"


def columns_of(row: Event) -> str:
    """Names of the changed columns, without their values."""
    if row.withdrawn_by_id is not None:
        return "内容已依规撤回"
    names = [column_name(row.model, column) for column in row.changes]
    return "、".join(dict.fromkeys(name for name in names if name))


def sealed(row: Event) -> str:
    """Number in the chain."""
    seal = getattr(row, "seal", None)
    return f"第 {seal.seq} 条" if seal else "待封存"


class EventList(ListPage):
    """All recorded events, newest first."""

    request: OfficerRequest

    title = "操作日志"
    note = "只增不改；每条都封入哈希链，导出为最近两万条。"
    action = "event.list"
    columns = (
        Column(
            "at",
            "时间",
            lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}",
            width="l",
            name=True,
        ),
        Column("who", "人员", actor_words, width="m"),
        Column("verb", "动作", lambda row: verb_name(row.verb), width="l"),
        Column("thing", "对象", thing_of, width="l"),
        Column("columns", "涉及栏目", columns_of, missing="—", bare=True),
        Column("sealed", "封存", sealed, width="m", bare=True),
    )
    search_fields = ("actor", "officer__name", "subject__code", "reason")
    search_hint = "人员、登录名、对象编号、原因"
    default_sort = ("-pk",)
    indexed = True
    template_name = "audit/log.html"

    def page_filters(self) -> tuple[Filter, ...]:
        """Day, officer and act."""
        now = timezone.now()
        spans = (("day", "24 小时内", 1), ("week", "7 天内", 7), ("month", "30 天内", 30))
        choices = tuple(
            (value, label, Q(at__gte=now - dt.timedelta(days=days))) for value, label, days in spans
        )
        return (
            ConditionFilter("when", "时间", choices),
            ChoiceFilter("officer", "人员", "officer_id", officer_names),
            VerbFilter("verb", "动作"),
        )

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Event]:  # noqa: ARG002 -- the log is one
        """Events with what they are about and their numbers in the chain."""
        rows = Event.objects.select_related("officer", "behalf__organisation", "subject", "seal")
        if as_of is not None:
            rows = rows.filter(at__lt=end_of(as_of))
        if self.request.GET.get("export"):
            newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            rows = rows.filter(pk__gt=newest - EXPORTED).only(*EXPORTED_COLUMNS)
        return rows

    def row_url(self, row: Row) -> str:
        """Page of the event."""
        return reverse("audit:event", args=[row.public_id])

    def context(self) -> dict[str, Any]:
        """State of the chain; the list has counted the events where it shows all."""
        last = Seal.objects.order_by("-seq").first()
        links = last.seq if last else 0  # links are numbered without a gap
        whole = self.request.as_of is None and not self.narrowed
        events = self.listing.count if whole else Event.objects.count()
        return {
            "sealed_count": links,
            "unsealed_count": max(0, events - links),
            "head": Head.objects.order_by("-day").first(),
        }
