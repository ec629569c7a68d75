"""Forms of the reserve. They check shape; what may be done is decided by the actions."""

from typing import Any

from django import forms

from guatu.investment.enums import OpinionVerdict
from guatu.investment.models import Category
from guatu.investment.reserve_rules import ReserveRules
from guatu.register.models import Organisation
from guatu.register.policies import Standing
from guatu.web.fields import WanField, WordsAtTimesField
from guatu.web.projects.forms import (
    CARRIED,
    NOTICE,
    ActForm,
    ProjectForm,
    ReasonForm,
    Section,
    units_of,
)

__all__ = ["ActForm", "IdeaForm", "ReasonForm", "ReserveForm", "ReviewForm", "WordsForm"]
FIELDS = (
    *("name", "category", "nature", "unit", "address", "content", "total_wan", "next_plan_wan"),
    *("investor", "investment_type", "funding", "land_state", "operation_mode"),
    *("start_on", "finish_on", "problem"),
)
"""Fields of a project that a reserve ledger asks for; the others come when it is built."""
UNKNOWN = "未报"


class ReserveForm(ProjectForm):
    """What is known of a reserve project, and where it came from; unknown stays empty."""

    admission_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        standing: Standing,
        rules: ReserveRules,
        *args: Any,  # noqa: ANN401 -- Django's signature
        **kwargs: Any,  # noqa: ANN401 -- as above
    ) -> None:
        super().__init__(standing, *args, new=False, **kwargs)
        for name in [key for key in self.fields if key not in {*FIELDS, *CARRIED, "reason"}]:
            del self.fields[name]
        self.fields["content"].help_text = NOTICE
        self.fields["origin"] = forms.ChoiceField(
            label="项目来源", required=False, choices=[("", UNKNOWN), *rules.origins.items()]
        )

    def sections(self) -> list[Section]:
        """Fields by section, the origin among the basic ones."""
        first, *rest = [section for section in super().sections() if section.fields]
        return [Section(first.name, [*first.fields, self["origin"]]), *rest]


class IdeaForm(ActForm):
    """An idea in three taps and some typing: what, from where, and the little that is known."""

    name = forms.CharField(
        label="项目名称", max_length=300, error_messages={"required": "请填写项目名称。"}
    )
    content = forms.CharField(
        label="想建什么",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NOTICE,
    )
    origin = forms.ChoiceField(label="项目来源", error_messages={"required": "请选择项目来源。"})
    total_wan = WanField(
        label="总投资（万元）", required=False, help_text="不知道就留空，不要填 0。"
    )
    category = forms.ModelChoiceField(
        Category.objects.all(), label="项目类别", required=False, empty_label="未知"
    )
    address = forms.CharField(label="建设地点", required=False, max_length=300)
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="责任单位", empty_label="请选择"
    )

    def __init__(self, standing: Standing, rules: ReserveRules, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        origin, unit = self.fields["origin"], self.fields["unit"]
        if isinstance(origin, forms.ChoiceField):
            origin.choices = list(rules.origins.items())
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = units_of(standing)


class ReviewForm(ActForm):
    """A judgement: the verdict by a tap, and its words."""

    verdict = forms.ChoiceField(
        label="结论",
        choices=OpinionVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或退回修改。"},
    )
    words = WordsAtTimesField(
        label="意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"退回修改须写明要改什么。{NOTICE}",
    )


class WordsForm(ActForm):
    """An act whose reason may be told."""

    reason = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NOTICE,
    )
