"""Forms of resources and levelling; what they mean is checked by the actions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from guatu.loop.actions.levelling import LIMITS
from guatu.loop.actions.resources import Said
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Resource
from guatu.loop.plan.capacity import EXAMPLE, periods_text, read_periods
from guatu.register.policies import Standing
from guatu.web.projects.forms import units_of

if TYPE_CHECKING:
    from guatu.register.models import Organisation


class DescribedForm(forms.Form):
    """A crew, a desk, a machine."""

    name = forms.CharField(label="名称", max_length=60, help_text="计划里按名称填写所需资源。")
    kind = forms.ChoiceField(label="类别", choices=ResourceKind.choices)
    capacity = forms.IntegerField(
        label="数量", min_value=1, help_text="同一天最多能投入几个班组、受理几件、开动几台。"
    )
    periods = forms.CharField(
        label="分期数量",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": EXAMPLE}),
        help_text="数量不同的时段每行一段：起止日期、数量（可为 0）、说明；其余日子按「数量」。",
    )
    unit: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label="归属单位", queryset=None, required=False, empty_label="不选"
    )
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(standing)  # type: ignore[attr-defined]

    def said(self) -> Said:
        """What the resource is to be."""
        kept = self.cleaned_data
        return Said(
            name=kept["name"],
            kind=ResourceKind(kept["kind"]),
            capacity=kept["capacity"],
            unit=kept["unit"],
            note=kept["note"],
            periods=read_periods(kept["periods"]),
        )


class ResourceForm(DescribedForm):
    """A resource to be changed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="改动理由", max_length=1000)

    @staticmethod
    def initial_of(row: Resource) -> dict[str, Any]:
        """Values of a resource as the form shows them."""
        names = ("revision", "name", "kind", "capacity", "note")
        told = {name: getattr(row, name) for name in names}
        return {**told, "unit": row.unit_id, "periods": periods_text(row.periods)}


class NewResourceForm(DescribedForm):
    """A resource that is not there yet."""

    code = forms.CharField(
        label="代码", max_length=40, help_text="小写字母开头，如 paving-1；登记后不再改动。"
    )
    field_order = ("name", "code", "kind", "capacity", "periods", "unit", "note")


class LevelForm(forms.Form):
    """What to level, and how long to search."""

    resources = forms.MultipleChoiceField(
        label="平衡哪些资源",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项资源。"},
    )
    seconds = forms.TypedChoiceField(
        label="计算时限",
        coerce=int,
        choices=[(seconds, f"{seconds} 秒") for seconds in LIMITS],
        initial=LIMITS[1],
        widget=forms.RadioSelect,
    )

    def __init__(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as above
        super().__init__(*args, **kwargs)
        self.fields["resources"].choices = list(rows)  # type: ignore[attr-defined]


class AdoptForm(forms.Form):
    """Why the levelled dates become the plans'."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="采用理由", max_length=1000)


class DropForm(forms.Form):
    """The run as it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
