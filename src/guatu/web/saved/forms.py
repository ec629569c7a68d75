"""Forms of saved views; what they mean is checked by the actions."""

from typing import Any

from django import forms

from guatu.register.models import Organisation
from guatu.register.policies import Standing, may

PRIVATE = ""


class RenewForm(forms.Form):
    """The state of the view that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ViewForm(forms.Form):
    """A view's name and whom it is shared with."""

    name = forms.CharField(label="视图名称", max_length=40)
    audience = forms.ChoiceField(label="谁可以用", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        units = Organisation.objects.filter(active=True).order_by("order_path")
        self.units = {str(unit.pk): unit for unit in units if may(standing, "view.share", unit)}
        choices = [(key, f"共享给{unit.name}") for key, unit in self.units.items()]
        field = self.fields["audience"]
        field.choices = [(PRIVATE, "只有我"), *choices]  # type: ignore[attr-defined]

    def audience_chosen(self) -> Organisation | None:
        """The unit chosen, None for oneself alone."""
        return self.units.get(self.cleaned_data["audience"])
