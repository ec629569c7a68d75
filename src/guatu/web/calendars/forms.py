"""Forms of calendars; what they mean is checked by the actions."""

import re
from typing import Any

from django import forms

from guatu.loop.actions.calendars import Said
from guatu.loop.enums import CalendarBase
from guatu.loop.models import WorkCalendar
from guatu.register.enums import RuleStatus
from guatu.register.errors import Invalid

BETWEEN = re.compile(r"\s*(?:—|–|~|至|到|\s-\s)\s*")
ENDS = 2


def _lines(text: str) -> list[str]:
    return [part for part in re.split(r"[\s、，,]+", text.strip()) if part]


class CalendarForm(forms.Form):
    """A calendar: windows and days one a line."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="名称", max_length=60)
    stop = forms.CharField(
        label="每年停工时段",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一段，如 11-01 至 03-31，含首尾两天。",
    )
    off = forms.CharField(
        label="另外停工的日子",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如 2026-05-04，多个以空格或换行分开。",
    )
    work = forms.CharField(
        label="停工期内准许施工或加班的日子",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    status = forms.ChoiceField(label="依据状态", choices=RuleStatus.choices)
    source = forms.CharField(label="依据", required=False, max_length=300)
    reason = forms.CharField(
        label="改动理由", max_length=1000, help_text="日历影响全部计划，保存后立即重算。"
    )

    @classmethod
    def initial_of(cls, row: WorkCalendar) -> dict[str, Any]:
        """Values of a calendar as the form shows them."""
        return {
            "revision": row.revision,
            "name": row.name,
            "stop": "\n".join(f"{first} 至 {last}" for first, last in row.stop),
            "off": "\n".join(row.off),
            "work": "\n".join(row.work),
            "status": row.status,
            "source": row.source,
        }

    def said(self) -> Said:
        """What the calendar is to be; Invalid for a window that has not two ends."""
        kept = self.cleaned_data
        windows = []
        for line in filter(None, (line.strip() for line in kept["stop"].splitlines())):
            ends = BETWEEN.split(line)
            if len(ends) != ENDS:
                raise Invalid(f"停工时段「{line}」写法不对，应如 11-01 至 03-31。", "stop")
            windows.append((ends[0], ends[1]))
        return Said(
            name=kept["name"],
            stop=windows,
            off=_lines(kept["off"]),
            work=_lines(kept["work"]),
            status=RuleStatus(kept["status"]),
            source=kept["source"],
        )


class NewCalendarForm(CalendarForm):
    """A calendar that is not there yet."""

    code = forms.CharField(
        label="代码", max_length=40, help_text="小写字母开头，如 paving；计划以它引用，不再改动。"
    )
    base = forms.ChoiceField(label="以什么为基础", choices=CalendarBase.choices)
    field_order = ("name", "code", "base", "stop", "off", "work", "status", "source", "reason")


class NoticeForm(forms.Form):
    """A file of holiday notices."""

    file = forms.FileField(
        label="放假安排（csv）",
        help_text="列：year,date,kind,source,provisional；kind 写 off（放假）或 work（调休上班）。",
    )
