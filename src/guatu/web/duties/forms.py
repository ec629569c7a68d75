"""Forms of the acts on a duty. They check shape; what may be done is decided by the actions."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from guatu.loop.actions import ClaimGiven, FileGiven
from guatu.loop.enums import OPEN_BLOCKERS, Strength
from guatu.loop.models import Blocker, Duty
from guatu.register.enums import EvidenceKind, Role
from guatu.register.evidence import ACCEPTED
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import Standing, in_sight
from guatu.web.fields import DayField, PostField, UnitField, WordsAtTimesField

CLAIM_LENGTH = 300
MEGABYTE = 1024 * 1024
EVIDENCE_LIMIT = 20 * MEGABYTE
SECRET = "禁止录入涉密及工作秘密。"  # noqa: S105 -- a notice, not a password


def given_file(file: UploadedFile | None) -> FileGiven | None:
    """Take an upload within the limit; ValidationError for one beyond it."""
    if file is None:
        return None
    if (file.size or 0) > EVIDENCE_LIMIT:
        raise forms.ValidationError(f"「{file.name}」超过 20 兆。")
    return FileGiven(file.read(), PurePath(file.name or "").name)


class ActForm(forms.Form):
    """Base of all acts: carries the revision the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Arguments of the action besides the revision."""
        return {k: v for k, v in self.cleaned_data.items() if k != "revision"}


class ReasonForm(ActForm):
    """An act that needs its reason told."""

    reason = forms.CharField(
        label="理由", widget=forms.Textarea(attrs={"rows": 3}), help_text=SECRET, max_length=1000
    )


class OpinionForm(ActForm):
    """A decision with an opinion, which may be empty where it is favourable."""

    opinion = forms.CharField(
        label="意见", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )


class ExtensionForm(ReasonForm):
    """A later due day and why."""

    to_due = DayField(label="申请延至")
    field_order = ["to_due", "reason"]


class ReportForm(ActForm):
    """What changed; optionally what was achieved, with evidence of any kind."""

    text = forms.CharField(
        label="本次进展",
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "写有变化的情况"}),
        max_length=4000,
    )
    done = forms.BooleanField(label="已全部完成，提请核验办结", required=False)
    claim = forms.CharField(
        label="完成了什么",
        required=False,
        max_length=CLAIM_LENGTH,
        help_text="一句话写明可核验的结果；不填则取进展的前 300 字。",
    )
    file = forms.FileField(
        label="佐证材料",
        required=False,
        help_text=(
            "合同、付款凭证、批复、照片等任一种即可；pdf、docx、xlsx、txt 或图片，不超过 20 兆。"
        ),
    )
    evidence_kind = forms.ChoiceField(
        label="材料种类", choices=EvidenceKind.choices, required=False, initial=EvidenceKind.OTHER
    )
    blocker = forms.ModelChoiceField(
        label="卡在哪个堵点",
        queryset=Blocker.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="不涉及堵点",
    )

    def __init__(self, *args: Any, duty: Duty | None = None, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED
        standing_in_way = Blocker.objects.filter(duty=duty, state__in=OPEN_BLOCKERS)
        if duty is None:
            standing_in_way = standing_in_way.none()
        self.fields["blocker"].queryset = standing_in_way  # type: ignore[attr-defined]
        if not standing_in_way.exists():
            del self.fields["blocker"]

    def clean_file(self) -> FileGiven | None:
        """Keep an upload within the limit; what it is the action looks at."""
        return given_file(self.cleaned_data.get("file"))

    def clean(self) -> dict[str, Any]:
        """Take the file's kind along."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            kind = cleaned.get("evidence_kind") or EvidenceKind.OTHER
            cleaned["file"] = file._replace(kind=EvidenceKind(kind))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Text, claims and whether to submit."""
        given = self.cleaned_data
        claimed = given["done"] or given["claim"] or given["file"]
        claim = ClaimGiven(
            text=given["claim"] or given["text"][:CLAIM_LENGTH],
            closes=given["done"],
            files=[given["file"]] if given["file"] else (),
        )
        return {
            "text": given["text"],
            "claims": [claim] if claimed else [],
            "submit": given["done"],
            "blocker": given.get("blocker"),
        }


class SupplementForm(ReportForm):
    """What a co-owner adds; whether the duty is done is the owner's to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        del self.fields["done"]
        self.fields.pop("blocker", None)
        self.fields["text"].label = "补充情况"

    def values(self) -> dict[str, Any]:
        """Text and claims."""
        self.cleaned_data["done"] = False
        given = super().values()
        del given["submit"], given["blocker"]
        return given


def units() -> QuerySet[Organisation]:
    """Units that may own a duty, in protocol order."""
    return Organisation.objects.filter(active=True)


def posts(*roles: Role) -> QuerySet[Post]:
    """Posts of the given roles, in protocol order."""
    found = Post.objects.filter(active=True, role__in=roles)
    return found.select_related("organisation")


OWNERS = (Role.UNIT, Role.ATTRACTION, Role.SPECIALIST, Role.OFFICE, Role.LEADER)


class OwnerForm(forms.Form):
    """Who is to own several duties at once."""

    owner_post = PostField(
        label="责任岗位",
        required=False,
        empty_label="不变",
        help_text="选了岗位，责任单位随岗位确定。",
    )
    owner_unit = UnitField(
        label="责任单位",
        required=False,
        empty_label="不变",
        help_text="只选单位、不选岗位时，由该单位另行落实到岗位。",
    )
    leader_post = PostField(label="包保领导", required=False, empty_label="不变")
    reason = WordsAtTimesField(
        label="调整理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已下达的事项须说明。",
        max_length=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["owner_post"].queryset = posts(*OWNERS)  # type: ignore[attr-defined]
        self.fields["owner_unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]


class StrengthForm(forms.Form):
    """One strength for several duties."""

    strength = forms.ChoiceField(label="力度", choices=Strength.choices)
    reason = WordsAtTimesField(
        label="调整理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已下达的事项须说明。",
        max_length=1000,
    )


class UrgeForm(forms.Form):
    """What is said to those who are urged."""

    words = forms.CharField(
        label="催办的话",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不填则为「请尽快办理并反馈」。",
    )


class PostponeForm(forms.Form):
    """One later due day asked for several duties."""

    to_due = DayField(label="申请延至")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 2}))


class CoOwnerForm(ActForm):
    """A unit, or one of its posts, that is to help."""

    unit = UnitField(label="配合单位")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Who helps."""
        return {"who": self.cleaned_data["unit"]}


class PlaceForm(ActForm):
    """Who takes a place of a counted group: a firm or project the officer sees, by name or code."""

    subject = forms.CharField(
        label="单位或项目",
        max_length=300,
        help_text="填写登记在册的全称或编号。",
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.standing = standing

    def clean_subject(self) -> Subject:
        """Find exactly one."""
        text = self.cleaned_data["subject"].strip()
        known = Subject.objects.filter(in_sight(self.standing), active=True)
        found = list(known.filter(Q(title=text) | Q(code=text))[:2])
        if len(found) != 1:
            word = "没有找到" if not found else "不止一个"
            raise forms.ValidationError(f"「{text}」{word}，请核对全称，或填写编号。")
        return found[0]


class NewForm(forms.Form):
    """A duty somebody is charged with by word: 领导交办."""

    title = forms.CharField(label="事项", max_length=300, help_text=SECRET)
    what = forms.CharField(
        label="具体要求", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner_post = PostField(label="责任岗位", help_text="责任单位随岗位确定。")
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    due = DayField(label="期限", required=False, help_text="不填为待定。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["owner_post"].queryset = posts(*OWNERS)  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]


class EditForm(ActForm):
    """What a duty says; the due day of an issued duty is not among it."""

    title = forms.CharField(label="事项", max_length=300)
    what = forms.CharField(
        label="具体内容", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner_unit = UnitField(label="责任单位", required=False, empty_label="未定")
    owner_post = PostField(label="责任岗位", required=False, empty_label="未定")
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    due = DayField(label="期限", required=False, help_text="不填为待定。")
    due_text = forms.CharField(label="原文期限", required=False, max_length=60)
    reason = WordsAtTimesField(
        label="修改理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已下达的事项须说明。",
    )

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        querysets = {
            "owner_unit": units(),
            "owner_post": posts(*OWNERS),
            "leader_post": posts(Role.LEADER),
        }
        for name, found in querysets.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        if duty.state == "draft":
            del self.fields["reason"]
        elif duty.due is not None:
            del self.fields["due"]

    def values(self) -> dict[str, Any]:
        """New words; the reason belongs to the act."""
        return {k: v for k, v in super().values().items() if k != "reason"}
