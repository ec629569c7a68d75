"""Forms of units, posts and holdings."""

import datetime as dt
from typing import Any

from django import forms

from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Officer, Organisation
from guatu.web.fields import DayField

RANK_HELP = "数字小的排在前；各处名单、函件和挂图都按此次序。"


class UnitForm(forms.Form):
    """Name and place in protocol order."""

    name = forms.CharField(label="名称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    rank = forms.IntegerField(
        label="排序", min_value=0, max_value=99_999, initial=100, help_text=RANK_HELP
    )


class NewUnitForm(UnitForm):
    """A unit below another."""

    kind = forms.ChoiceField(
        label="类别",
        choices=[c for c in OrganisationKind.choices if c[0] != OrganisationKind.DISTRICT],
    )
    field_order = ("name", "short_name", "kind", "rank")


class EditUnitForm(UnitForm):
    """A unit that stands there."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Where a unit is to hang."""

    parent = forms.ModelChoiceField(
        Organisation.objects.none(), label="新上级", empty_label="请选择"
    )
    reason = forms.CharField(label="调整依据", max_length=300)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, unit: Organisation, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["parent"]
        choice.queryset = Organisation.objects.filter(active=True).exclude(
            path__startswith=unit.path
        )


class CloseForm(forms.Form):
    """Taking something out of use."""

    reason = forms.CharField(label="停用依据", max_length=300)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PostForm(forms.Form):
    """A post; its role is the right of whoever holds it."""

    title = forms.CharField(label="岗位名称", max_length=80)
    role = forms.ChoiceField(
        label="角色",
        choices=Role.choices,
        help_text="角色决定任职者能看什么、办什么；三类管理员只能单独担任。",
    )
    rank = forms.IntegerField(
        label="排序", min_value=0, max_value=99_999, initial=100, help_text=RANK_HELP
    )
    office_phone = forms.CharField(label="办公电话", max_length=40, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class HoldForm(forms.Form):
    """Who takes a post from when."""

    officer = forms.ModelChoiceField(
        Officer.objects.filter(is_active=True), label="人员", empty_label="请选择"
    )
    since = DayField(label="任职起期")
    until = DayField(label="任职止期", required=False, help_text="长期任职不填。")


class ReleaseForm(forms.Form):
    """The last day of a holding."""

    until = DayField(label="最后任职日")
    reason = forms.CharField(label="离任依据", max_length=300)

    def __init__(self, day: dt.date, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        kwargs.setdefault("initial", {"until": day})
        super().__init__(*args, **kwargs)
