"""Forms of projects. They check shape; what may be done is decided by the actions."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q

from guatu.investment.fields import FIELDS, SERIES, Kind
from guatu.investment.models import Category, Stage
from guatu.register.enums import Basis, EvidenceKind, OrganisationKind, PartyRole, Role
from guatu.register.evidence import ACCEPTED, FileGiven
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing, may
from guatu.web.fields import AskedTwice, DayField, PostChoice, WanField, WordsAtTimesField

MEGABYTE = 1024 * 1024
FILE_LIMIT = 20 * MEGABYTE
NOTICE = "禁止录入涉密及工作秘密。"


def units_of(standing: Standing) -> Any:  # noqa: ANN401 -- a queryset for a choice field
    """Units in sight, in protocol order; areas own nothing."""
    seen = Q(pk__in=[])
    for path in standing.paths:
        seen |= Q(path__startswith=path)
    rows = Organisation.objects.filter(seen, active=True)
    return rows.exclude(kind=OrganisationKind.AREA).order_by("order_path", "pk")


def own_unit(standing: Standing, action: str) -> Organisation | None:
    """The one unit of the officer's own for which they may do ``action``, if it is but one."""
    units = {post.organisation for post in standing.posts}
    found = [unit for unit in units if may(standing, action, unit)]
    return found[0] if len(found) == 1 else None


def first_unit(standing: Standing, action: str) -> Organisation | None:
    """The unit a new form begins with; none for who adds for the whole district."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return None
    return own_unit(standing, action)


CARRIED = {
    "revision": "expected_revision",
    "subject_revision": "expected_subject",
    "admission_revision": "expected_admission",
}
"""Hidden field that carries a revision → argument of the action."""


class ActForm(forms.Form):
    """Base of all acts: carries the revision the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Arguments of the action besides the revisions."""
        return {name: told for name, told in self.cleaned_data.items() if name not in CARRIED}

    def expected(self) -> dict[str, Any]:
        """The revisions the page showed, as the action takes them."""
        return {CARRIED[name]: told for name, told in self.cleaned_data.items() if name in CARRIED}


class EditForm(ActForm):
    """Base of forms that also show what is kept on the subject: they carry its revision, too."""

    subject_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


WRITTEN: dict[Kind, tuple[type[forms.Field], Callable[[], dict[str, Any]]]] = {
    Kind.MONEY: (WanField, dict),
    Kind.DAY: (DayField, dict),
    Kind.MARK: (forms.BooleanField, dict),
    Kind.TEXT: (forms.CharField, lambda: {"max_length": 300}),
    Kind.NAMES: (
        forms.CharField,
        lambda: {"max_length": 300, "help_text": "多个以顿号分开。"},
    ),
    Kind.LONG: (
        forms.CharField,
        lambda: {"max_length": 4000, "widget": forms.Textarea(attrs={"rows": 3})},
    ),
}


class Section(NamedTuple):
    """A part of the project form."""

    name: str
    fields: list[forms.BoundField]


class ProjectForm(EditForm):
    """All fields of a project by section; what is unknown stays empty."""

    def __init__(self, standing: Standing, *args: Any, new: bool, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        for name, one in FIELDS.items():
            if name == "stage" and not new:
                continue  # the stage moves through its gates
            self.fields[name] = self._field(name, one.label, one.kind, standing)
        self.fields["name"].required = True
        self.fields["unit"].required = True
        if not new:
            self.fields["reason"] = WordsAtTimesField(
                label="改动理由",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="只补未知项可不填；改动已有内容须写明。",
            )

    def _field(self, name: str, label: str, kind: Kind, standing: Standing) -> forms.Field:
        rows = {
            "category": (Category.objects.all(), "未知"),
            "stage": (Stage.objects.all(), "未知"),
            "unit": (units_of(standing), "请选择"),
        }
        if name in rows:
            choices, empty = rows[name]
            return forms.ModelChoiceField(choices, label=label, required=False, empty_label=empty)
        made, options = WRITTEN[kind]
        return made(label=label, required=False, **options())

    def clean_short_names(self) -> list[str]:
        """Divide the names at 、 and commas."""
        text = self.cleaned_data["short_names"].replace("，", "、").replace(",", "、")
        return [name.strip() for name in text.split("、") if name.strip()]

    def sections(self) -> list[Section]:
        """Fields by section, then the reason."""
        names = dict.fromkeys(one.section for one in FIELDS.values())
        found = [
            Section(name, [self[key] for key in self.fields if self._section(key) == name])
            for name in names
        ]
        if "reason" in self.fields:
            found.append(Section("改动理由", [self["reason"]]))
        return found

    @staticmethod
    def _section(key: str) -> str:
        return FIELDS[key].section if key in FIELDS else ""


class FinishForm(AskedTwice, ActForm):
    """The day a node was finished, and the evidence there is."""

    day = DayField(label="实际完成日期")
    note = forms.CharField(label="说明", required=False, max_length=300, help_text=NOTICE)
    file = forms.FileField(
        label="佐证材料",
        required=False,
        help_text="合同、付款凭证、批复、照片等任一种即可，不超过 20 兆；没有材料时显示为斜纹。",
    )
    kind = forms.ChoiceField(
        label="材料种类", choices=EvidenceKind.choices, required=False, initial=EvidenceKind.OTHER
    )
    knowing = forms.BooleanField(label="情况属实，仍按此登记", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean_file(self) -> FileGiven | None:
        """Keep an upload within the limit; what it is the action looks at."""
        file = self.cleaned_data.get("file")
        if file is None:
            return None
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(f"「{file.name}」超过 20 兆。")
        return FileGiven(file.read(), PurePath(file.name).name)


class DueForm(ActForm):
    """A promised day; changing a promise needs a reason."""

    due = DayField(label="应完成日期")
    reason = WordsAtTimesField(
        label="调整理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="首次确定日期可不填；调整已承诺的日期须写明，原承诺保留。",
    )


class ForecastForm(ActForm):
    """When a node is now expected."""

    day = DayField(label="预计完成日期", required=False)
    reason = forms.CharField(label="说明", required=False, max_length=1000, help_text=NOTICE)


class ReasonForm(ActForm):
    """An act that needs its reason told."""

    reason = forms.CharField(
        label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=NOTICE
    )


class StageForm(ActForm):
    """The stage a project is placed in."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label="进入阶段", empty_label="请选择")
    reason = WordsAtTimesField(
        label="理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="首次认定或退回阶段须写明；向前推进由关口核验。",
    )


class MoneyForm(ActForm):
    """One figure of a money series."""

    indicator = forms.ChoiceField(label="资金", choices=list(SERIES.items()))
    period = forms.RegexField(
        r"^\d{4}(-\d{2})?$",
        label="期别",
        help_text="年写 2025，月写 2025-03。",
        error_messages={"invalid": "请按 2025 或 2025-03 的写法填写。"},
    )
    basis = forms.ChoiceField(
        label="口径", choices=[(Basis.PERIOD, "当期"), (Basis.CUMULATIVE, "累计")]
    )
    value = WanField(label="金额（万元）")
    source = forms.CharField(label="数据来源", max_length=200)


class ImageForm(ActForm):
    """What the project is to look like at the end of a month."""

    month = forms.RegexField(
        r"^\d{4}-\d{2}$",
        label="月份",
        help_text="写作 2025-03。",
        error_messages={"invalid": "请按 2025-03 的写法填写。"},
    )
    words = forms.CharField(
        label="形象进度目标", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PartyForm(ActForm):
    """Who takes part: a post, a unit of the district, or an outside body."""

    role = forms.ChoiceField(label="角色", choices=PartyRole.choices)
    post = PostChoice(
        Post.objects.filter(active=True, role__in=[Role.LEADER, Role.SPECIALIST, Role.UNIT])
        .select_related("organisation")
        .order_by("organisation__order_path", "rank", "pk"),
        label="岗位",
        required=False,
        empty_label="不选",
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.filter(active=True).order_by("order_path", "pk"),
        label="区内单位",
        required=False,
        empty_label="不选",
    )
    outside_name = forms.CharField(label="其他单位或人员", required=False, max_length=200)
    outside_phone = forms.CharField(label="联系电话", required=False, max_length=40)


class TimetableForm(ActForm):
    """The promised day of each node of the path; nodes without a day are planned as 待定."""

    def __init__(self, steps: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        for step in steps:
            self.fields[step.node.code] = DayField(
                label=f"{step.node.stage.name} · {step.name}", required=False
            )
