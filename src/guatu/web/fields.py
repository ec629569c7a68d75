"""Fields that forms of every room ask with: a day, a unit, a post; and the words they refuse in.

Also the form that asks about what is seldom true.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from guatu.register.models import Organisation, Post
from guatu.register.seats import with_holders

LISTED = {"invalid_choice": "请从列出的选项中选择。"}
SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "请填写此项。"},
    forms.CharField: {"max_length": "最多 %(limit_value)d 字，现在 %(show_value)d 字。"},
    forms.IntegerField: {
        "invalid": "请填写整数。",
        "min_value": "不能小于 %(limit_value)s。",
        "max_value": "不能大于 %(limit_value)s。",
    },
    forms.DecimalField: {
        "invalid": "请填写数字，不带单位。",
        "max_digits": "最多 %(max)s 位数字，请核对单位。",
        "max_decimal_places": "最多 %(max)s 位小数。",
        "max_whole_digits": "整数最多 %(max)s 位，请核对单位。",
    },
    forms.DateField: {"invalid": "请填写日期，如 2025-03-18。"},
    forms.ChoiceField: {"required": "请选择此项。", **LISTED},
    forms.MultipleChoiceField: LISTED,
    forms.ModelChoiceField: LISTED,
    forms.ModelMultipleChoiceField: LISTED,
    forms.BooleanField: {"required": "请勾选此项。"},
    forms.FileField: {"required": "请选择文件。"},
}


def speak_plainly() -> None:
    """Have every form tell what to do about a field, where its form says no more."""
    for kind, sentences in SENTENCES.items():
        kind.default_error_messages = {**kind.default_error_messages, **sentences}


class DayInput(forms.DateInput):
    """A native date picker; the browser sends 2025-03-18."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, picked."""

    widget = DayInput


class DegreesField(forms.DecimalField):
    """A longitude or latitude; digits beyond those that are kept, some 10 cm, are rounded off."""

    PLACES = 6
    LARGEST = 360

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(max_digits=9, decimal_places=self.PLACES, **kwargs)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 -- Django's signature
        """Round a number of degrees; what is none is told by the checks that follow."""
        told = super().to_python(value)
        if not isinstance(told, Decimal) or not told.is_finite() or abs(told) > self.LARGEST:
            return told
        longer = int(told.as_tuple().exponent) < -self.PLACES
        return round(told, self.PLACES) if longer else told


class WanField(forms.DecimalField):
    """Money in 万元, shown without the noughts the database adds."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(max_digits=18, decimal_places=6, **kwargs)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 -- Django's signature
        """A stored figure as people write it; what was typed stays as typed.

        >>> WanField().prepare_value(Decimal("8000.000000")), WanField().prepare_value("1.50")
        ('8000', '1.50')
        """
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class AtTimes(forms.Field):
    """A field owed at times only, as its help or neighbour says: never called 「可不填」."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(required=False, **kwargs)


class WordsAtTimesField(AtTimes, forms.CharField):
    """Words owed at times."""


class MarkAtTimesField(AtTimes, forms.BooleanField):
    """A box that must be ticked at times."""


class ChoiceAtTimesField(AtTimes, forms.ChoiceField):
    """A choice owed at times."""


class PostChoice(forms.ModelChoiceField):
    """A post of those the form sets as ``queryset``; one that nobody holds says so."""

    def _set_seated(self, queryset: QuerySet[Post] | None) -> None:
        if queryset is not None and not queryset.query.is_empty():
            queryset = with_holders(queryset)
        self._set_queryset(queryset)  # type: ignore[attr-defined]  # Django's own setter

    queryset = property(lambda self: self._queryset, _set_seated)

    def label_from_instance(self, obj: Post) -> str:
        """The post, and that it is vacant."""
        return str(obj) if getattr(obj, "is_held", True) else f"{obj}（空缺）"


class DayAtTimesField(AtTimes, DayField):
    """A day owed at times."""


class PostAtTimesField(AtTimes, PostChoice):
    """A post owed at times."""


class _Chosen(forms.ModelChoiceField):
    """A choice of rows by their public key; the form says which may be chosen."""

    model: Any

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(queryset=self.model.objects.none(), to_field_name="public_id", **kwargs)


class _One(_Chosen):
    """One of them; an empty choice says in words what it means."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        kwargs.setdefault("empty_label", "请选择" if required else "不选")
        super().__init__(required=required, **kwargs)


class UnitField(_One):
    """One unit of those the form sets as ``queryset``."""

    model = Organisation


class PostField(PostChoice, _One):
    """One post by its public key."""

    model = Post


class UnitAtTimesField(AtTimes, UnitField):
    """A unit owed at times."""


class UnitsField(_Chosen, forms.ModelMultipleChoiceField):
    """Several units of those the form sets as ``queryset``."""

    model = Organisation


class PostsField(PostChoice, _Chosen, forms.ModelMultipleChoiceField):
    """Several posts of those the form sets as ``queryset``."""

    model = Post


class AskedTwice(forms.Form):
    """A form that asks whether one is sure, by its box ``knowing``, once an act asked about it."""

    @property
    def asked(self) -> bool:
        """Whether the question was put; the box shows from then on."""
        return "knowing" in self.errors or bool(self.data.get("knowing"))

    def visible_fields(self) -> list[forms.BoundField]:
        """All fields, the box only when asked."""
        shown = super().visible_fields()
        return shown if self.asked else [field for field in shown if field.name != "knowing"]
