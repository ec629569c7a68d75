"""Forms of calendars; what they mean is checked by the actions."""

import re
from typing import Any

from django import forms

from guatu.loop.actions.calendars import Said
from guatu.loop.actions.meetings import MOST_WEEKS
from guatu.loop.actions.meetings import Said as SaidMeeting
from guatu.loop.enums import CalendarBase
from guatu.loop.models import ReviewMeeting, WorkCalendar
from guatu.loop.plan.meetings import WEEKDAYS
from guatu.register.enums import RuleStatus
from guatu.register.errors import Invalid
from guatu.web.fields import DayField

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


class MeetingForm(forms.Form):
    """A review body: how often it sits, and the days on which it does otherwise."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="名称", max_length=60)
    since = DayField(label="自哪天起")
    weeks = forms.IntegerField(label="每几周一次", min_value=1, max_value=MOST_WEEKS)
    weekday = forms.TypedChoiceField(
        label="周几", choices=[(n, f"周{day}") for n, day in enumerate(WEEKDAYS, 1)], coerce=int
    )
    cancelled = forms.CharField(
        label="取消的会期",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如 2026-05-04，多个以空格或换行分开；改期的在下面填新的日子。",
    )
    added = forms.CharField(
        label="增加的会期", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    status = forms.ChoiceField(label="依据状态", choices=RuleStatus.choices)
    source = forms.CharField(label="依据", required=False, max_length=300)
    reason = forms.CharField(
        label="改动理由", max_length=1000, help_text="保存后等这个会的计划立即重算。"
    )

    @classmethod
    def initial_of(cls, row: ReviewMeeting) -> dict[str, Any]:
        """Values of a body as the form shows them."""
        same = ("revision", "name", "since", "weeks", "weekday", "status", "source")
        days = {name: "\n".join(getattr(row, name)) for name in ("cancelled", "added")}
        return {name: getattr(row, name) for name in same} | days

    def said(self) -> SaidMeeting:
        """What the body is to be."""
        kept = self.cleaned_data
        return SaidMeeting(
            **{name: kept[name] for name in ("name", "since", "weeks", "weekday", "source")},
            cancelled=_lines(kept["cancelled"]),
            added=_lines(kept["added"]),
            status=RuleStatus(kept["status"]),
        )


class NewMeetingForm(MeetingForm):
    """A body that is not there yet."""

    code = forms.CharField(
        label="代码", max_length=40, help_text="小写字母开头，如 expert；计划以它引用，不再改动。"
    )
    field_order = ("name", "code", "since", "weeks", "weekday")


class NoticeForm(forms.Form):
    """A file of holiday notices."""

    file = forms.FileField(
        label="放假安排（csv）",
        help_text="列：year,date,kind,source,provisional；kind 写 off（放假）或 work（调休上班）。",
    )
