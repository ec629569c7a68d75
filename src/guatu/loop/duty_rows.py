"""Rows of a supervision ledger (督办台账) against the duties there are.

A row is matched by the duty's own code (a list that was exported comes back), else by its words
and owner unit. A blank cell says nothing; one that names units that help names all of them. What
only an act of its own may change is told and left: the due day of an issued duty (extension), its
closing (review).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guatu.loop.actions.drafting import TITLE_LENGTH
from guatu.loop.campaign_days import campaign_start
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.enums import Verdict
from guatu.register.ledgers import Issue, normalised
from guatu.register.models import Organisation, Post
from guatu.register.recording import Json

LABELS = {
    "title": "事项",
    "what": "要求",
    "owner_unit": "责任单位",
    "owner_post": "责任岗位",
    "leader_post": "包保领导",
    "co_owners": "配合单位",
    "due": "完成期限",
    "due_text": "期限原文",
    "progress": "进展情况",
}
TEXTS = frozenset({"what", "progress"})
OWN_CODE = re.compile(r"ZR-\d+")
"""How this system numbers duties; a ledger may have numbers of its own."""


@dataclass(frozen=True)
class DutyRow:
    """One row, read and typed.

    ``values``: names of :data:`LABELS`; units and posts are rows, ``co_owners`` a tuple of units,
    ``due`` a date, ``due_text`` what stands in its place; what the row does not say is left out.
    ``code`` is what the ledger calls the duty, ``finished`` the day it says the duty was done.
    ``unknown_helpers``: units are named that nobody knows. ``cells``: name → key of the SourceCell.
    """

    values: Mapping[str, Any]
    number: int
    code: str = ""
    finished: dt.date | None = None
    unknown_helpers: bool = False
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DutyDiff:
    """What importing a row would do: ``changes`` is field → (old, new) as plain values."""

    row: DutyRow
    verdict: Verdict
    duty: Duty | None
    changes: Mapping[str, tuple[Json, Json]]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


class KnownDuties:
    """Duties by code and by words and unit, with who helps, and the first day of the campaign.

    Three queries for all rows.
    """

    def __init__(self) -> None:
        self.first_day = campaign_start()
        self.by_code: dict[str, Duty] = {}
        self.by_words: dict[tuple[str, int | None], list[Duty]] = {}
        rows = Duty.objects.select_related("owner_unit", "owner_post", "leader_post", "subject")
        for duty in rows.prefetch_related("co_owners__unit"):
            self.by_code[duty.code] = duty
            key = (normalised(duty.title), duty.owner_unit_id)
            self.by_words.setdefault(key, []).append(duty)

    def meant(self, row: DutyRow) -> tuple[Duty | None, str]:
        """The duty a row means, None for a new one, and what forbids to tell."""
        if row.code in self.by_code:
            return self.by_code[row.code], ""
        unit = row.values.get("owner_unit")
        key = (normalised(row.values.get("title", "")), unit.pk if unit else None)
        found = [duty for duty in self.by_words.get(key, []) if duty.state != DutyState.CLOSED]
        if len(found) > 1:
            return None, f"同一责任单位有 {len(found)} 项同名事项，请填写事项编号。"
        return (found[0] if found else None), ""


def compare(rows: Sequence[DutyRow], known: KnownDuties) -> list[DutyDiff]:
    """Hold rows against what is known; two rows of one duty are both told."""
    seen: dict[object, int] = {}
    return [_diff(row, known, seen) for row in rows]


def _diff(row: DutyRow, known: KnownDuties, seen: dict[object, int]) -> DutyDiff:
    issues = _issues(row)
    found, doubt = known.meant(row)
    if doubt:
        issues.append(Issue(doubt, "title"))
    issues += _too_early(row, found, known.first_day)
    unit = row.values.get("owner_unit")
    words = (normalised(row.values.get("title", "")), unit.pk if unit else None)
    key = found.pk if found else words
    if key in seen:
        issues.append(Issue(f"与第 {seen[key]} 行是同一事项。", "title"))
    seen[key] = row.number
    if issues:
        return DutyDiff(row, Verdict.ERROR, found, {}, tuple(issues))
    row = _as_meant(row, found)
    if found is None:
        return _new(row)
    changes, notes = _changes(row, found)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return DutyDiff(row, verdict, found, changes, notes=notes)


def _as_meant(row: DutyRow, found: Duty | None) -> DutyRow:
    """Return the row with all units that help afterwards, and without words a day takes over.

    The owner unit is no helper. Where a unit is named that nobody knows, nobody's help ends: it may
    be the one that is misspelt.
    """
    values = dict(row.values)
    if "co_owners" in values:
        post = values.get("owner_post")
        owner = values.get("owner_unit") or (post.organisation if post else None)
        owner = owner or (found.owner_unit if found else None)
        kept = present(found, "co_owners") if found and row.unknown_helpers else ()
        values["co_owners"] = tuple(
            unit for unit in dict.fromkeys((*kept, *values["co_owners"])) if unit != owner
        )
        if not values["co_owners"]:
            del values["co_owners"]
    if found is not None and found.due is None and found.due_text and "due" in values:
        values["due_text"] = ""
    return replace(row, values=values)


def _new(row: DutyRow) -> DutyDiff:
    changes: dict[str, tuple[Json, Json]] = {
        name: (None, plain(value)) for name, value in row.values.items()
    }
    notes = _closing(row, None)
    if OWN_CODE.fullmatch(row.code):
        notes += (f"没有编号为「{row.code}」的事项，按新增导入，另编号。",)
    if not row.values.get("owner_unit") and not row.values.get("owner_post"):
        changes.pop("progress", None)
        notes += ("没有责任单位，导入后留作拟定。",)
    return DutyDiff(row, Verdict.NEW, None, changes, notes=notes)


def _issues(row: DutyRow) -> list[Issue]:
    title, unit, post = (row.values.get(name) for name in ("title", "owner_unit", "owner_post"))
    if not title:
        return [Issue("没有事项名称。", "title")]
    if len(title) > TITLE_LENGTH:
        return [Issue(f"事项名称不能超过 {TITLE_LENGTH} 字，细节请写在任务要求里。", "title")]
    if isinstance(post, Post) and isinstance(unit, Organisation):
        inside = post.organisation.path.startswith(unit.path)
        return [] if inside else [Issue(f"「{post}」不在责任单位「{unit}」之内。", "owner_post")]
    return []


def _too_early(row: DutyRow, found: Duty | None, first_day: dt.date | None) -> list[Issue]:
    """Refuse a new due day before the campaign; one that stands already is left."""
    due = row.values.get("due")
    if due is None or first_day is None or due >= first_day or (found and found.due == due):
        return []
    return [Issue(f"完成时限 {due} 早于攻坚年开始的 {first_day}，请核对年份。", "due")]


def _closing(row: DutyRow, found: Duty | None) -> tuple[str, ...]:
    """Say that a closing is not taken over: it needs the claim and the review of its kind."""
    if row.finished is None or (found is not None and found.state == DutyState.CLOSED):
        return ()
    return (f"台账写明 {row.finished} 已办结，办结须经核验，没有改。",)


def _changes(row: DutyRow, found: Duty) -> tuple[dict[str, tuple[Json, Json]], tuple[str, ...]]:
    notes = list(_closing(row, found))
    if found.state == DutyState.CLOSED:
        return {}, (*notes, f"「{found.code}」已办结，这一行没有导入。")
    changes: dict[str, tuple[Json, Json]] = {}
    for name, value in row.values.items():
        old, new = plain(present(found, name)), plain(value)
        if old != new and not _respelt(found, name, value):
            changes[name] = (old, new)
    issued = found.state != DutyState.DRAFT
    if "progress" in changes and (not issued or found.returned_reason):
        notes.append("拟定或已退回的事项，进展由责任单位报告，没有导入。")
        del changes["progress"]
    if issued and "due" in changes and found.due is not None:
        notes.append(f"期限由 {found.due} 改为 {row.values['due']} 须经延期审批，没有改。")
        del changes["due"]
    if "due_text" in changes and found.due is not None:
        notes.append(f"期限写作「{row.values['due_text']}」，原期限 {found.due} 没有改。")
        del changes["due_text"]
    if "co_owners" in changes:
        notes += _no_longer(row, found)
    return changes, tuple(notes)


def _respelt(found: Duty, name: str, value: object) -> bool:
    """Tell whether a title differs in marks alone, or a text in how its lines are broken."""
    if name == "title":
        return normalised(found.title) == normalised(str(value))
    return name in TEXTS and str(value).split() == str(present(found, name)).split()


def _no_longer(row: DutyRow, found: Duty) -> list[str]:
    """Say whose help ends."""
    over = [unit for unit in present(found, "co_owners") if unit not in row.values["co_owners"]]
    names = plain(tuple(over))
    return [f"这一行没有列「{names}」，导入后不再是配合单位。"] if names else []


def present(found: Duty, name: str) -> Any:  # noqa: ANN401 -- any column
    """Value of a field as it stands."""
    if name == "co_owners":
        return tuple(dict.fromkeys(row.unit for row in found.co_owners.all() if not row.ended))
    return getattr(found, name)


def plain(value: Any) -> Json:  # noqa: ANN401 -- any column
    """Value as text, several as one list in words, blank as None."""
    if value in (None, "", ()):
        return None
    if isinstance(value, tuple):
        return "、".join(sorted(str(one) for one in value))
    return str(value)
