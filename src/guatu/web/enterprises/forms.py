"""Forms of enterprises. What they check of single values, the actions check again as a whole."""

from typing import Any

from django import forms
from django.db.models import Q

from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import Enterprise, EnterpriseRelation, Industry, Organisation
from guatu.register.policies import Standing, in_sight
from guatu.register.uscc import checked_uscc
from guatu.web.fields import DayField, DegreesField


class FactsForm(forms.Form):
    """What is known of an enterprise but its name."""

    uscc = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=30,
        help_text="18 位，见营业执照；不知道就空着。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="责任单位", empty_label="请选择"
    )
    street = forms.ModelChoiceField(
        Organisation.objects.none(), label="所在街道", required=False, empty_label="未知"
    )
    industry = forms.CharField(
        label="行业代码",
        required=False,
        max_length=5,
        help_text="国民经济行业分类（GB/T 4754），从已装入的代码中选，可输入代码或名称查找。",
        widget=forms.TextInput(attrs={"list": "industry-codes", "autocomplete": "off"}),
    )
    legal_form = forms.CharField(label="企业类型", required=False, max_length=60)
    address = forms.CharField(label="地址", required=False, max_length=300)
    note = forms.CharField(
        label="备注", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        units = Organisation.objects.filter(active=True).exclude(kind=OrganisationKind.AREA)
        own = Q(pk__in=[])
        for path in standing.paths:
            own |= Q(path__startswith=path)
        choice: Any = self.fields["unit"]
        choice.queryset = units.filter(own)
        choice.required = not standing.has(Role.OFFICE)
        if standing.has(Role.OFFICE):
            choice.empty_label = "暂不确定"
        street: Any = self.fields["street"]
        street.queryset = Organisation.objects.filter(kind=OrganisationKind.STREET, active=True)

    def clean_uscc(self) -> str:
        """Check form and check digit at the field."""
        try:
            return checked_uscc(self.cleaned_data["uscc"])
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_industry(self) -> Industry | None:
        """Look the code up."""
        code = self.cleaned_data["industry"].strip().upper()
        if not code:
            return None
        industry = Industry.objects.filter(code=code).first()
        if industry is None:
            raise forms.ValidationError(
                f"没有行业代码「{code}」；如尚未装入行业分类，请由专班先装入。"
            )
        return industry


class NewForm(FactsForm):
    """A new enterprise."""

    name = forms.CharField(label="企业名称", max_length=200, help_text="按营业执照填写全称。")
    field_order = ("name", "uscc", "unit")


class EditForm(FactsForm):
    """Facts of an enterprise that stands there; carries the revisions it showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    subject_revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="修改依据", required=False, max_length=300)


class RenameForm(forms.Form):
    """A new name; the old one is kept."""

    name = forms.CharField(label="新名称", max_length=200)
    since = DayField(label="启用日期", required=False)
    reason = forms.CharField(label="更名依据", max_length=300, help_text="如：变更登记通知书文号。")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RelationForm(forms.Form):
    """How this enterprise came from or belongs to another one."""

    kind = forms.ChoiceField(label="本企业", choices=EnterpriseRelation.Kind.choices)
    target = forms.CharField(
        label="对方企业", max_length=200, help_text="填写对方全称或统一社会信用代码。"
    )
    since = DayField(label="自", required=False)

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.standing = standing

    def clean_target(self) -> Enterprise:
        """Find the other one among those the officer may see."""
        text = self.cleaned_data["target"].strip()
        seen = Enterprise.objects.filter(in_sight(self.standing, "subject__"))
        found = seen.filter(Q(name=text) | Q(uscc=text.upper())).select_related("subject").first()
        if found is None:
            raise forms.ValidationError("没有找到这家企业，请核对名称或代码。")
        return found


class NameForm(forms.Form):
    """A name the enterprise is or was also known by."""

    SHORT, FORMER = "short", "former"

    name = forms.CharField(label="名称", max_length=200)
    kind = forms.ChoiceField(label="类别", choices=[(SHORT, "简称"), (FORMER, "曾用名")])
    until = DayField(label="用至", required=False, help_text="仅曾用名填写；不知道就空着。")

    def clean(self) -> dict[str, Any]:
        """A short name has no end."""
        told = super().clean() or {}
        if told.get("kind") == self.SHORT and told.get("until"):
            self.add_error("until", "简称不填停用日期。")
        return told


class PlaceForm(forms.Form):
    """Where an enterprise works; coordinates only where somebody knows them."""

    name = forms.CharField(label="地点名称", max_length=200, help_text="如：一期厂区、总部。")
    address = forms.CharField(label="地址", required=False, max_length=300)
    street = forms.ModelChoiceField(
        Organisation.objects.filter(kind=OrganisationKind.STREET, active=True),
        label="所在街道",
        required=False,
        empty_label="未知",
    )
    longitude = DegreesField(
        label="经度",
        required=False,
        help_text="WGS 84，如 125.374217；经度、纬度要么都填，要么都不填。",
    )
    latitude = DegreesField(label="纬度", required=False)


class IndustriesForm(forms.Form):
    """The district's file of industry codes; only its first byte too many is read."""

    file = forms.FileField(
        label="行业代码文件",
        help_text=(
            "csv（含「代码」「名称」两列）或 json，2 MB 以内；先预览，确认后才装入。"
            "禁止上传涉密文件。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.json"
