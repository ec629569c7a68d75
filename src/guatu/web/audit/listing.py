"""The log as a list. The audit administrator sees who did what to which thing, not its business."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from guatu.register.models import Event, Head, Officer, Seal
from guatu.register.policies import Standing
from guatu.register.versions import end_of
from guatu.web.history import column_name, model_name, verb_name, verbs_named
from guatu.web.history.lines import actor_words
from guatu.web.lists import Chip, Column, ConditionFilter, ListPage, TypedFilter
from guatu.web.lists.columns import Row
from guatu.web.lists.filters import Filter, Groups, Key
from guatu.web.requests import OfficerRequest

EXPORTED_COLUMNS = (
    *("at", "verb", "model", "row", "changes", "withdrawn_by", "officer__name", "subject__code"),
    *("behalf__title", "behalf__organisation__name", "seal__seq"),
)
"""What the cells read; whole rows of five tables would cost more than the workbook."""
EXPORTED = 20_000
"""Newest events an export holds; older ones are in the backup and in `guatu audit verify`."""


@dataclass(frozen=True)
class PersonFilter(TypedFilter):
    """Accounts, by their login name or by part of the name."""

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the accounts; no query of its own."""
        found = Officer.objects.filter(_named(values)).order_by()
        return Q(officer_id__in=found.values("pk")) if values else Q()

    def keys(self) -> Sequence[Key]:
        """The account."""
        return (F("officer_id"),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by account; one query for their names."""
        counts: Counter[object] = Counter()
        for (officer,), number in groups:
            counts[officer] += number
        often = [key for key, _ in counts.most_common(self.most)]
        known = list(Officer.objects.filter(Q(pk__in=often) | _named(values)).order_by("username"))
        chosen = []
        for value in values:
            found = [one for one in known if _is_named(one, value)]
            label = next((one.name for one in found if one.username == value), f"含「{value}」")
            chosen.append(Chip(value, label, sum(counts[one.pk] for one in found), True))
        rest = [one for one in known if one.username not in values and counts[one.pk]]
        return chosen + [Chip(one.username, one.name, counts[one.pk], False) for one in rest]


def _named(values: Sequence[str]) -> Q:
    found = Q(username__in=values)
    for value in values:
        found |= Q(name__icontains=value)
    return found


def _is_named(officer: Officer, value: str) -> bool:
    return officer.username == value or value.casefold() in officer.name.casefold()


@dataclass(frozen=True)
class VerbFilter(TypedFilter):
    """Acts, by their names; which ones ever happened comes out of the counting."""

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the acts."""
        verbs = frozenset[str]().union(*map(verbs_named, values))
        return Q(verb__in=verbs) if values else Q()

    def keys(self) -> Sequence[Key]:
        """The verb."""
        return (F("verb"),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by verb; acts of one name are one choice."""
        counts: Counter[str] = Counter()
        named: Counter[str] = Counter()
        for (verb,), number in groups:
            counts[str(verb)] += number
            named[verb_name(str(verb))] += number
        chosen = [
            Chip(value, _verb_label(value), sum(counts[one] for one in verbs_named(value)), True)
            for value in values
        ]
        often = sorted(name for name, _ in named.most_common(self.most))
        return chosen + [
            Chip(name, name, named[name], False) for name in often if name not in values
        ]


def _verb_label(value: str) -> str:
    found = {verb_name(verb) for verb in verbs_named(value)}
    return found.pop() if len(found) == 1 else f"含「{value}」"


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
            PersonFilter("officer", "人员", "姓名或登录名"),
            VerbFilter("verb", "动作", "动作名称"),
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
