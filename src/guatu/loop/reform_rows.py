"""Rows of a list of reforms (重点改革任务清单) against the reforms there are.

A row is matched by the reform's own code, else by its name: no two reforms under way have the same.
A blank cell says nothing.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from guatu.loop.actions.reforms import ReformSaid, checked_reform
from guatu.loop.models import Reform
from guatu.register.campaign import current
from guatu.register.enums import Domain, SubjectKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import Issue, issue_of, normalised
from guatu.register.recording import Json

LABELS = {
    "name": "任务名称",
    "unit": "责任单位",
    "leader_post": "包保领导",
    "domain": "领域",
    "content": "改革内容",
    "result": "预期成果",
    "state": "状态",
    "due": "完成期限",
    "progress": "进展",
}
OF_SUBJECT = {"name": "title", "unit": "unit", "domain": "domain"}
"""Values that stand on the subject, and the columns they stand in."""
TEXTS = frozenset({"content", "result", "progress"})
OWN_CODE = re.compile(r"GG-\d+")
"""How this system numbers reforms; a ledger may have numbers of its own."""


@dataclass(frozen=True)
class ReformRow:
    """One row, read and typed.

    ``values``: names of :data:`LABELS`; units and posts are rows, ``due`` a date, ``state`` and
    ``domain`` codes; what the row does not say is left out. ``code`` is what the ledger calls the
    reform. ``cells``: name → key of the SourceCell.
    """

    values: Mapping[str, Any]
    number: int
    code: str = ""
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReformDiff:
    """What importing a row would do: ``changes`` is field → (old, new) as plain values."""

    row: ReformRow
    verdict: Verdict
    reform: Reform | None
    changes: Mapping[str, tuple[Json, Json]]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


class KnownReforms:
    """Reforms under way by code and by name, and the campaign's year; two queries for all rows."""

    def __init__(self) -> None:
        campaign = current()
        self.year = campaign.year if campaign else None
        self.by_code: dict[str, Reform] = {}
        self.by_name: dict[str, list[Reform]] = {}
        rows = Reform.objects.filter(subject__active=True, subject__kind=SubjectKind.REFORM)
        for row in rows.select_related("subject__unit", "leader_post__organisation"):
            self.by_code[row.subject.code] = row
            self.by_name.setdefault(normalised(row.subject.title), []).append(row)

    def meant(self, row: ReformRow) -> tuple[Reform | None, str]:
        """The reform a row means, None for a new one, and what forbids to tell."""
        if row.code in self.by_code:
            return self.by_code[row.code], ""
        found = self.by_name.get(normalised(row.values.get("name", "")), [])
        if len(found) > 1:
            return None, f"有 {len(found)} 项名称相近的改革任务，请填写任务编号。"
        return (found[0] if found else None), ""


def compare(rows: Sequence[ReformRow], known: KnownReforms) -> list[ReformDiff]:
    """Hold rows against what is known; two rows of one reform are both told."""
    seen: dict[object, int] = {}
    return [_diff(row, known, seen) for row in rows]


def _diff(row: ReformRow, known: KnownReforms, seen: dict[object, int]) -> ReformDiff:
    found, doubt = known.meant(row)
    name = normalised(row.values.get("name", ""))
    issues = [Issue(doubt, "name")] if doubt else _issues(row, found, known)
    key = found.pk if found else name
    if key in seen:
        issues.append(Issue(f"与第 {seen[key]} 行是同一项改革任务。", "name"))
    seen[key] = row.number
    if issues:
        return ReformDiff(row, Verdict.ERROR, found, {}, tuple(issues))
    if found is None:
        new = {key: (None, plain(key, value)) for key, value in row.values.items()}
        return ReformDiff(row, Verdict.NEW, None, new, notes=_numbered(row))
    changes = {
        key: (plain(key, present(found, key)), plain(key, value))
        for key, value in row.values.items()
        if present(found, key) != value and not _respelt(found, key, value)
    }
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return ReformDiff(row, verdict, found, changes)


def _issues(row: ReformRow, found: Reform | None, known: KnownReforms) -> list[Issue]:
    """The first thing the form would refuse, in its words."""
    told = {name: value for name, value in row.values.items() if name not in {"name", "unit"}}
    if "name" not in row.values:
        return [Issue("没有任务名称。", "name")]
    if found is not None and told.get("due") == found.due:
        told.pop("due", None)  # it stands already, whatever year it is of
    try:
        checked_reform(row.values["name"], cast("ReformSaid", told), known.year)
    except Invalid as refusal:
        return [issue_of(refusal)]
    others = known.by_name.get(normalised(row.values["name"]), [])
    if any(found is None or one.pk != found.pk for one in others):
        return [Issue("另有同名的改革任务，请核对名称和编号。", "name")]
    return []


def _numbered(row: ReformRow) -> tuple[str, ...]:
    if OWN_CODE.fullmatch(row.code):
        return (f"没有编号为「{row.code}」的改革任务，按新增导入，另编号。",)
    return ()


def _respelt(found: Reform, name: str, value: object) -> bool:
    """Tell whether a name differs in marks alone, or a text in how its lines are broken."""
    if name == "name":
        return normalised(str(value)) == normalised(found.subject.title)
    return name in TEXTS and str(value).split() == str(present(found, name)).split()


def present(found: Reform, name: str) -> Any:  # noqa: ANN401 -- any column
    """Value of a field as it stands."""
    if name in OF_SUBJECT:
        return getattr(found.subject, OF_SUBJECT[name])
    return getattr(found, name)


def plain(name: str, value: Any) -> Json:  # noqa: ANN401 -- any column
    """Value in words, blank as None."""
    if value in (None, ""):
        return None
    if name == "domain":
        return str(Domain(value).label)
    if name == "state":
        return str(Reform(state=value).get_state_display())
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def subject_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the subject among the values."""
    return {OF_SUBJECT[name]: value for name, value in values.items() if name in OF_SUBJECT}


def source_field(name: str) -> str:
    """Name of a field as ``Sourced`` keeps it.

    >>> source_field("content"), source_field("name")
    ('reform.content', 'subject.title')
    """
    return f"subject.{OF_SUBJECT[name]}" if name in OF_SUBJECT else f"reform.{name}"
