"""What every form of every room asks with: house words, no bare defaults."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms

import guatu.web
from guatu.web.fields import AtTimes, PostField, WordsAtTimesField
from guatu.web.firms.forms import ReportForm
from guatu.web.leads.forms import FollowForm, HandOverForm, PromiseForm
from guatu.web.plans.clock_forms import ClockForm
from guatu.web.targets.giving import MatrixForm
from guatu.web.targets.promising import PromiseForm as TargetForm
from guatu.web.templatetags.guatu import field

OWED = (
    (PromiseForm, ("basis", "basis_name", "basis_number")),
    (HandOverForm, ("name", "into")),
    (FollowForm, ("next_due", "next_post")),
    (TargetForm, ("source",)),
    (MatrixForm, ("reason",)),
    (ClockForm, ("extension_by", "extension_reason")),
    (ReportForm, ("provider", "organisation")),
)
DASHES = "---------"


def _written() -> Iterator[type[forms.Form]]:
    """Every form class of the pages."""
    for module in pkgutil.walk_packages(guatu.web.__path__, "guatu.web."):
        for thing in vars(importlib.import_module(module.name)).values():
            is_form = isinstance(thing, type) and issubclass(thing, forms.BaseForm)
            if is_form and thing.__module__ == module.name:
                yield thing


def test_forms_when_a_choice_is_empty_then_words_stand_for_it_not_dashes() -> None:
    seen = {
        f"{form.__module__}.{form.__qualname__}.{name}": asked.empty_label
        for form in _written()
        for name, asked in form.base_fields.items()
        if isinstance(asked, forms.ModelChoiceField)
    }
    assert len(seen) > 30
    assert [name for name, word in seen.items() if word == DASHES] == []


def test_forms_when_a_field_is_refused_for_being_empty_then_it_is_not_called_optional() -> None:
    called = [
        f"{form.__qualname__}.{name}"
        for form, names in OWED
        for name in names
        for asked in (form.base_fields[name],)
        if not (asked.required or isinstance(asked, AtTimes))
    ]
    assert called == []


def test_forms_when_a_field_is_left_empty_then_none_says_djangos_own_sentence() -> None:
    bare = [
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in _written()
        for name, asked in form.base_fields.items()
        if "必填项" in str(asked.error_messages["required"])
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("asked", "sent", "sentence"),
    [
        (forms.DecimalField(), "十二", "请填写数字，不带单位。"),
        (forms.DecimalField(max_digits=6, decimal_places=1), "1.25", "最多 1 位小数。"),
        (forms.DecimalField(max_digits=3, decimal_places=1), "1234", "最多 3 位数字，请核对单位。"),
        (forms.IntegerField(), "1.5", "请填写整数。"),
        (forms.IntegerField(min_value=1), "0", "不能小于 1。"),
        (forms.DateField(), "昨天", "请填写日期，如 2025-03-18。"),
        (forms.CharField(max_length=2), "示例一", "最多 2 字，现在 3 字。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "b", "请从列出的选项中选择。"),
    ],
)
def test_field_when_wrongly_filled_then_says_what_to_do(
    asked: forms.Field, sent: str, sentence: str
) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        asked.clean(sent)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (forms.CharField(), "请填写此项。"),
        (forms.DecimalField(), "请填写此项。"),
        (forms.DateField(), "请填写此项。"),
        (forms.ChoiceField(), "请选择此项。"),
        (forms.MultipleChoiceField(), "请选择此项。"),
        (PostField(), "请选择此项。"),
        (forms.BooleanField(), "请勾选此项。"),
        (forms.FileField(), "请选择文件。"),
    ],
)
def test_field_when_required_and_empty_then_says_what_to_do(
    asked: forms.Field, sentence: str
) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        asked.clean(asked.widget.value_from_datadict({}, {}, "asked"))
    assert refusal.value.messages == [sentence]


def test_choice_when_may_stay_empty_then_first_says_so() -> None:
    assert (PostField().empty_label, PostField(required=False).empty_label) == ("请选择", "不选")


class _Asked(forms.Form):
    free = forms.CharField(label="备注", required=False)
    needed = forms.CharField(label="事项")
    at_times = WordsAtTimesField(label="理由", help_text="更换专员时必填。")


def test_field_when_owed_at_times_then_is_never_called_optional() -> None:
    form = _Asked({})
    assert form.is_valid() is False
    assert list(form.errors) == ["needed"]
    said = {bound.name: field(bound)["is_optional"] for bound in form}
    assert said == {"free": True, "needed": False, "at_times": False}
