"""Forms of visits. The first one is filled in at the site: a verdict, a sentence, done."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q

from guatu.loop.actions import FileGiven
from guatu.loop.actions.visits import TEXT_LENGTH
from guatu.loop.models import Companion, Finding, Visit
from guatu.loop.queries.visits import PLACES
from guatu.register.enums import EvidenceKind, Role
from guatu.register.evidence import ACCEPTED
from guatu.register.models import Post, Subject
from guatu.register.policies import Standing, in_sight
from guatu.web.blockers.forms import RaiseForm
from guatu.web.duties.forms import OWNERS, SECRET, ActForm, NewForm, given_file, posts, units
from guatu.web.fields import ChoiceAtTimesField, DayField, PostField, UnitsField, WordsAtTimesField


class PlaceFields(forms.Form):
    """Where: one of the offered, or by name or code."""

    led = ChoiceAtTimesField(label="您包保的项目", widget=forms.RadioSelect)
    subject = WordsAtTimesField(
        label="项目或企业",
        max_length=300,
        error_messages={"required": "请填写项目或企业。"},
        help_text="填写登记在册的全称或编号。",
    )

    def offer(self, standing: Standing, led: Sequence[Subject]) -> None:
        """Fill in who may be chosen by a tap."""
        self.standing = standing
        self.fields["led"].choices = [(str(one.public_id), one.title) for one in led]  # type: ignore[attr-defined]
        self.fields["subject"].required = not led
        if led and not self.initial.get("subject"):
            self.fields["subject"].label = "或填写其他项目或企业"
        if not led:
            del self.fields["led"]

    def clean(self) -> dict[str, Any]:
        """Find exactly one; what was typed goes before what was tapped."""
        kept: dict[str, Any] = super().clean() or {}
        text = kept.get("subject", "").strip()
        known = Subject.objects.filter(in_sight(self.standing), active=True, kind__in=PLACES)
        if text:
            found = list(known.filter(Q(title=text) | Q(code=text))[:2])
            if len(found) != 1:
                word = "没有找到" if not found else "不止一个"
                self.add_error("subject", f"「{text}」{word}，请核对全称，或填写编号。")
                return kept
        else:
            found = list(known.filter(public_id=kept["led"])) if kept.get("led") else []
            if not found and not {"led", "subject"} & set(self.errors):
                self.add_error("subject", "请点选或填写一个项目或企业。")
                return kept
        kept["subject"] = found[0] if found else None
        return kept


class FindingFields(forms.Form):
    """What was found: a verdict, a sentence, a picture where there is one."""

    verdict = forms.ChoiceField(
        label="结论", widget=forms.RadioSelect, error_messages={"required": "请点选一个结论。"}
    )
    text = forms.CharField(
        label="看到的情况",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SECRET,
        error_messages={"required": "请写一句看到的情况。"},
    )

    def tell(self, verdicts: Mapping[str, str]) -> None:
        """Fill in the verdicts of the day's rule."""
        self.fields["verdict"].choices = list(verdicts.items())  # type: ignore[attr-defined]


class PhotoField(forms.Form):
    """A picture or paper; always optional."""

    file = forms.FileField(label="照片或材料", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean_file(self) -> FileGiven | None:
        """Keep an upload within the limit."""
        file = given_file(self.cleaned_data.get("file"))
        return file._replace(kind=EvidenceKind.PHOTO) if file is not None else None

    def pictures(self) -> list[FileGiven]:
        """The file as the action takes it."""
        file = self.cleaned_data["file"]
        return [file] if file else []


class WhoFields(forms.Form):
    """When and who."""

    on = DayField(label="督帮日期")
    leader_post = PostField(label="督帮领导")
    companion_units = UnitsField(
        label="同行单位", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="备注", required=False, max_length=TEXT_LENGTH)

    def fill(self, own: Sequence[Post] = ()) -> None:
        """Fill in leaders and units, in protocol order; ``own`` posts stand instead of leaders."""
        leaders = posts(Role.LEADER)
        if own:
            leaders = Post.objects.filter(pk__in=[post.pk for post in own])
            self.fields["on"].label, self.fields["leader_post"].label = "走访日期", "走访岗位"
        self.fields["leader_post"].queryset = leaders  # type: ignore[attr-defined]
        self.fields["companion_units"].queryset = units()  # type: ignore[attr-defined]

    def who(self) -> dict[str, Any]:
        """Arguments of the action."""
        given = self.cleaned_data
        names = ("on", "leader_post", "note")
        return {name: given[name] for name in names} | {
            "companions": list(given["companion_units"])
        }


class VisitForm(PlaceFields, FindingFields, PhotoField, WhoFields):
    """A visit with its first finding."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's
        standing: Standing,
        led: Sequence[Subject],
        verdicts: Mapping[str, str],
        own: Sequence[Post] = (),
        **kwargs: Any,  # noqa: ANN401 -- Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(standing, led)
        self.tell(verdicts)
        self.fill(own)

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        given = self.cleaned_data
        told = {name: given[name] for name in ("subject", "text", "verdict")}
        return {**told, **self.who(), "files": self.pictures()}


class FindingForm(PlaceFields, FindingFields, PhotoField, ActForm):
    """Another place of the same visit."""

    field_order = ("led", "subject", "verdict", "text", "file")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's
        standing: Standing,
        led: Sequence[Subject],
        verdicts: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401 -- Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(standing, led)
        self.tell(verdicts)

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        given = self.cleaned_data
        told = {name: given[name] for name in ("subject", "text", "verdict")}
        return {**told, "files": self.pictures()}


class RetellForm(FindingFields, ActForm):
    """A finding told better."""

    def __init__(self, *args: Any, verdicts: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.tell(verdicts)


class EditForm(WhoFields, ActForm):
    """When, who, with whom. Who was there is a leader still, or the specialist still."""

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        there = visit.leader_post
        self.fill([] if there.role == Role.LEADER else [there])

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return self.who()


class ChargeForm(NewForm):
    """Whom a finding charges with what."""

    def values(self) -> dict[str, Any]:
        """Arguments of the action; no day is 待定."""
        given = dict(self.cleaned_data)
        return {**given, "due_text": "" if given["due"] else "待定"}


class BlockedForm(RaiseForm):
    """A blocker that was found; its pictures are those of the finding."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        del self.fields["file"]

    def values(self) -> dict[str, Any]:
        """Arguments of the action besides the cause."""
        told = {name: self.cleaned_data[name] for name in ("what", "asked")}
        return {"remover": self.remover(), **told}


def charged_with(finding: Finding) -> dict[str, Any]:
    """What the form of a charge shows first: the words, the place's unit, who was there."""
    unit, there = finding.subject.unit, finding.visit.leader_post
    owner = posts(*OWNERS).filter(organisation=unit).first() if unit is not None else None
    return {
        "what": finding.text,
        "owner_post": owner.public_id if owner else None,
        "leader_post": there.public_id if there.role == Role.LEADER else None,
    }


def said_of(visit: Visit, companions: list[Companion]) -> dict[str, Any]:
    """What the form of a visit shows first."""
    return {
        "revision": visit.revision,
        "on": visit.on,
        "leader_post": visit.leader_post.public_id,
        "note": visit.note,
        "companion_units": [row.unit.public_id for row in companions if row.post is None],
    }
