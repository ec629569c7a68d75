"""Form of an approval's legal clock; it works without any script."""

from typing import Any

from django import forms
from django.http import QueryDict

from guatu.loop.actions.clocks import (
    BASIS_LENGTH,
    BY_LENGTH,
    MOST_STOPS,
    NOTE_LENGTH,
    REASON_LENGTH,
    Kept,
    Limit,
    Said,
)
from guatu.loop.enums import LimitUnit, StopKind
from guatu.loop.plan.clocks import SAME_NAMES, Stop
from guatu.web.fields import DayField, WordsAtTimesField

PARTS = ("kind", "first", "last", "note")
NOTICE = "禁止录入涉密及工作秘密。"


class ClockForm(forms.Form):
    """What the authority did when; stops a line each, and a line for one more.

    A line without days is no stop: emptying one takes it away.
    """

    stamp = forms.IntegerField(widget=forms.HiddenInput, required=False)
    received = DayField(label="收件日期")
    complete = forms.BooleanField(label="收件时材料齐全、符合法定形式", required=False)
    noticed = DayField(label="一次告知补正日期", required=False)
    completed = DayField(label="补齐日期", required=False)
    limit_days = forms.IntegerField(label="法定期限", min_value=1)
    limit_unit = forms.ChoiceField(label="单位", choices=LimitUnit.choices)
    basis = forms.CharField(label="期限依据", max_length=BASIS_LENGTH)
    extension_days = forms.IntegerField(label="延长天数", min_value=1, required=False)
    extension_by = WordsAtTimesField(label="批准人（职务）", max_length=BY_LENGTH)
    extension_reason = WordsAtTimesField(
        label="延长理由", max_length=REASON_LENGTH, help_text=f"延长期限的须写明。{NOTICE}"
    )

    def __init__(self, count: int, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.count = count
        for place in range(count):
            note = forms.TextInput(attrs={"placeholder": "通知文号或说明"})
            self.fields |= {
                f"kind{place}": forms.ChoiceField(label="事由", choices=StopKind.choices),
                f"first{place}": DayField(label="自", required=False),
                f"last{place}": DayField(label="至（未结束不填）", required=False),
                f"note{place}": forms.CharField(
                    label="说明", max_length=NOTE_LENGTH, widget=note, required=False
                ),
            }

    @classmethod
    def of(cls, kept: Kept | None, limit: Limit) -> "ClockForm":
        """Form that shows the record as it is; without one it knows the limit alone."""
        if kept is None:
            unit, days = limit.unit, limit.days
            initial = {"stamp": 0, "limit_days": days, "limit_unit": unit, "basis": limit.basis}
            return cls(1, initial=initial)
        clock = kept.clock
        values = {name: getattr(clock, name) for name in SAME_NAMES} | {"stamp": kept.stamp}
        for place, stop in enumerate(clock.stops):
            values |= {f"{part}{place}": getattr(stop, part) for part in PARTS}
        return cls(len(clock.stops) + 1, initial=values)

    @classmethod
    def posted(cls, data: QueryDict) -> "ClockForm":
        """Form as it was sent, with as many lines as came."""
        return cls(sum(f"kind{place}" in data for place in range(MOST_STOPS + 1)), data)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """Fields of each stop."""
        return [[self[f"{part}{place}"] for part in PARTS] for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        """Ask for the first day of a stop that has a last one."""
        kept: dict[str, Any] = super().clean() or {}
        for place in range(self.count):
            if kept.get(f"last{place}") and not kept.get(f"first{place}"):
                self.add_error(f"first{place}", "请填写停止计时的开始日期。")
        return kept

    def said(self) -> Said:
        """What the form tells."""
        kept = self.cleaned_data
        named = (
            *("received", "complete", "noticed", "completed", "limit_days", "basis"),
            *("extension_days", "extension_by", "extension_reason"),
        )
        stops = [
            Stop(
                StopKind(kept[f"kind{place}"]),
                kept[f"first{place}"],
                kept[f"last{place}"],
                kept[f"note{place}"],
            )
            for place in range(self.count)
            if kept[f"first{place}"]
        ]
        unit = LimitUnit(kept["limit_unit"])
        return Said(**{name: kept[name] for name in named}, limit_unit=unit, stops=stops)


class DropForm(forms.Form):
    """Why a record is taken back."""

    stamp = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="撤销理由", max_length=300)
