"""Forms of blockers. They check shape; what may be done is decided by the actions."""

from collections.abc import Mapping
from typing import Any

from django import forms

from guatu.loop.actions import FileGiven
from guatu.loop.blocker_causes import BlockerCause
from guatu.loop.models import Blocker
from guatu.loop.removers import Remover
from guatu.register.enums import Role
from guatu.register.evidence import ACCEPTED
from guatu.register.models import Post
from guatu.web.duties.forms import SECRET, ActForm, given_file, posts, units
from guatu.web.fields import PostField, UnitField

LONGEST = 2000
REMOVERS = (Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION, Role.SPECIALIST)


class RemoverFields(forms.Form):
    """A unit, and a post of it where one is meant; a post alone brings its unit along."""

    remover_unit = UnitField(label="由哪个单位解决", required=False)
    remover_post = PostField(label="或由哪个岗位解决", required=False, empty_label="不指定岗位")

    def offer(self, nobody: str) -> None:
        """Fill in the choices; ``nobody`` stands for no unit."""
        self.fields["remover_unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["remover_unit"].empty_label = nobody  # type: ignore[attr-defined]
        self.fields["remover_post"].queryset = posts(*REMOVERS)  # type: ignore[attr-defined]

    def remover(self) -> Remover | None:
        """Who was chosen."""
        unit, post = self.cleaned_data["remover_unit"], self.cleaned_data["remover_post"]
        if post is not None:
            return Remover(unit or post.organisation, post)
        return Remover(unit) if unit is not None else None


class RaiseForm(RemoverFields):
    """A cause; all else may stay empty."""

    cause = forms.ChoiceField(
        label="堵点成因", widget=forms.RadioSelect, error_messages={"required": "请点选一个成因。"}
    )
    what = forms.CharField(
        label="具体情况",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SECRET,
    )
    asked = forms.CharField(
        label="请求解决什么",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.FileField(label="照片或材料", required=False)
    field_order = ["cause", "what", "asked", "file", "remover_unit", "remover_post"]

    def __init__(self, *args: Any, causes: Mapping[str, BlockerCause], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [(code, one.name) for code, one in causes.items()]  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ACCEPTED
        self.offer("按成因自动确定")

    def clean_file(self) -> FileGiven | None:
        """Keep an upload within the limit."""
        return given_file(self.cleaned_data.get("file"))

    def values(self) -> dict[str, Any]:
        """Arguments of the action besides the cause."""
        file = self.cleaned_data["file"]
        return {
            "remover": self.remover(),
            "what": self.cleaned_data["what"],
            "asked": self.cleaned_data["asked"],
            "files": [file] if file else [],
        }


class WordsForm(ActForm):
    """Words under the name the action has for them."""

    name = "reason"
    label = "理由"
    needed = True

    def __init__(self, *args: Any, blocker: Blocker, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.blocker = blocker
        if self.name:
            self.fields[self.name] = forms.CharField(
                label=self.label,
                required=self.needed,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=SECRET,
            )


class PlainForm(WordsForm):
    """An act that asks for nothing."""

    name = ""


class AnswerForm(WordsForm):
    """How it was removed."""

    name, label = "answer", "怎样解决的"


class SettledForm(WordsForm):
    """What was settled above."""

    name, label = "words", "协调意见"


class UrgeForm(ActForm):
    """What is said with an urge; a usual sentence where nothing is."""

    words = forms.CharField(
        label="催办内容",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=SECRET,
    )


class SendUpForm(WordsForm):
    """To whom above; the nearest where nobody is chosen."""

    name, label, needed = "reason", "需要协调什么", False
    to = PostField(label="提请谁协调", required=False)
    field_order = ["to", "reason"]

    def offer(self, above: list[Post]) -> None:
        """Fill in who stands above, the nearest first."""
        keys = [post.pk for post in above]
        field = self.fields["to"]
        field.queryset = Post.objects.filter(pk__in=keys).select_related("organisation")  # type: ignore[attr-defined]
        field.empty_label = f"{above[0]}（最近一级）" if above else "没有更高一级"  # type: ignore[attr-defined]


class AssignForm(WordsForm, RemoverFields):
    """Who is to remove it instead, and what is asked of them."""

    name, label, needed = "words", "请其办理什么", False
    field_order = ["remover_unit", "remover_post", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.offer("请选择")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Ask for a unit or a post."""
        kept: dict[str, Any] = super().clean() or {}
        if not self.errors and self.remover() is None:
            self.add_error("remover_unit", "请选择单位或岗位。")
        return kept

    def values(self) -> dict[str, Any]:
        """Who, and the words."""
        return {"remover": self.remover(), "words": self.cleaned_data["words"]}


class TellForm(WordsForm):
    """What is told of a blocker."""

    name = ""
    title = forms.CharField(label="名称", max_length=300)
    what = forms.CharField(
        label="具体情况",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=SECRET,
    )
    asked = forms.CharField(
        label="请求解决什么",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, blocker: Blocker, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        told = {name: getattr(blocker, name) for name in ("title", "what", "asked")}
        kwargs["initial"] = {**told, **kwargs.get("initial", {})}
        super().__init__(*args, blocker=blocker, **kwargs)


class EditForm(TellForm):
    """The same with the cause."""

    cause = forms.ChoiceField(label="成因")
    field_order = ["title", "cause", "what", "asked"]

    def offer(self, causes: Mapping[str, BlockerCause]) -> None:
        """Fill in the causes."""
        self.fields["cause"].choices = [(code, one.name) for code, one in causes.items()]  # type: ignore[attr-defined]
        self.initial["cause"] = self.blocker.cause
