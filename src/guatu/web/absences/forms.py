"""Forms of absences."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from guatu.register.enums import APART, Role, Told
from guatu.register.models import Post
from guatu.register.policies import Standing
from guatu.register.rights import WRITERS
from guatu.web.fields import DayField, PostField


def posts_to_tell(standing: Standing) -> QuerySet[Post]:
    """Posts for which the officer may register an absence, in protocol order; as the policy."""
    own = standing.own_posts
    found = Post.objects.filter(active=True).exclude(role=Role.ENTERPRISE)
    found = found.select_related("organisation")
    if any(post.role == Role.SECURITY_ADMIN for post in own):
        return found
    mine = Q(pk__in=[post.pk for post in own])
    below = ~Q(role__in={*APART, Role.LEADER})
    if any(post.role == Role.OFFICE for post in own):
        return found.filter(mine | below)
    for post in own:
        if post.role in WRITERS:
            mine |= below & Q(organisation_id=post.organisation_id, rank__gte=post.rank)
    return found.filter(mine)


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who acts."""

    post = PostField(label="请假岗位")
    since = DayField(label="自")
    until = DayField(label="至", help_text="含当日，到期自行结束。")
    deputy_post = PostField(
        label="代理岗位",
        required=False,
        empty_label="不指定",
        help_text="不指定的，由本单位在岗负责人代管，没有的由专班代管。"
        "管理员、统计岗位只能由同类岗位代理，不指定即无人代理；代理岗位也请假的，由它的代理岗位接着代理。",
    )
    told = forms.ChoiceField(label="期间消息发给", choices=Told.choices, required=False)
    note = forms.CharField(label="事由", required=False, max_length=200)

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        deputies = Post.objects.filter(active=True).exclude(role=Role.ENTERPRISE)
        self.fields["post"].queryset = posts_to_tell(standing)  # type: ignore[attr-defined]
        self.fields["deputy_post"].queryset = deputies.select_related("organisation")  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day of an absence that ends early."""

    until = DayField(
        label="最后一天", help_text="早于起期即为取消；代理人当天已代办过的，改为当天结束。"
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
