"""Forms of a plan. They check shape; what may be done is decided by the actions."""

import datetime as dt
from typing import Any

from django import forms

from guatu.investment.models import Project
from guatu.investment.templates import shipped_templates, template_for
from guatu.web.fields import DayField

LONGEST_REASON = 1000


class BeginForm(forms.Form):
    """A template, the day it must be complete, and what the project has no need of."""

    template = forms.ChoiceField(label="同类模板")
    completion = DayField(label="须在此日前完成")
    start_no_earlier = DayField(label="最早可以启动", required=False)
    accept_infeasible = forms.BooleanField(label="赶不上也先照此保存，再想办法", required=False)

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        templates = shipped_templates()
        choices = [(code, one.name) for code, one in templates.items()]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]
        fitting = template_for(project.category.code) if project.category else None
        self.fields["template"].initial = fitting.code if fitting else choices[0][0]
        self.fields["completion"].initial = project.finish_on

    def skipped(self) -> list[str]:
        """Optional activities the project does without, as far as the template knows them."""
        template = shipped_templates()[self.cleaned_data["template"]]
        known = {row.id for row in template.activities if row.optional}
        asked = self.data.getlist("skipped") if hasattr(self.data, "getlist") else []
        return [key for key in asked if key in known]

    def clean_completion(self) -> dt.date:
        """Name the year when it is out of the tables."""
        day: dt.date = self.cleaned_data["completion"]
        if not 2020 <= day.year <= 2100:  # noqa: PLR2004 -- years of the day table
            raise forms.ValidationError("日期须在 2020 年至 2100 年之间。")
        return day
