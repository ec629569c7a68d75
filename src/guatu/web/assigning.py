"""Forms by which several rows of a list are given to another unit or leader."""

from typing import Any

from django import forms

from guatu.register.enums import Role
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing
from guatu.web.duties.forms import posts
from guatu.web.fields import PostChoice
from guatu.web.projects.forms import units_of


class AssignForm(forms.Form):
    """The unit several rows are given to, and why."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="责任单位", empty_label="请选择"
    )
    reason = forms.CharField(
        label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(standing)  # type: ignore[attr-defined]


class LedForm(AssignForm):
    """The same where a leader vouches for each row: unit, leader, or both."""

    leader_post = PostChoice(
        Post.objects.none(), label="包保领导", required=False, empty_label="不变"
    )
    field_order = ("unit", "leader_post", "reason")

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(standing, *args, **kwargs)
        self.fields["unit"].required = False
        self.fields["unit"].empty_label = "不变"  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]


def given(told: dict[str, Any]) -> dict[str, Any]:
    """What changes of a form's values; the reason is the act's."""
    return {name: value for name, value in told.items() if name != "reason"}
