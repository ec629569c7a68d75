"""Forms of meetings. They check shape; what may be done is decided by the actions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from guatu.loop.dispatch_rules import DispatchKind
from guatu.loop.letter_text import TITLE_LENGTH
from guatu.loop.models import AgendaItem, Attendant, DispatchMeeting
from guatu.register.enums import Domain, OrganisationKind, Role
from guatu.register.models import Organisation
from guatu.web.duties.forms import OWNERS, SECRET, ActForm, posts, units
from guatu.web.fields import DayField, PostField, PostsField, UnitField, UnitsField

CHAIRS = (Role.LEADER, Role.OFFICE, Role.UNIT)
TIERS = ((1, "须会议拍板"), (2, "须会上督办"), (3, "须会议知悉"))


class MeetingForm(ActForm):
    """When, where, who chairs and attends, what it looks at."""

    kind = forms.ChoiceField(label="种类", widget=forms.RadioSelect)
    on = DayField(label="会议日期")
    time = forms.TimeField(
        label="时间",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    where = forms.CharField(label="地点", max_length=120, required=False)
    chair_post = PostField(label="主持岗位")
    domain = forms.ChoiceField(
        label="篇章", required=False, choices=[("", "全部篇章"), *Domain.choices]
    )
    unit = UnitField(label="只看单位", required=False, empty_label="全区各单位")
    area = UnitField(label="只看片区", required=False, empty_label="不限片区")
    title = forms.CharField(
        label="会议名称",
        max_length=TITLE_LENGTH,
        required=False,
        help_text=f"不填则按种类和范围拟名。{SECRET}",
    )
    attendant_posts = PostsField(
        label="参会领导", required=False, widget=forms.CheckboxSelectMultiple
    )
    attendant_units = UnitsField(
        label="参会单位", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's
        kinds: Mapping[str, DispatchKind] | None = None,
        **more: Any,  # noqa: ANN401 -- Django's
    ) -> None:
        super().__init__(*args, **more)
        areas = Organisation.objects.filter(kind=OrganisationKind.AREA, active=True)
        querysets = {
            "chair_post": posts(*CHAIRS),
            "unit": units().exclude(kind=OrganisationKind.AREA),
            "area": areas,
            "attendant_posts": posts(Role.LEADER),
            "attendant_units": units().exclude(kind=OrganisationKind.AREA),
        }
        for name, found in querysets.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        if kinds is None:
            del self.fields["kind"]
            self.fields["title"].required = True
        else:
            del self.fields["revision"]
            self.fields["kind"].choices = [(one.code, one.name) for one in kinds.values()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Arguments of the action: all attendants as one."""
        given = super().values()
        attendants = [*given.pop("attendant_posts"), *given.pop("attendant_units")]
        return {**given, "attendants": attendants}


def said_of(
    meeting: DispatchMeeting, attendants: list[Attendant], missing: Sequence[Organisation] = ()
) -> dict[str, Any]:
    """What the form of a meeting shows first; ``missing`` are units its agenda deals with."""
    plain = ("revision", "title", "on", "time", "where", "domain")
    initial: dict[str, Any] = {name: getattr(meeting, name) for name in plain}
    for name in ("chair_post", "unit", "area"):
        thing = getattr(meeting, name)
        initial[name] = thing.public_id if thing else None
    initial["attendant_posts"] = [row.post.public_id for row in attendants if row.post]
    units_there = [row.unit for row in attendants if row.post is None]
    initial["attendant_units"] = [unit.public_id for unit in (*units_there, *missing)]
    return initial


def proposed(form: forms.Form, missing: Sequence[Organisation]) -> None:
    """Say at the field which units are ticked because the agenda deals with them."""
    if missing:
        names = "、".join(unit.name for unit in missing)
        form.fields[
            "attendant_units"
        ].help_text = f"议程涉及、原来没有列入的已勾选：{names}。不参会的去掉勾选。"


class FinaliseForm(ActForm):
    """Making an agenda final; units it deals with that are not to attend yet are ticked."""

    also = UnitsField(
        label="一并列为参会单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="没有列为参会的单位看不到这次会议，也收不到通知。",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's
        missing: Sequence[Organisation] = (),
        **more: Any,  # noqa: ANN401 -- Django's
    ) -> None:
        super().__init__(*args, **more)
        keys = [unit.pk for unit in missing]
        found = units().filter(pk__in=keys)
        self.fields["also"].queryset = found  # type: ignore[attr-defined]
        self.fields["also"].initial = [unit.public_id for unit in missing]
        if not missing:
            del self.fields["also"]


class ItemForm(ActForm):
    """Something put on the agenda by hand."""

    title = forms.CharField(label="议题", max_length=300, help_text=SECRET)
    reason = forms.CharField(
        label="情况", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    ask = forms.CharField(label="请会议决定", required=False, max_length=300)
    tier = forms.TypedChoiceField(label="层次", choices=TIERS, coerce=int)
    unit = UnitField(label="所属单位", required=False, empty_label="不属于某一单位")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]


class TierForm(ActForm):
    """Into which tier an item belongs, and what is asked."""

    tier = forms.TypedChoiceField(label="层次", choices=TIERS, coerce=int)
    ask = forms.CharField(label="请会议决定", required=False, max_length=300)


class DecideForm(ActForm):
    """A decision: what, who, until when."""

    title = forms.CharField(label="议定事项", max_length=300, help_text=SECRET)
    what = forms.CharField(
        label="具体要求",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner_post = PostField(
        label="责任岗位",
        required=False,
        empty_label="不指定岗位",
        help_text="选了岗位，责任单位随岗位确定。",
    )
    owner_unit = UnitField(label="或责任单位", required=False, empty_label="请选择")
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    due = DayField(label="完成期限", required=False, help_text="不填为待定。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["owner_unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["owner_post"].queryset = posts(*OWNERS)  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Arguments of the action; the post brings its unit along."""
        given = super().values()
        if given["owner_post"] is not None:
            given["owner_unit"] = None
        return given


def decided_with(item: AgendaItem) -> dict[str, Any]:
    """What the form of a decision shows first: the thing and whoever owes or can solve it."""
    duty, blocker = item.duty, item.blocker
    post, leader, unit = None, None, item.unit
    if duty is not None:
        post, leader = duty.owner_post, duty.leader_post
    elif blocker is not None:
        post, leader, unit = blocker.remover_post, blocker.upper_post, blocker.remover_unit
    return {
        "revision": item.revision,
        "title": item.title,
        "owner_post": post.public_id if post else None,
        "owner_unit": unit.public_id if unit else None,
        "leader_post": leader.public_id if leader else None,
    }


class MinutesForm(ActForm):
    """The minutes as a file."""

    file = forms.FileField(label="会议纪要", help_text=f"支持 txt、docx，不超过 10 兆。{SECRET}")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".txt,.docx"
