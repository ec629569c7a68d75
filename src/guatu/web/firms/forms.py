"""Forms of firms' figures, consents, specialists, marks and plans. Actions decide."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from guatu.growth.enums import SERVING, ConsentBasis
from guatu.growth.rules import Asked, FirmRules
from guatu.register.enums import OrganisationKind, Role
from guatu.register.evidence import ACCEPTED, FileGiven
from guatu.register.models import Organisation, Party, Post
from guatu.web.duties.forms import given_file
from guatu.web.fields import (
    ChoiceAtTimesField,
    DayField,
    PostField,
    UnitAtTimesField,
    UnitField,
    WordsAtTimesField,
)
from guatu.web.projects.forms import NOTICE, ActForm

PREFIX = "value_"
WHOLE = "max_decimal_places"


def _units() -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(active=True).exclude(kind=OrganisationKind.AREA)
    return rows.order_by("order_path", "pk")


def _posts(*roles: Role) -> QuerySet[Post]:
    rows = Post.objects.filter(active=True, role__in=roles).select_related("organisation")
    return rows.order_by("organisation__order_path", "rank", "pk")


class ReportForm(forms.Form):
    """New values side by side with the last ones; no value is ever filled in beforehand."""

    period = forms.CharField(widget=forms.HiddenInput, max_length=12)
    purpose = forms.ChoiceField(label="用于", widget=forms.RadioSelect)
    provider = ChoiceAtTimesField(
        label="由谁提供", help_text="供电公司等不在组织机构中的单位，在这里选；部门提供的再选部门。"
    )
    organisation = UnitAtTimesField(label="提供部门", empty_label="不是部门提供")

    def __init__(self, rules: FirmRules, *args: Any, firm_itself: bool, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        purpose: Any = self.fields["purpose"]
        purpose.choices = list(rules.purposes.items())
        if firm_itself:
            del self.fields["provider"], self.fields["organisation"]
        else:
            provider: Any = self.fields["provider"]
            provider.choices = list(rules.providers().items())
            units: Any = self.fields["organisation"]
            units.queryset = _units()
        for asked in rules.asked.values():
            self.fields[f"{PREFIX}{asked.code}"] = forms.DecimalField(
                label=asked.indicator.name,
                required=False,
                max_digits=18,
                decimal_places=asked.indicator.places,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={} if asked.indicator.places else {WHOLE: "应为整数。"},
            )

    def told(self) -> dict[str, Decimal]:
        """Values by indicator, of those that were typed."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX) and value is not None
        }

    def line(self, asked: Asked) -> forms.BoundField:
        """The field of one indicator."""
        return self[f"{PREFIX}{asked.code}"]

    def lines(self, rules: FirmRules) -> Iterator[tuple[Asked, forms.BoundField]]:
        """Indicators with their fields, in order."""
        for asked in rules.asked.values():
            yield asked, self.line(asked)


class PaperForm(ActForm):
    """A paper that shows a consent."""

    file = forms.FileField(
        label="同意书扫描件或照片", help_text="原件由企业和本单位留存；禁止录入涉密及工作秘密。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean_file(self) -> FileGiven | None:
        """Keep an upload within the limit."""
        return given_file(self.cleaned_data.get("file"))


class ConsentForm(PaperForm):
    """Who agreed to what, when; or the lawful basis. The paper is never forced."""

    basis = forms.ChoiceField(
        label="依据", choices=ConsentBasis.choices, widget=forms.RadioSelect, initial="consent"
    )
    given_by = forms.CharField(
        label="由谁同意（或依据名称）",
        max_length=200,
        help_text="企业同意的写明职务和姓名；法律依据写名称；公开信息写来源。",
    )
    document = WordsAtTimesField(
        label="文件名称或条款", max_length=200, help_text="法律依据和公开来源必填。"
    )
    words_of = forms.CharField(
        label="同意内容",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NOTICE,
    )
    purposes = forms.MultipleChoiceField(
        label="数据用于",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项用途。"},
    )
    on = DayField(label="同意日期")

    field_order = ("basis", "given_by", "document", "words_of", "purposes", "on", "file")

    def __init__(self, purposes: Mapping[str, str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False
        field: Any = self.fields["purposes"]
        field.choices = list(purposes.items())


class WithdrawForm(ActForm):
    """Who withdraws; a reason is not owed."""

    by = forms.CharField(label="由谁撤回", max_length=200)
    reason = forms.CharField(label="说明", required=False, max_length=300)


class SpecialistForm(ActForm):
    """Who serves the firm from when."""

    post = PostField(label="服务专员岗位")
    since = DayField(label="自")
    reason = WordsAtTimesField(label="调整理由", max_length=300, help_text="更换专员时必填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        field.queryset = _posts(*SERVING)


class AccountForm(ActForm):
    """Which post's account reports for the firm itself."""

    post = forms.ModelChoiceField(
        Post.objects.none(),
        label="企业岗位",
        to_field_name="public_id",
        empty_label="请选择",
        help_text="只列还没有对应企业的岗位；岗位和账号由管理员开设。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        taken = Party.objects.filter(ended=False, post__role=Role.ENTERPRISE).values("post")
        field.queryset = _posts(Role.ENTERPRISE).exclude(pk__in=taken)


class ReasonForm(ActForm):
    """Why something ends."""

    reason = forms.CharField(label="理由", max_length=300)


class MarkForm(ActForm):
    """What a firm is marked as, and by what paper."""

    mark = forms.ChoiceField(label="标记", widget=forms.RadioSelect)
    goal = forms.CharField(label="培育目标", required=False, max_length=300)
    source = forms.CharField(
        label="依据（文件或名单）", max_length=300, help_text="写明名称和文号；没有依据的不标。"
    )
    since = DayField(label="自")

    def __init__(self, marks: Mapping[str, str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mark"]
        field.choices = list(marks.items())


class PlanForm(ActForm):
    """Aims of a year; the reason is asked of a plan that stands."""

    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100)
    aims = forms.CharField(
        label="目标", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=NOTICE
    )
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    reason = WordsAtTimesField(label="修改理由", max_length=300, help_text="改动目标时必填。")

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        leaders: Any = self.fields["leader_post"]
        leaders.queryset = _posts(Role.LEADER)
        del self.fields["reason" if new else "year"]


class MeasureForm(ActForm):
    """A measure: what, who, by when."""

    title = forms.CharField(label="措施", max_length=300, help_text=NOTICE)
    owner_post = PostField(label="责任岗位", required=False, empty_label="由责任单位承办")
    owner_unit = UnitField(label="责任单位", required=False, empty_label="随责任岗位")
    due = DayField(label="完成期限")
    what = forms.CharField(
        label="要求", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        posts: Any = self.fields["owner_post"]
        posts.queryset = _posts(*SERVING, Role.OFFICE, Role.LEADER)
        units: Any = self.fields["owner_unit"]
        units.queryset = _units()
