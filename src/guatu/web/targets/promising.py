"""Setting what is to be reached, and reporting what no ledger counts."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.campaign.targets.account import Line
from guatu.campaign.targets.sheets import read_figure
from guatu.loop.actions.apportioning import Promise, promise, report_reached
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import Origin, TargetRules
from guatu.register.campaign import act_now
from guatu.register.models import Quote
from guatu.register.policies import require
from guatu.web.fields import WordsAtTimesField
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.targets.faces import part_url, target_url, trimmed
from guatu.web.targets.views import account_of, find_part

NOT_A_FIGURE = "请填写数字；不知道就留空，不要填 0。"


class FigureField(forms.CharField):
    """A figure as people write it, exact; blank is unknown."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(required=False, max_length=40, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:  # noqa: ANN401 -- Django's signature
        """Decimal, or None for blank."""
        try:
            return read_figure(super().clean(value))
        except ValueError:
            raise forms.ValidationError(NOT_A_FIGURE) from None


class QuoteField(forms.ModelChoiceField):
    """Passages of papers, by their first words."""

    def label_from_instance(self, obj: Quote) -> str:
        """The passage as far as it fits."""
        return obj.text[:60]


class PromiseForm(forms.Form):
    """What one target is to bring, and where that is said."""

    base = FigureField(label="年度目标")
    stretch = FigureField(label="力争超额")
    sprint = FigureField(label="开门红目标")
    source = WordsAtTimesField(
        label="出自",
        max_length=200,
        help_text="文件名和文号，或会议名称和日期；填了目标的须写明，引用了会议材料原文的不必。",
    )
    quote = forms.Field(required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: str, sprint: str, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        for name in ("base", "stretch", "sprint"):
            self.fields[name].label = f"{self.fields[name].label}（{unit}）"
        self.fields["sprint"].label = f"{sprint}目标（{unit}）"
        said = Target.objects.filter(kind="").exclude(quote=None).values("quote")
        self.fields["quote"] = QuoteField(
            Quote.objects.filter(pk__in=said).order_by("document_id", "start"),
            label="会议材料原文",
            required=False,
            empty_label="不引用",
        )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def promised(request: OfficerRequest, kind: str) -> HttpResponse:
    """Set one of the campaign's targets: base, stretch, opening sprint, and their source."""
    require(request.standing, "target.set")
    told = account_of(request)
    position = told.of(kind)
    if position is None or request.as_of is not None:
        raise Http404
    target = position.target
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        unit=target.unit if target else _unit_of(position.kind.indicator),
        sprint=told.rules.sprint.name,
        initial=_now(target, position.sprint),
    )

    def act(values: dict[str, Any]) -> str:
        promise(
            act_now(request.standing),
            kind,
            Promise(
                values["base"],
                values["stretch"],
                values["sprint"],
                values["source"],
                values["quote"],
                target.cell if target else None,
            ),
            expected_revision=values["revision"],
        )
        return f"已设定{position.kind.name}目标。"

    back = target_url(target) if target else reverse("targets:targets")
    shown = {"revision": target} if target else None
    heading = f"设定{position.kind.name}目标"
    return ask(request, form, act, heading=heading, back=back, shown=shown)


def _unit_of(code: str) -> str:
    from guatu.register.models import Indicator  # noqa: PLC0415 -- only before a target is set

    return str(Indicator.objects.get(code=code).unit)


def _now(target: Target | None, sprint: Decimal | None) -> dict[str, Any]:
    if target is None:
        return {"revision": 0}
    figures = {"base": target.base, "stretch": target.stretch, "sprint": sprint}
    written = {
        name: "" if value is None else trimmed(value).replace(",", "")
        for name, value in figures.items()
    }
    return written | {
        "source": target.source,
        "quote": target.quote_id,
        "revision": target.revision,
    }


class ReportForm(forms.Form):
    """One month's figure of a unit."""

    month = forms.TypedChoiceField(label="月份", coerce=int)
    value = FigureField(label="当月完成")
    source = forms.CharField(
        label="依据", max_length=120, help_text="如 签约台账、资金下达文件文号。"
    )

    sure = forms.BooleanField(label="数和单位核对过，没有填错", required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's signature
        until: int,
        unit: str,
        doubt: Callable[[Decimal | None], str],
        **kwargs: Any,  # noqa: ANN401 -- Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.doubt = doubt
        if not self.is_bound:
            del self.fields["sure"]
        months = [(str(month), f"{month}月") for month in range(1, until + 1)]
        self.fields["month"].choices = months  # type: ignore[attr-defined]
        self.fields["value"].label = f"当月完成（{unit}）"
        self.fields["value"].help_text = "只填当月，不填累计；不知道就留空。"

    def clean(self) -> dict[str, Any]:
        """Ask about a figure out of proportion to the year's target, once."""
        told: dict[str, Any] = super().clean() or {}
        words = self.doubt(told.get("value"))
        if words and not told.get("sure"):
            self.add_error("sure", words)
        elif not words:
            del self.fields["sure"]
        return told


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def report(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Report what a unit reached in a month."""
    told, position, line = find_part(request, key)
    living = TargetPart.objects.select_related("unit", "subject", "target__indicator").get(
        public_id=key
    )
    require(request.standing, "target.report", living)
    if position.kind.origin is not Origin.REPORT or request.as_of is not None:
        raise Http404
    today = request.standing.today
    until = today.month if str(today.year) == living.target.period else 12
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        until=until,
        unit=living.target.unit,
        doubt=lambda value: _doubt(value, line, told.rules, living.target.unit),
        initial={"month": str(until)},
    )

    def act(values: dict[str, Any]) -> str:
        month, value = values["month"], values["value"]
        known = line.reached.months[month - 1].value is not None
        report_reached(
            act_now(request.standing),
            living,
            month=month,
            value=value,
            source=values["source"],
        )
        if value is None:
            return f"{month} 月{'已撤回完成数，改为未报' if known else '没有填数，仍为未报'}。"
        return f"已填报 {month} 月{position.kind.name} {trimmed(value)} {living.target.unit}。"

    heading = f"填报：{living.unit}{position.kind.name}"
    return ask(request, form, act, heading=heading, back=part_url(living))


def _doubt(value: Decimal | None, line: Line, rules: TargetRules, unit: str) -> str:
    """Question about a figure out of proportion to what the unit is given; empty for others."""
    if value is None or not rules.doubts(value, line.share):
        return ""
    year = max(line.share.year or Decimal(0), line.share.stretch or Decimal(0))
    return (
        f"{trimmed(value)} {unit}是全年目标 {trimmed(year)} {unit}的 {value / year:,.0f} 倍，"
        f"请核对数和单位；确实没有填错的，勾选后保存。"
    )
