"""Forms of the acts on a letter. They check shape; what may be done is decided by the actions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from guatu.loop.letter_kinds import LetterKind
from guatu.loop.letter_text import BODY_LENGTH, TITLE_LENGTH
from guatu.loop.models import Letter, LetterCopy
from guatu.register.enums import ADMINISTRATORS, Role, SubjectKind
from guatu.register.models import Post, Subject
from guatu.register.policies import Standing, in_sight
from guatu.web.duties.forms import SECRET, ActForm, ReportForm, units
from guatu.web.fields import PostField, PostsField, UnitField, UnitsField


class KindForm(forms.Form):
    """Which kind of letter is to be drafted."""

    kind = forms.ChoiceField(label="种类", widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: Mapping[str, LetterKind], **more: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **more)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, _told(kind)) for code, kind in kinds.items()
        ]


CHOICES_TOLD = 5


class StartForm(KindForm):
    """A letter about a project or a firm: about which, to whom, and what is asked."""

    subject = forms.CharField(
        label="对象",
        max_length=120,
        help_text="项目或企业的编号、名称；名称写出能区别的几个字即可。",
    )
    addressee_unit = UnitField(label="主送单位")
    what = forms.CharField(
        label="要办什么",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=BODY_LENGTH // 2,
        help_text=f"一行一段，作为正文；要求和结束语由系统接在后面。{SECRET}",
    )
    title = forms.CharField(
        label="标题", max_length=TITLE_LENGTH, required=False, help_text="不填则按种类和对象拟出。"
    )
    field_order = ["subject", "kind", "addressee_unit", "what", "title"]

    def __init__(self, *args: Any, standing: Standing, **more: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **more)
        self.standing = standing
        self.told = more["kinds"]
        self.fields["addressee_unit"].queryset = units()  # type: ignore[attr-defined]

    def clean_subject(self) -> Subject:
        """Find the one project or firm the words name; ValidationError where none or several."""
        words = self.cleaned_data["subject"].strip()
        seen = subjects_of_letters(self.standing)
        code = words.split()[0] if words else ""
        exact = seen.filter(Q(code=code) | Q(title=words)).order_by("pk")
        found = list(exact[:2]) or list(
            seen.filter(title__contains=words).order_by("pk")[: CHOICES_TOLD + 1]
        )
        if not found:
            raise forms.ValidationError(f"没有找到「{words}」，请写项目或企业的编号或名称。")
        if len(found) > 1:
            told = "、".join(f"{one.code} {one.title}" for one in found[:CHOICES_TOLD])
            more = "等" if len(found) > CHOICES_TOLD else ""
            raise forms.ValidationError(f"「{words}」不止一个：{told}{more}。请写编号。")
        return found[0]

    def values(self) -> dict[str, Any]:
        """Arguments of the action: the asking words of the kind follow those given."""
        given = self.cleaned_data
        ask = self.told[given["kind"]].ask
        return {
            "kind": given["kind"],
            "subject": given["subject"],
            "addressee": given["addressee_unit"],
            "title": given["title"],
            "body": f"{given['what']}\n{ask}",
        }


def subjects_of_letters(standing: Standing) -> QuerySet[Subject]:
    """Projects and firms in sight, which a letter may be about without a duty."""
    kinds = (SubjectKind.PROJECT, SubjectKind.ENTERPRISE)
    return Subject.objects.filter(in_sight(standing), kind__in=kinds)


def _told(kind: LetterKind) -> str:
    days = f"{kind.reply_days} 个工作日内回复" if kind.reply_days else "不要求回复"
    return f"{kind.name}（{Role(kind.signer.role).label}签发，{days}）"


class DraftForm(ActForm):
    """What a letter says, whom it goes to and who signs it."""

    title = forms.CharField(label="标题", max_length=TITLE_LENGTH, help_text=SECRET)
    addressee_unit = UnitField(label="主送单位")
    addressee_post = PostField(label="收件岗位", required=False, empty_label="单位任一经办岗位")
    body = forms.CharField(
        label="正文",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=BODY_LENGTH,
        help_text="一行一段；回复要求和结束语由系统接在后面。",
    )
    reply_days = forms.IntegerField(
        label="几个工作日内回复", required=False, min_value=1, max_value=60
    )
    closing = forms.CharField(label="结束语", max_length=60, required=False)
    attachments = forms.CharField(
        label="附件名称",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="一行一件。",
    )
    signer_post = PostField(label="签发岗位")
    copy_posts = PostsField(label="抄送领导", required=False, widget=forms.CheckboxSelectMultiple)
    copy_units = UnitsField(label="抄送单位", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- Django's
        letter: Letter,
        kind: LetterKind,
        copies: list[LetterCopy],
        **more: Any,  # noqa: ANN401 -- Django's
    ) -> None:
        super().__init__(*args, **more)
        posts = Post.objects.filter(active=True).select_related("organisation")
        named = [copy.post_id for copy in copies if copy.post_id]
        business = posts.exclude(role__in=ADMINISTRATORS)
        querysets = {
            "addressee_unit": units(),
            "addressee_post": business.filter(organisation=letter.addressee_unit),
            "signer_post": kind.signer.posts(),
            "copy_posts": posts.filter(Q(role=Role.LEADER) | Q(pk__in=named)),
            "copy_units": units(),
        }
        self.fields["reply_days"].required = kind.reply_days is not None
        if self.is_bound:
            querysets["addressee_post"] = business
        for name, found in querysets.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A post belongs to the unit it is chosen with."""
        cleaned = super().clean() or {}
        unit, post = cleaned.get("addressee_unit"), cleaned.get("addressee_post")
        if unit and post and post.organisation_id != unit.pk:
            cleaned["addressee_post"] = None
        return cleaned

    def values(self) -> dict[str, Any]:
        """Arguments of the action: one addressee, all copies."""
        given = super().values()
        unit, post = given.pop("addressee_unit"), given.pop("addressee_post")
        copies = [*given.pop("copy_posts"), *given.pop("copy_units")]
        return {**given, "addressee": post or unit, "copies": copies}


def drafted_with(letter: Letter, copies: list[LetterCopy]) -> dict[str, Any]:
    """What the form of a draft shows first."""
    plain = ("revision", "title", "body", "reply_days", "closing", "attachments")
    named = ("addressee_unit", "addressee_post", "signer_post")
    initial: dict[str, Any] = {name: getattr(letter, name) for name in plain}
    for name in named:
        thing = getattr(letter, name)
        initial[name] = thing.public_id if thing else None
    initial["copy_posts"] = [copy.post.public_id for copy in copies if copy.post]
    initial["copy_units"] = [copy.unit.public_id for copy in copies if copy.post is None]
    return initial


class FreshForm(ActForm):
    """The text of a letter as it is drawn up today, to be read over and changed before it stays."""

    body = forms.CharField(
        label="重新起草后的正文",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=BODY_LENGTH,
        help_text="保存的就是这里的文字；手工写的段落仍在原处，可以再改。",
    )


class SignForm(ActForm):
    """The signature, and whether the letter goes out at once; that its cause is over, where so."""

    although_over = forms.BooleanField(required=False)
    deliver_now = forms.BooleanField(label="签发后立即送达", required=False, initial=True)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        if letter.cause_is_over:
            self.fields["although_over"].label = f"{letter.overtaken}，仍要签发"
        else:
            del self.fields["although_over"]


class ReplyForm(ReportForm):
    """What was done about a letter, with evidence of any kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        del self.fields["done"], self.fields["claim"]
        self.fields["text"].label = "回复内容"
        self.fields["text"].help_text = SECRET
        self.fields["text"].widget.attrs["placeholder"] = "原因、措施、责任人和完成时间"

    def values(self) -> dict[str, Any]:
        """Text and files."""
        given = self.cleaned_data
        return {"text": given["text"], "files": [given["file"]] if given["file"] else []}
