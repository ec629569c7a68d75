"""Acts on what plans share: crews, desks, equipment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guatu.loop.enums import ResourceKind
from guatu.loop.models import Activity, Resource
from guatu.loop.plan.capacity import MOST, checked_periods
from guatu.loop.plan.sharing import SEPARATORS
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Organisation
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
NAME_LENGTH, NOTE_LENGTH = 60, 300


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a resource is to be."""

    name: str
    kind: ResourceKind
    capacity: int
    unit: Organisation | None = None
    note: str = ""
    periods: Sequence[Mapping[str, Any]] = ()


def add_resource(act: Act, said: Said, *, code: str) -> Resource:
    """Register a resource that plans can need from now on. Raises Invalid naming what is wrong."""
    require(act.standing, "resource.change")
    if not CODE.fullmatch(code):
        raise Invalid("代码以小写字母开头，只含小写字母、数字、- 和 _，不超过 40 位。", "code")
    if Resource.objects.filter(code=code).exists():
        raise Invalid(f"代码「{code}」已用于另一项资源。", "code")
    values = _checked(said)
    return create(act, "resource.add", Resource(code=code, **values))


def change_resource(
    act: Act, resource: Resource, said: Said, *, reason: str, expected_revision: int | None = None
) -> Resource:
    """Change a resource; plans are not moved by it until they are levelled anew.

    Raises Invalid naming what is wrong or the work that needs more than there would be; Stale.
    """
    require(act.standing, "resource.change", resource)
    if expected_revision is not None and expected_revision != resource.revision:
        raise Stale("这项资源刚被别人改过。")
    if not reason.strip():
        raise Invalid("资源由各计划共用，请写明改动理由。", "reason")
    values = _checked(said, resource)
    with transaction.atomic():
        _check_uses(resource, values)
        return change(act.because(reason.strip()), "resource.change", resource, **values)


def _check_uses(resource: Resource, values: Mapping[str, Any]) -> None:
    """Refuse fewer, even at the most, than one piece of unfinished work needs."""
    capacity = Resource(capacity=values["capacity"], periods=values["periods"]).peak
    if capacity >= resource.peak:
        return
    rows = Activity.objects.filter(finished=None, duration__gt=0).exclude(needs={})
    for row in rows.select_related("subject"):
        number = row.needs.get(resource.code, 0)
        if number > capacity:
            raise Invalid(
                f"{row.subject.title}「{row.name}」需要 {number}，数量不能少于它。", "capacity"
            )


def _checked(said: Said, resource: Resource | None = None) -> dict[str, Any]:
    name, note = said.name.strip(), said.note.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"请填写资源名称，不超过 {NAME_LENGTH} 字。", "name")
    if SEPARATORS.search(name):
        raise Invalid("资源名称里不用顿号、逗号和分号。", "name")
    others = Resource.objects.filter(name=name)
    if any(other != resource for other in others):
        raise Invalid(f"已有名为「{name}」的资源。", "name")
    if not 1 <= said.capacity <= MOST:
        raise Invalid(f"数量须为 1 到 {MOST} 的整数。", "capacity")
    if len(note) > NOTE_LENGTH:
        raise Invalid(f"备注不超过 {NOTE_LENGTH} 字。", "note")
    return {
        "name": name,
        "kind": said.kind,
        "capacity": said.capacity,
        "unit": said.unit,
        "note": note,
        "periods": checked_periods(said.periods),
    }
