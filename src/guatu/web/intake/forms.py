"""Forms of bringing a file in and of changing a draft."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from guatu.campaign.reading.books import BookWords
from guatu.campaign.reading.proposals import (
    OF_DRAFT,
    TITLE_LONGEST,
    current_values,
    leaders,
    posts,
    units,
)
from guatu.loop.enums import Strength
from guatu.register.enums import Domain, DraftKind
from guatu.register.models import Draft, Organisation, Post, Subject
from guatu.register.policies import Standing, in_sight
from guatu.register.recording import Json
from guatu.web.fields import DayField, PostField, UnitField, UnitsField

YEARS_AROUND = 5


class SeenForm(forms.Form):
    """The word of the person confirming that what does not add up was looked at."""

    seen = forms.BooleanField(
        label="我已核对", error_messages={"required": "请先核对上面各处，再勾选「我已核对」。"}
    )


class PaperForm(forms.Form):
    """A meeting paper and the year its dates belong to."""

    file = forms.FileField(label="会议材料", help_text="支持 txt、docx，不超过 10 兆。")
    plan_year = forms.IntegerField(
        label="计划年度",
        required=False,
        help_text="「年底前」「6月底」按这一年计；不填按材料中写明的年份。",
        min_value=2000,
        max_value=2100,
    )

    def __init__(self, *args: Any, year: int | None = None, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".txt,.docx"
        self.fields["plan_year"].initial = year


class LedgerForm(forms.Form):
    """A ledger of any kind that can be brought in; what it is, is recognised by its headers."""

    file = forms.FileField(
        label="台账", help_text="支持 xlsx、xls、csv，不超过 20 兆；先预览，确认后才入账。"
    )
    kind = forms.ChoiceField(
        label="种类",
        required=False,
        error_messages={"invalid_choice": "您的岗位不能导入这一种台账，请交专班导入。"},
    )

    def __init__(self, *args: Any, ledgers: Iterable[BookWords], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **{"prefix": "ledger", **kwargs})
        named = [(words.kind, words.name) for words in ledgers]
        self.fields["kind"].choices = [("", "按表头识别"), *named]  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.csv"


class DraftForm(forms.Form):
    """What a person may change of one draft; unknown stays empty."""

    title = forms.CharField(
        label="事项", max_length=TITLE_LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner_unit = UnitField(label="责任单位", required=False, empty_label="未定")
    owner_post = PostField(
        label="责任岗位", required=False, empty_label="未定（留在专班工作台拟定）"
    )
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    co_owners = UnitsField(
        label="配合单位", required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    due = DayField(label="完成期限", required=False, help_text="不填为待定。")
    strength = forms.ChoiceField(label="力度", required=False)
    domain = forms.ChoiceField(label="条线", required=False)
    subject = forms.ChoiceField(label="关联", required=False)
    other_subject = forms.CharField(
        label="或按编号、名称关联已有项目、企业",
        required=False,
        widget=forms.TextInput(attrs={"list": "known-subjects", "autocomplete": "off"}),
    )

    def __init__(self, draft: Draft, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **{"prefix": f"d{draft.pk}", **kwargs})
        self.draft = draft
        self.standing = standing
        values = current_values(draft)
        fields: dict[str, Any] = self.fields
        fields["owner_unit"].queryset = units()
        fields["owner_post"].queryset = posts()
        fields["leader_post"].queryset = leaders()
        fields["co_owners"].queryset = units()
        fields["strength"].choices = [("", "未说明"), *Strength.choices]
        fields["domain"].choices = [("", "未定"), *Domain.choices]
        alike = str(draft.payload.get("alike") or "")
        fields["subject"].choices = subject_choices(draft, str(values["subject"] or ""), alike)
        if draft.kind in {DraftKind.PROJECT, DraftKind.ENTERPRISE}:
            fields["title"].label = "名称"
            for name in ("owner_post", "leader_post", "co_owners", "due", "strength"):
                del fields[name]
        for name, value in values.items():
            if name in fields:
                fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """Resolve the subject typed by hand; it replaces the one chosen."""
        cleaned = super().clean() or {}
        typed = (cleaned.pop("other_subject", "") or "").strip()
        if typed:
            found = subjects_like(self.standing, typed.split(" ")[0], exact=True)
            found = found or subjects_like(self.standing, typed, exact=True)
            if len(found) == 1:
                cleaned["subject"] = str(found[0].public_id)
            else:
                self.add_error("other_subject", "没有找到唯一的项目或企业，请从列出的名称中选择。")
        return cleaned

    def edits(self) -> dict[str, Json]:
        """The values as a draft keeps them: keys and ISO dates."""
        kept: dict[str, Json] = {}
        for name, value in self.cleaned_data.items():
            if isinstance(value, Organisation | Post):
                kept[name] = str(value.public_id)
            elif isinstance(value, dt.date):
                kept[name] = value.isoformat()
            elif name == "co_owners":
                kept[name] = [str(unit.public_id) for unit in value]
            elif name in {"strength", "domain", "subject", "title"}:
                kept[name] = str(value or "").strip()
            else:
                kept[name] = None
        return kept


def subject_choices(draft: Draft, chosen: str, alike: str = "") -> list[tuple[str, str]]:
    """The campaign, what the passage names, what was chosen before and what may be meant."""
    nothing = {DraftKind.PROJECT: "作为新项目登记", DraftKind.ENTERPRISE: "作为新企业登记"}
    choices = [("", nothing.get(DraftKind(draft.kind), "攻坚行动（不对应具体项目、企业）"))]
    named = [str(key) for key in draft.payload.get("named") or []]
    choices += [
        (f"{OF_DRAFT}{other.public_id}", f"文中：{other.payload['text']}")
        for other in Draft.objects.filter(batch=draft.batch_id, public_id__in=named)
    ]
    offered = {value for value, _ in choices}
    wanted = [key for key in dict.fromkeys((chosen, alike)) if key and key not in offered]
    for subject in Subject.objects.filter(public_id__in=wanted) if wanted else ():
        maybe = "可能是库中已有：" if str(subject.public_id) == alike else ""
        choices.append((str(subject.public_id), f"{maybe}{subject.code} {subject.title}"))
    return choices


def subjects_like(standing: Standing, text: str, *, exact: bool = False) -> list[Subject]:
    """Projects and enterprises in sight by code, name or pinyin initials; at most twenty."""
    living = Subject.objects.filter(
        in_sight(standing), kind__in=["project", "enterprise"], active=True
    )
    if exact:
        found = living.filter(code=text) | living.filter(title=text)
    else:
        found = living.filter(title__icontains=text) | living.filter(initials__startswith=text)
    return list(found.distinct().order_by("code")[:20])
