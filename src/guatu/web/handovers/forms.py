"""Forms of a hand-over: remarks by item, which items are accepted, a question."""

from collections.abc import Iterable
from typing import Any

from django import forms

from guatu.loop.actions.handing_over import WORDS_LENGTH
from guatu.loop.enums import ItemState
from guatu.loop.models import HandoverItem
from guatu.web.duties.forms import SECRET, ActForm


class GiveForm(ActForm):
    """One remark an item, which may be empty unless it answers a question; and a word on all."""

    note = forms.CharField(
        label="总的说明",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SECRET,
    )

    def __init__(self, *args: Any, items: Iterable[HandoverItem], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            asked = item.state == ItemState.QUERIED
            self.fields[name_of(item)] = forms.CharField(
                label=f"答复：{item.title}" if asked else f"说明：{item.title}",
                required=asked,
                max_length=WORDS_LENGTH,
                initial="" if asked else item.remark,
                widget=forms.Textarea(attrs={"rows": 2, "class": "control"})
                if asked
                else forms.TextInput(attrs={"class": "control"}),
            )

    def values(self) -> dict[str, Any]:
        """Remarks by item key, and the note."""
        given = self.cleaned_data
        remarks = {item.pk: given.get(name_of(item), "") for item in self.items}
        return {"remarks": remarks, "note": given["note"]}


def name_of(item: HandoverItem) -> str:
    """Name of an item's field."""
    return f"remark_{item.pk}"


class QueryForm(ActForm):
    """What is unclear about an item."""

    words = forms.CharField(
        label="疑问",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SECRET,
    )
