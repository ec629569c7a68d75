"""Tags and filters of all pages: ``{% load guatu %}``.

Loading it replaces ``{% url %}`` by one that carries ``?as_of=`` along, so that a reader of the
past stays there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.template import Context, TemplateSyntaxError
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as plain_url
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.register.nesting import nested
from guatu.register.policies import may
from guatu.web import asof, navigation
from guatu.web import format as written
from guatu.web.components import LampFace, RailStep
from guatu.web.fields import AtTimes
from guatu.web.navigation import Item

register = template.Library()
INCOMPLETE = "这一页没有完整提交，请返回后重新打开再填。"

HATCHED = SafeString('<span class="unreported">未报</span>')


def _hatch(value: object, text: str) -> str:
    return HATCHED if value is None else text


@register.filter
def wan(value: Decimal | None, places: int = 2) -> str:
    """Money in 万元 without its unit, which stands in the header."""
    return _hatch(value, written.number(value, places))


@register.filter
def money(value: Decimal | None) -> str:
    """Money with its unit, 万元 or 亿元."""
    return _hatch(value, written.money(value))


@register.filter
def figure(value: Decimal | float | None, places: int = 0) -> str:
    """A figure with thousands separators."""
    return _hatch(value, written.number(value, places))


@register.filter
def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A rate in percent."""
    return _hatch(value, written.percent(value, places))


@register.filter
def year_on_year(value: Decimal | None) -> str:
    """A growth against last year, 同比."""
    return _hatch(value, written.year_on_year(value))


@register.filter
def month_on_month(value: Decimal | None) -> str:
    """A growth against the period before, 环比."""
    return _hatch(value, written.month_on_month(value))


@register.filter
def day(value: dt.date | None, unknown: str = "") -> str:
    """A day as 2025-03-18; ``unknown`` replaces 未报, as in ``{{ due|day:"待定" }}``."""
    if value is None and unknown:
        return unknown
    return _hatch(value, written.day(_local(value)))


@register.filter
def long_day(value: dt.date | None) -> str:
    """A day with its weekday, for sentences."""
    return _hatch(value, written.long_day(_local(value)))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment to the minute in Asia/Shanghai."""
    return HATCHED if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def hidden_errors(field: BoundField) -> list[str]:
    """Sentences about a field nobody sees: one that is missing or garbled says what to do."""
    told = [
        INCOMPLETE if one.code in {"required", "invalid"} else str(words)
        for one in field.errors.as_data()
        for words in one.messages
    ]
    return list(dict.fromkeys(told))


@register.filter(name="nested")
def nested_marks(value: object) -> str:
    """A sentence with the marks of titles within it nested."""
    return nested(str(value))


@register.filter
def clock(value: dt.time) -> str:
    """A time of day to the minute."""
    return written.clock(value)


@register.filter
def week(value: dt.date) -> str:
    """The week of a day by its dates, then its number."""
    return written.week(value)


@register.filter
def days_left(value: int | None) -> str:
    """Days until due: 逾期 3 天, 今天到期, 还有 12 天."""
    return written.days_left(value)


@register.filter
def due(value: dt.date | None, today: dt.date) -> str:
    """A due date with the days it leaves: ``{{ duty.due|due:standing.today }}``."""
    return written.due(value, today)


@register.filter
def or_unreported(value: object) -> object:
    """The value itself, or the hatched 未报 where there is none."""
    return HATCHED if value is None or value == "" else value


@register.filter
def beside(values: Sequence[object], headers: Sequence[object]) -> Iterator[tuple[object, object]]:
    """Values with the headers of their columns: ``{% for cell, header in row|beside:heads %}``.

    A row that ends early has no more.
    """
    return zip(values, headers, strict=False)


@register.simple_tag
def unreported() -> SafeString:
    """The hatched 未报."""
    return HATCHED


def _local(value: dt.date | None) -> dt.date | None:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


class KeepingURLNode(URLNode):
    """``{% url %}`` that stays on the past day; the pages of one's own account do not."""

    def __init__(self, node: URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, None)
        self.variable = node.asvar

    def render(self, context: Context) -> str:
        """Reverse, then carry the day."""
        try:
            address = super().render(context)
        except NoReverseMatch:
            if not self.variable:
                raise
            address = ""
        if address and not address.startswith("/account/"):
            address = asof.keep(address, context.get("as_of"))
        if self.variable:
            context[self.variable] = address
            return ""
        return address


@register.tag
def url(parser: Parser, token: Token) -> KeepingURLNode:
    """Reverse an address as Django does and carry ``as_of`` along."""
    return KeepingURLNode(plain_url(parser, token))


@register.simple_tag(takes_context=True)
def keep(context: Context, address: str) -> str:
    """Carry ``as_of`` into an address known already: ``{% keep item.path %}``."""
    return asof.keep(address, context.get("as_of"))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The present query string with some parameters replaced; None drops one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the sprite; the word beside it says what it means."""
    address = static("guatu/icons/sprite.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        address,
        name,
    )


@register.inclusion_tag("components/lamp.html", takes_context=True)
def lamp(
    context: Context, face: LampFace | str, href: str = "", days: int | None = None, note: str = ""
) -> dict[str, Any]:
    """A light that opens its reason: ``{% lamp face %}`` or ``{% lamp "red" href days %}``."""
    if isinstance(face, str):
        face = LampFace(face, href, days, note)
    if not face.href:
        message = "a lamp opens its reason: it needs an address"
        raise TemplateSyntaxError(message)
    return {"face": face, "href": asof.keep(face.href, context.get("as_of"))}


@register.inclusion_tag("components/rail.html")
def rail(steps: list[RailStep], label: str = "阶段") -> dict[str, Any]:
    """The stages of a thing, in order, as an ordered list."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A labelled form field with its help and its errors."""
    asked = bound.field
    is_box = isinstance(asked.widget, CheckboxInput)
    owed = asked.required or isinstance(asked, AtTimes)
    return {"field": bound, "is_box": is_box, "is_optional": not owed and not is_box}


@register.simple_tag(takes_context=True)
def allowed(context: Context, action: str, thing: object = None) -> bool:
    """Ask the policy of ``action``; ``{% allowed "duty.report" duty as can %}``."""
    return may(context["standing"], action, thing)


@register.simple_tag(takes_context=True)
def current(context: Context, item: Item | str) -> str:
    """Mark the menu item, or the address, whose pages the reader is on."""
    here = navigation.here(context["request"])
    there = here.startswith(item) if isinstance(item, str) else item.holds(here)
    return SafeString(' aria-current="page"') if there else ""
