"""Forms of tokens and permissions; what they mean is checked by the actions."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from guatu.register.scopes import SCOPES
from guatu.register.tokens import days_allowed
from guatu.web.fields import DayField


class ScopeForm(forms.Form):
    """A choice of scopes, and until when: by the calendar, whatever business date is pinned."""

    last_day: ClassVar[str]

    scopes = forms.MultipleChoiceField(
        label="接口权限",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项接口权限。"},
    )

    def __init__(self, open_scopes: Iterable[str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        named = [(name, f"{words}（{name}）") for name, words in SCOPES.items()]
        offered = [(name, words) for name, words in named if name in open_scopes]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        first, last = days_allowed()
        told = f"按实际日期计，与业务日期无关：{first}（今天）至 {last}。"
        self.fields[self.last_day].help_text = told
        self.fields[self.last_day].widget.attrs.update(min=str(first), max=str(last))


class TokenForm(ScopeForm):
    """A new token."""

    last_day = "expires_on"

    name = forms.CharField(
        label="令牌用途", max_length=40, help_text="写明哪个程序使用，如「数据平台每日取数」。"
    )
    expires_on = DayField(label="有效期至")
    field_order = ["name", "scopes", "expires_on"]


class PermitForm(ScopeForm):
    """What an officer's programs may do at most."""

    last_day = "until"

    until = DayField(label="准许到")
    reason = forms.CharField(label="原因", max_length=300)
    field_order = ["scopes", "until", "reason"]
