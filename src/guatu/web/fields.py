"""Fields that forms of every room ask with: a day, a unit, a post."""

from typing import Any

from django import forms

from guatu.register.models import Organisation, Post


class DayInput(forms.DateInput):
    """A native date picker; the browser sends 2025-03-18."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, picked."""

    widget = DayInput


class _Chosen(forms.ModelChoiceField):
    """A choice of rows by their public key; the form says which may be chosen."""

    model: Any

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(queryset=self.model.objects.none(), to_field_name="public_id", **kwargs)


class UnitField(_Chosen):
    """One unit of those the form sets as ``queryset``."""

    model = Organisation


class PostField(_Chosen):
    """One post of those the form sets as ``queryset``."""

    model = Post


class UnitsField(_Chosen, forms.ModelMultipleChoiceField):
    """Several units of those the form sets as ``queryset``."""

    model = Organisation


class PostsField(_Chosen, forms.ModelMultipleChoiceField):
    """Several posts of those the form sets as ``queryset``."""

    model = Post
