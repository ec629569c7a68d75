"""Giving a target out: the matrix of units and months, filled by hand or by pasting."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.campaign.targets.importing import shares_now
from guatu.campaign.targets.sheets import (
    PLACES,
    Units,
    Unreadable,
    read_figure,
    read_pasted,
    share_from,
    units_to_give,
)
from guatu.engines.apportion import Share, balance, difference, places_of, total
from guatu.loop.actions.apportioning import DISAGREES, Sheet, decompose, place_name
from guatu.loop.models import Target
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import Organisation
from guatu.register.policies import require
from guatu.web.fields import WordsAtTimesField
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.targets.faces import implied_words, target_url, trimmed
from guatu.web.targets.sheets import UploadForm

LONGEST = 40


@dataclass(frozen=True)
class Box:
    """One input of the matrix; ``place`` is the header of its column."""

    name: str
    place: str
    label: str
    value: str
    wrong: str = ""


@dataclass(frozen=True)
class Line:
    """One unit's row: its inputs, the sum of its months and how far that is from its year."""

    unit: Organisation
    boxes: tuple[Box, ...]
    by_month: Any
    gap: Decimal | None
    implied: bool


@dataclass(frozen=True)
class Foot:
    """Sums of one column, what the district is to bring, and the difference."""

    label: str
    sum: Any
    whole: Decimal | None
    gap: Decimal | None


class MatrixForm(forms.Form):
    """The matrix as a form: one field a cell, so that each error stands at its cell."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    knowing = forms.BooleanField(label="差额已知，仍按此保存", required=False)
    reason = WordsAtTimesField(label="说明", max_length=120, help_text="差额的原因，随数一起留存。")
    paste = forms.CharField(label="从 Excel 粘贴", required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units.rows:
            for place in PLACES:
                name = field_of(unit.pk, place)
                label = f"{unit} {place_name(place)}"
                # Longer than any figure: what is too long is refused by its own sentence.
                self.fields[name] = forms.CharField(label=label, required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Read every cell; what is no figure is told at its place."""
        told: dict[str, Any] = super().clean() or {}
        for unit in self.units.rows:
            for place in PLACES:
                name = field_of(unit.pk, place)
                try:
                    told[name] = read_figure(told.get(name) or "")
                except ValueError:
                    self.add_error(name, "不是数，请填写数字或留空。")
        if told.get("knowing") and not (told.get("reason") or "").strip():
            self.add_error("reason", "请说明差额的原因。")
        return told

    def shares(self) -> dict[int, Share]:
        """Shares of the units that are given anything."""
        found = {
            unit.pk: share_from(
                {place: self.cleaned_data[field_of(unit.pk, place)] for place in PLACES}
            )
            for unit in self.units.rows
        }
        return {key: share for key, share in found.items() if not share.empty}


def field_of(unit: int, place: str) -> str:
    """Name of a cell, as the action names it in a refusal."""
    return f"{unit}-{place}"


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def give(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show the matrix; fill it from pasted rows, or keep it whole."""
    target = Target.objects.select_related("subject", "indicator").filter(public_id=key).first()
    if target is None or not target.kind or request.as_of is not None:
        raise Http404
    require(request.standing, "target.decompose", target)
    now = shares_now(target)
    units = units_to_give(now)
    if request.method == "POST" and "fill" in request.POST:
        return _filled(request, target, units)
    form = MatrixForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid() and _kept(request, target, form):
        return redirect(target_url(target))
    texts = _texts(form.data if form.is_bound else None, units, now)
    status = 422 if form.errors else 200
    return _page(request, target, form, texts, status)


def _kept(request: OfficerRequest, target: Target, form: MatrixForm) -> bool:
    told = form.cleaned_data
    act = act_now(request.standing, told["reason"].strip())
    sheet = Sheet(form.shares(), f"{request.standing.posts[0]}分解", told["knowing"])
    try:
        kept = decompose(act, target, sheet, expected_revision=told["revision"])
    except RegisterError as refusal:
        tell(form, refusal, revision=target)
        return False
    told_by_unit = {str(key): share for key, share in sheet.shares.items()}
    implied = implied_words(balance(told_by_unit, target.base, target.stretch))
    words = f"已保存分解，{kept} 个数有变动。{implied}" if kept else "没有变动。"
    messages.success(request, words)
    return True


Texts = Mapping[tuple[int, str], str]


def _texts(data: Any, units: Units, now: Mapping[int, Share]) -> Texts:  # noqa: ANN401 -- form data
    """What stands in every cell: what was sent, else what holds."""
    found = {}
    for unit in units.rows:
        held = places_of(now.get(unit.pk, Share()))
        for place in PLACES:
            if data is not None:
                found[unit.pk, place] = data.get(field_of(unit.pk, place), "")[:LONGEST]
            else:
                found[unit.pk, place] = _written(held[place])
    return found


def _written(value: Decimal | None) -> str:
    return "" if value is None else trimmed(value).replace(",", "")


def _filled(request: OfficerRequest, target: Target, units: Units) -> HttpResponse:
    """Put pasted rows into the matrix; nothing is kept yet."""
    form = MatrixForm(request.POST, units=units)
    form.is_valid()
    form.errors.clear()
    texts = dict(_texts(request.POST, units, {}))
    try:
        pasted = read_pasted(request.POST.get("paste", ""), units)
    except Unreadable as refusal:
        form.add_error("paste", str(refusal))
        return _page(request, target, form, texts, 422)
    for unit, told in pasted.texts.items():
        texts |= {(unit, place): text[:LONGEST] for place, text in told.items()}
    if pasted.unknown:
        names = "、".join(pasted.unknown[:10])
        form.add_error("paste", f"这些行没有放入，单位名称不认识或重复：{names}")
    else:
        messages.info(request, f"已填入 {len(pasted.texts)} 个单位，尚未保存，请核对后保存。")
    return _page(request, target, form, texts, 422 if pasted.unknown else 200)


def _page(
    request: OfficerRequest, target: Target, form: MatrixForm, texts: Texts, status: int
) -> HttpResponse:
    values = {place: _figure(text) for place, text in texts.items()}
    # Units with figures first, each half in protocol order.
    rows = sorted(form.units.rows, key=lambda u: all(not texts[u.pk, p].strip() for p in PLACES))
    lines = [_line(unit, texts, values, form) for unit in rows]
    shares = {
        str(unit.pk): share_from({place: values[unit.pk, place] for place in PLACES})
        for unit in form.units.rows
    }
    given = {key: share for key, share in shares.items() if not share.empty}
    top = " ".join(map(str, form.non_field_errors()))
    context = {
        "target": target,
        "form": form,
        "lines": lines,
        "places": [(place, place_name(place)) for place in PLACES],
        "feet": list(_feet(target, given)),
        "balance": balance(given, target.base, target.stretch),
        "revision": target.revision,
        "disagrees": DISAGREES in top or form.data.get("knowing"),
        "upload": UploadForm(),
        "back": target_url(target),
        "upload_action": reverse("targets:upload", args=[target.public_id]),
    }
    return render(request, "targets/give.html", context, status=status)


def _figure(text: str) -> Decimal | None:
    try:
        return read_figure(text)
    except ValueError:
        return None


def _line(
    unit: Organisation,
    texts: Texts,
    values: Mapping[tuple[int, str], Decimal | None],
    form: MatrixForm,
) -> Line:
    share = share_from({place: values[unit.pk, place] for place in PLACES})
    boxes = tuple(
        Box(
            field_of(unit.pk, place),
            place_name(place),
            f"{unit} {place_name(place)}",
            texts[unit.pk, place],
            " ".join(map(str, form.errors.get(field_of(unit.pk, place), []))),
        )
        for place in PLACES
    )
    by_month = share.by_month if not share.empty else None
    return Line(unit, boxes, by_month, share.month_difference, bool(share.implied))


def _feet(target: Target, given: Mapping[str, Share]) -> Iterable[Foot]:
    """Sums by column; year and stretch have a target to be compared with."""
    whole = {"year": target.base, "stretch": target.stretch}
    for place in PLACES:
        told = total(places_of(share)[place] for share in given.values())
        gap = difference(whole.get(place), told)
        yield Foot(place_name(place), told, whole.get(place), gap)
