"""Forms of leads. They check shape; what may be done is decided by the actions."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q

from guatu.attraction.actions import Next
from guatu.attraction.actions.moving import goes_back, missing_for
from guatu.attraction.actions.promising import AFFIRMED, NEEDED
from guatu.attraction.fields import FIELDS, Kind
from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.rules import LeadRules
from guatu.attraction.told_steps import taker_of
from guatu.attraction.values import OWNERS, STEERING
from guatu.investment.models import Category, Project
from guatu.investment.queries import projects_in_sight
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Enterprise, Industry, Organisation, Post
from guatu.register.policies import Standing, in_sight
from guatu.web.fields import (
    AskedTwice,
    ChoiceAtTimesField,
    DayAtTimesField,
    DayField,
    MarkAtTimesField,
    PostAtTimesField,
    PostChoice,
    WanField,
    WordsAtTimesField,
)
from guatu.web.projects.forms import NOTICE, ActForm, EditForm, ReasonForm, units_of

__all__ = [
    "ContactForm",
    "FollowForm",
    "HandOverForm",
    "LeadForm",
    "PromiseForm",
    "ReasonForm",
    "StageForm",
    "StepDutyForm",
    "StepForm",
]
UNKNOWN = "未报"


def posts_of(unit: Organisation | None) -> Any:  # noqa: ANN401 -- a queryset for a choice field
    """Posts that may act on a lead of ``unit``: its own, then the office's and leaders'."""
    mine = Q(role__in=STEERING)
    if unit is not None:
        mine |= Q(role__in=OWNERS, organisation__path__startswith=unit.path)
    rows = Post.objects.filter(mine, active=True).select_related("organisation")
    return rows.order_by("organisation__order_path", "rank", "pk")


def posts_for(standing: Standing) -> Any:  # noqa: ANN401 -- a queryset for a choice field
    """Posts of the units the officer sees, and the office's and leaders'."""
    mine = Q(role__in=STEERING)
    for path in standing.paths:
        mine |= Q(role__in=OWNERS, organisation__path__startswith=path)
    rows = Post.objects.filter(mine, active=True).select_related("organisation")
    return rows.order_by("organisation__order_path", "rank", "pk")


WRITTEN: Mapping[Kind, tuple[type[forms.Field], Callable[[], dict[str, Any]]]] = {
    Kind.MONEY: (WanField, dict),
    Kind.DAY: (DayField, dict),
    Kind.TEXT: (forms.CharField, lambda: {"max_length": 300}),
    Kind.LONG: (
        forms.CharField,
        lambda: {"max_length": 4000, "widget": forms.Textarea(attrs={"rows": 3})},
    ),
}


class Section(NamedTuple):
    """A part of the lead's form."""

    name: str
    fields: list[forms.BoundField]


class LeadForm(EditForm):
    """All fields of a lead by section; what is unknown stays empty."""

    def __init__(
        self,
        standing: Standing,
        rules: LeadRules,
        *args: Any,  # noqa: ANN401 -- Django's signature
        new: bool,
        **kwargs: Any,  # noqa: ANN401 -- as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self.new = new
        for name, one in FIELDS.items():
            if new and name == "progress":
                continue  # what was said belongs into a follow-up
            self.fields[name] = self._field(name, one.label, one.kind, standing, rules)
        self.fields["name"].required = True
        self.fields["unit"].required = True
        self.fields["content"].help_text = NOTICE
        if not new:
            self.fields["reason"] = WordsAtTimesField(
                label="改动理由",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="只补未知项可不填；改动已有内容须写明。",
            )

    def _field(
        self, name: str, label: str, kind: Kind, standing: Standing, rules: LeadRules
    ) -> forms.Field:
        coded = {"source": rules.sources, "tactic": rules.tactics}
        if name in coded:
            choices = [("", UNKNOWN), *coded[name].items()]
            return forms.ChoiceField(label=label, required=False, choices=choices)
        if name == "enterprise":
            return forms.CharField(
                label=label,
                required=False,
                max_length=200,
                help_text="企业库里的编号或全称；没有就留空。",
            )
        if name == "industry":
            return forms.CharField(
                label=label, required=False, max_length=120, help_text="国民经济行业代码，如 C36。"
            )
        rows = self._rows(name, standing)
        if rows is not None:
            chosen = PostChoice if rows.model is Post else forms.ModelChoiceField
            return chosen(rows, label=label, required=False, empty_label="未定")
        made, options = WRITTEN[kind]
        return made(label=label, required=False, **options())

    @staticmethod
    def _rows(name: str, standing: Standing) -> Any:  # noqa: ANN401 -- a queryset or None
        leaders = Post.objects.filter(active=True, role=Role.LEADER).select_related("organisation")
        areas = Organisation.objects.filter(active=True, kind=OrganisationKind.AREA)
        return {
            "unit": units_of(standing),
            "area": areas.order_by("order_path", "pk"),
            "owner_post": posts_for(standing),
            "leader_post": leaders.order_by("organisation__order_path", "rank", "pk"),
        }.get(name)

    def use_standing(self, standing: Standing) -> None:
        """Remember who asks: only enterprises in sight may be named."""
        self.standing = standing

    def clean_enterprise(self) -> Enterprise | None:
        """The enterprise of a code or a whole name, among those in sight."""
        text = self.cleaned_data["enterprise"].strip()
        if not text:
            return None
        rows = Enterprise.objects.filter(in_sight(self.standing, "subject__"))
        found = list(rows.filter(Q(subject__code=text) | Q(name=text) | Q(uscc=text))[:2])
        if len(found) != 1:
            raise forms.ValidationError("企业库中没有找到这一户，请填编号或登记全称。")
        return found[0]

    def clean_industry(self) -> Industry | None:
        """The industry of a code, with or without its section letter, or of a name."""
        text = self.cleaned_data["industry"].strip()
        if not text:
            return None
        code = text.split(" ", maxsplit=1)[0].upper()
        wanted = {code, code[1:] if code[:1].isalpha() and len(code) > 1 else code}
        found = Industry.objects.filter(Q(code__in=wanted) | Q(name=text)).first()
        if found is None:
            raise forms.ValidationError("行业代码表中没有这一项，请先由专班装入行业代码。")
        return found

    def sections(self) -> list[Section]:
        """Fields by section, then the reason."""
        here = [key for key in self.fields if key in FIELDS]
        places = {key: FIELDS[key].section for key in here}
        if self.new:
            # What is owed of a new lead stands on top.
            here = ["name", "unit", *(key for key in here if key not in {"name", "unit"})]
            places["unit"] = places["name"]
        found = [
            Section(name, [self[key] for key in here if places[key] == name])
            for name in dict.fromkeys(places[key] for key in here)
        ]
        if "reason" in self.fields:
            found.append(Section("改动理由", [self["reason"]]))
        return found


class StageForm(ActForm):
    """The stage a lead goes to, among those its stage allows."""

    stage = forms.ChoiceField(label="转到", widget=forms.RadioSelect)
    reason = WordsAtTimesField(
        label="理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"退回前一阶段、暂缓、终止须写明。{NOTICE}",
    )

    def __init__(self, lead: Lead, rules: LeadRules, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        choices = []
        for stage in rules.moves_from(lead.stage):
            back = goes_back(rules, lead, stage.code)
            lacking = [] if back else missing_for(lead, stage)
            note = f"（还缺：{'、'.join(lacking)}）" if lacking else ""
            choices.append((stage.code, f"{stage.name}{note}"))
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def _left_out(lead: Lead) -> str:
    """Who does a next step when nobody is chosen, in words."""
    post, unit = taker_of(lead), lead.subject.unit
    if post is not None:
        why = "责任岗位" if post.pk == lead.owner_post_id else "该单位唯一业务岗位"
        return f"{post}（{why}）"
    return f"记在「{unit}」名下" if unit else "请选择"


class FollowForm(AskedTwice, ActForm):
    """A contact in few taps: how, what was said, and what comes next."""

    way = forms.ChoiceField(label="方式", error_messages={"required": "请选择跟进方式。"})
    said = forms.CharField(
        label="谈了什么",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NOTICE,
        error_messages={"required": "请写明谈了什么。"},
    )
    next_step = forms.CharField(label="下一步", required=False, max_length=300)
    next_due = DayAtTimesField(label="时限")
    next_post = PostAtTimesField(
        queryset=Post.objects.none(), label="由谁办", empty_label="责任岗位"
    )
    on = DayField(label="跟进日期")
    with_whom = forms.CharField(label="对方人员", required=False, max_length=200)
    step = forms.UUIDField(widget=forms.HiddenInput, required=False)
    knowing = forms.BooleanField(label="日期无误，仍按此登记", required=False)

    def __init__(self, lead: Lead, rules: LeadRules, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        way, post = self.fields["way"], self.fields["next_post"]
        if isinstance(way, forms.ChoiceField):
            way.choices = list(rules.ways.items())
        if isinstance(post, forms.ModelChoiceField):
            post.queryset = posts_of(lead.subject.unit)
            post.empty_label = _left_out(lead)

    def planned(self) -> Next | None:
        """The next step as the action takes it."""
        given = self.cleaned_data
        if not (given["next_step"].strip() or given["next_due"]):
            return None
        return Next(given["next_step"], given["next_due"], given["next_post"])


class StepForm(ActForm):
    """How a next step ended."""

    result = forms.CharField(
        label="办理结果",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"办成了什么，或为什么不再需要。{NOTICE}",
    )


class StepDutyForm(ActForm):
    """Until when the duty is due that a next step becomes; a day gone by is not offered."""

    due = DayField(label="时限", error_messages={"required": "请填写责任事项的时限。"})

    def __init__(self, step: FollowUp, today: dt.date, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        ahead = step.next_due is not None and step.next_due >= today
        self.fields["due"].initial = step.next_due if ahead else None
        if not ahead:
            self.fields["due"].help_text = "下一步的时限已过，请另定。"


class ContactForm(ActForm):
    """A contact person of the investor."""

    name = forms.CharField(label="联系人", max_length=200, help_text="对外人员信息按岗位遮蔽显示。")
    phone = forms.CharField(label="联系电话", required=False, max_length=40)


class PromiseForm(ActForm):
    """What is promised, and what it rests on."""

    what = forms.CharField(
        label="承诺内容",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NOTICE,
    )
    basis = forms.ChoiceField(label="依据种类", error_messages={"required": NEEDED})
    basis_name = forms.CharField(
        label="依据名称和条款",
        max_length=200,
        error_messages={"required": "请填写依据的名称和条款。"},
    )
    basis_number = forms.CharField(
        label="文号", max_length=100, error_messages={"required": "请填写依据的文号。"}
    )
    affirmed = MarkAtTimesField(
        label=AFFIRMED.rstrip("。"),
        help_text="租金、收费减免和奖补以普遍适用的公开政策为依据的，须核对后勾选；勾选记入变动记录。",
    )

    def __init__(self, rules: LeadRules, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        field = self.fields["basis"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "请选择"), *rules.bases.items()]


class HandOverForm(ActForm):
    """The project a lead becomes, or the one it belongs to already."""

    name = WordsAtTimesField(label="项目名称", max_length=300, help_text="并入已有项目的不填。")
    category = forms.ModelChoiceField(
        Category.objects.all(), label="项目类别", required=False, empty_label="未知"
    )
    into = ChoiceAtTimesField(
        label="移交到",
        choices=[("", "实施项目（已签约落地）"), ("reserve", "储备项目库（还要初审、终审）")],
    )
    project = forms.CharField(
        label="或并入已有项目",
        required=False,
        max_length=40,
        help_text="项目已在库中的，填项目编号（如 XM-00012），不再新建。",
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.standing = standing

    def clean_project(self) -> Project | None:
        """The project in sight of that code."""
        code = self.cleaned_data["project"].strip().upper()
        if not code:
            return None
        rows = projects_in_sight(self.standing).filter(subject__code=code)
        found: Project | None = rows.select_related("subject__unit").first()
        if found is None:
            raise forms.ValidationError(f"没有找到项目 {code[:40]}。")
        return found
