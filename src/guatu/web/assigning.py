"""Giving several rows of a list to another unit or leader: checked on a 核对 page, all or none.

A list declares what it gives; rows that cannot be given are named with why and left out, and what
is left is shown once more before anything is written.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from guatu.register.campaign import act_now
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, RegisterError
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing, require
from guatu.register.recording import Act
from guatu.web.duties.forms import posts
from guatu.web.fields import PostChoice
from guatu.web.lists.returning import back_to, came_with
from guatu.web.projects.forms import units_of
from guatu.web.requests import OfficerRequest

MOST = 500
NOT_YOURS = "您的岗位无权办理这一项"
Row = Any


class AssignForm(forms.Form):
    """The unit several rows are given to, and why."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="责任单位", empty_label="请选择"
    )
    reason = forms.CharField(
        label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(standing)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What changes; what was left as it is stays out."""
        told = self.cleaned_data
        return {name: told[name] for name in ("unit", "leader_post") if told.get(name)}


class LedForm(AssignForm):
    """The same where a leader vouches for each row: unit, leader, or both."""

    leader_post = PostChoice(
        Post.objects.none(), label="包保领导", required=False, empty_label="不变"
    )
    field_order = ("unit", "leader_post", "reason")

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(standing, *args, **kwargs)
        self.fields["unit"].required = False
        self.fields["unit"].empty_label = "不变"  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a form that changes nothing."""
        if not self.errors and not self.given():
            raise forms.ValidationError("请选择要改成什么。")
        return self.cleaned_data


@dataclass(frozen=True)
class Assigning:
    """What a list gives.

    ``name`` follows a number, as in 个项目. ``policy`` opens the step, ``editable`` tells whether
    the officer may change one row, ``barred`` why it cannot be given as it stands.
    ``rows`` are those in sight, keyed by their subjects. ``give`` writes one row and raises what
    stands in the way.
    """

    name: str
    consequence: str
    policy: str
    rows: Callable[[Standing], QuerySet[Any]]
    editable: Callable[[Standing, Row], bool]
    told: Callable[[Row], str]
    give: Callable[[Act, Row, dict[str, Any]], object]
    here: str
    back: str
    form: type[AssignForm] = AssignForm
    barred: Callable[[Row], str] = lambda _row: ""

    def answer(self, request: OfficerRequest) -> HttpResponse:
        """Show which rows will change; change them when that was checked."""
        if request.as_of is not None:
            raise Http404
        require(request.standing, self.policy)
        rows = self._chosen(request)
        if not rows:
            messages.warning(request, "请先在列表中选中要办理的行。")
            return redirect(back_to(request, self.back))
        names = {row.pk: self.told(row) for row in rows}  # before any act touches the rows
        barred = {row.pk: self._barred(request.standing, row) for row in rows}
        free = [row for row in rows if not barred[row.pk]]
        refused = [(names[key], why) for key, why in barred.items() if why]
        checked = request.POST.get("checked") == "1"
        form = self.form(request.standing, request.POST if checked else None)
        if checked and free and form.is_valid():
            stopped = {} if refused else self._given(act_now(request.standing), free, form)
            if not refused and not stopped:
                messages.success(request, f"已调整 {len(free)} {self.name}。")
                return redirect(back_to(request, self.back))
            free = [row for row in free if row.pk not in stopped]
            refused += [(names[key], why) for key, why in stopped.items()]
            form.add_error(None, "下列各项不能这样调整。都还没有改动，其余的请再次确认。")
        kept = [(names[row.pk], str(row.subject.public_id)) for row in free]
        return self._page(request, kept, refused, form)

    def _barred(self, standing: Standing, row: Row) -> str:
        return self.barred(row) if self.editable(standing, row) else NOT_YOURS

    def _chosen(self, request: OfficerRequest) -> list[Row]:
        """Rows in sight among those sent; what is not in sight is as if it were not sent."""
        keys = []
        for text in request.POST.getlist("row")[:MOST]:
            try:
                keys.append(uuid.UUID(text))
            except ValueError:
                continue
        rows = self.rows(request.standing).filter(subject__public_id__in=keys)
        return list(rows.order_by("subject__code"))

    def _given(self, act: Act, rows: Sequence[Row], form: AssignForm) -> dict[int, str]:
        """Give all rows; where some cannot be, give none and return why by their keys."""
        stopped: dict[int, str] = {}
        act = act.because(form.cleaned_data["reason"].strip())
        with transaction.atomic():
            for row in rows:
                try:
                    with transaction.atomic():
                        self.give(act, row, form.given())
                except Forbidden:
                    stopped[row.pk] = NOT_YOURS
                except RegisterError as refusal:
                    stopped[row.pk] = str(refusal).rstrip("。")
            if stopped:
                transaction.set_rollback(True)
        return stopped

    def _page(
        self,
        request: OfficerRequest,
        kept: Sequence[tuple[str, str]],
        refused: Sequence[tuple[str, str]],
        form: AssignForm,
    ) -> HttpResponse:
        context = {
            "heading": f"调整 {len(kept)} {self.name}",
            "consequence": self.consequence,
            "affected": [name for name, _ in kept],
            "refused": refused,
            "keys": [key for _, key in kept],
            "idle": not kept,
            "form": form,
            "action": reverse(self.here),
            "back": back_to(request, self.back),
            "came": came_with(request),
            "submit": "确认调整",
        }
        return render(request, "lists/assign.html", context, status=422 if form.errors else 200)


def named(row: Row) -> str:
    """A row by code and title, with the unit it belongs to now."""
    subject = row.subject
    return f"{subject.code} {subject.title}（{subject.unit or '待定'}）"
