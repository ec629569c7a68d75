"""Forms of the business date."""

import datetime as dt
from typing import Any

from django import forms

from guatu.register.models import Campaign
from guatu.web.fields import DayField

MOVED_ON = "业务日期刚被别人调整过，请核对新的日期后再提交。"


class ReleaseForm(forms.Form):
    """Let the business date follow the calendar; carries the pinned date the page showed."""

    reason = forms.CharField(
        label="调整原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    shown = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **{"initial": {"shown": campaign.pinned_date}, **kwargs})
        self.campaign = campaign

    def clean_shown(self) -> dt.date | None:
        """Refuse what was decided looking at another date; the next try shows the stored one."""
        shown: dt.date | None = self.cleaned_data["shown"]
        if shown != self.campaign.pinned_date:
            self.data = {
                **{name: self.data[name] for name in self.data},
                "shown": str(self.campaign.pinned_date or ""),
            }
            self.add_error(None, MOVED_ON)
        return shown


class PinForm(ReleaseForm):
    """Hold the business date still on a day."""

    day = DayField(label="业务日期", help_text="固定后，期限、逾期和亮灯都按这一天计算，直到解除。")
    field_order = ("day", "reason")
