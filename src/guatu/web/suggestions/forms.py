"""Forms of suggestions; what they mean is checked by the actions."""

from django import forms

from guatu.campaign.suggestions import ANSWER_LENGTH, ENDS, LENGTH, PAGE_LENGTH
from guatu.web.duties.forms import SECRET


class SuggestionForm(forms.Form):
    """What should be better, and on which page."""

    text = forms.CharField(
        label="意见建议",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LENGTH,
        help_text=SECRET,
    )
    page = forms.CharField(required=False, max_length=PAGE_LENGTH, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Nothing but the button."""


class AnswerForm(forms.Form):
    """What becomes of a suggestion, with words for the asker."""

    state = forms.ChoiceField(
        label="处理结果",
        choices=[(end.value, end.label) for end in ENDS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="答复",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=ANSWER_LENGTH,
        help_text="答复会送到提出人的消息里。",
    )
