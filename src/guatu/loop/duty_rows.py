"""Rows of a supervision ledger (督办台账) against the duties there are.

A row is matched by the duty's own code (a list that was exported comes back), else by the number
the ledger gives it, else by its words and owner unit. A blank cell says nothing; one that names
units that help names all of them. What only an act of its own may change is told and left: the due
day of an issued duty (extension), its closing (review).
"""

import datetime as dt
import re
import unicodedata
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
    "outside_number": "台账编号",
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
SERIAL = re.compile(r"\d{0,4}")
"""A number that tells rows of one table apart and no more: every ledger has its 1, 2, 3."""
NUMBER_LENGTH = 60


@dataclass(frozen=True)
class DutyRow:
    """One row, read and typed.

    ``values``: names of :data:`LABELS`; units and posts are rows, ``co_owners`` a tuple of units,
    ``due`` a date, ``due_text`` what stands in its place; what the row does not say is left out.
    ``code`` is our own code of the duty, ``finished`` the day the row says the duty was done.
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
    """Duties by code, number, words and unit, with who helps, and the campaign's first day.

    Three queries for all rows.
    """

    def __init__(self) -> None:
        self.first_day = campaign_start()
        self.by_code: dict[str, Duty] = {}
        self.by_number: dict[str, list[Duty]] = {}
        self.by_words: dict[tuple[str, int | None], list[Duty]] = {}
        rows = Duty.objects.select_related("owner_unit", "owner_post", "leader_post", "subject")
        for duty in rows.prefetch_related("co_owners__unit"):
            self.by_code[duty.code] = duty
            self.by_words.setdefault(_words(duty.title, duty.owner_unit_id), []).append(duty)
            if number := identifying(duty.outside_number):
                self.by_number.setdefault(number, []).append(duty)

    def meant(self, row: DutyRow) -> tuple[Duty | None, str]:
        """The duty a row means, None for a new one, and what forbids to tell."""
        if row.code in self.by_code:
            return self.by_code[row.code], ""
        unit = row.values.get("owner_unit")
        key = _words(row.values.get("title", ""), unit.pk if unit else None)
        number = identifying(row.values.get("outside_number", ""))
        numbered = self._numbered(number, key)
        if len(numbered) > 1:
            return None, f"有 {len(numbered)} 项事项的台账编号都是「{number}」，请填写本系统编号。"
        if numbered:
            return numbered[0], ""
        found = [duty for duty in self.by_words.get(key, []) if duty.state != DutyState.CLOSED]
        if len(found) > 1:
            return None, f"同一责任单位有 {len(found)} 项同名事项，请填写事项编号。"
        return (found[0] if found else None), ""

    def _numbered(self, number: str, key: tuple[str, int | None]) -> list[Duty]:
        """Duties of a number: those of the same words, else what is open.

        A closed duty of other words lost its number to the one the row means.
        """
        found = self.by_number.get(number, [])
        same = [duty for duty in found if _words(duty.title, duty.owner_unit_id) == key]
        still = [duty for duty in same or found if duty.state != DutyState.CLOSED]
        return still or same[:1]


def _words(title: str, unit: int | None) -> tuple[str, int | None]:
    return normalised(title), unit


def identifying(number: str) -> str:
    """A ledger's number as it is compared; empty where it tells nothing outside of its table.

    >>> identifying("ｄｂ- 102"), identifying("17"), identifying("")
    ('DB-102', '', '')
    """
    plain_number = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    return "" if SERIAL.fullmatch(plain_number) else plain_number


def compare(rows: Sequence[DutyRow], known: KnownDuties) -> list[DutyDiff]:
    """Hold rows against what is known; two rows of one duty are both told."""
    seen: dict[object, int] = {}
    return [_diff(row, known, seen) for row in rows]


def _diff(row: DutyRow, known: KnownDuties, seen: dict[object, int]) -> DutyDiff:
    issues = _issues(row)
    found, doubt = known.meant(row)
    if doubt:
        issues.append(Issue(doubt, "outside_number" if "台账编号" in doubt else "title"))
    issues += _too_early(row, found, known.first_day)
    issues += _twice(row, found, seen)
    if issues:
        return DutyDiff(row, Verdict.ERROR, found, {}, tuple(issues))
    row = _as_meant(row, found)
    if found is None:
        return _new(row)
    changes, notes = _changes(row, found)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return DutyDiff(row, verdict, found, changes, notes=notes)


def _twice(row: DutyRow, found: Duty | None, seen: dict[object, int]) -> list[Issue]:
    """Tell of an earlier row that bears the same number or means the same duty."""
    number = identifying(row.values.get("outside_number", ""))
    unit = row.values.get("owner_unit")
    words = _words(row.values.get("title", ""), unit.pk if unit else None)
    key: object = found.pk if found else words
    before, same = seen.get(("number", number)) if number else None, seen.get(key)
    seen[key] = row.number
    if number:
        seen.setdefault(("number", number), row.number)
    if before is not None:
        return [Issue(f"事项编号「{number}」与第 {before} 行重复。", "outside_number")]
    return [Issue(f"与第 {same} 行是同一事项。", "title")] if same is not None else []


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
    found = [] if title else [Issue("没有事项名称。", "title")]
    if len(row.values.get("outside_number", "")) > NUMBER_LENGTH:
        found.append(Issue(f"事项编号不能超过 {NUMBER_LENGTH} 字。", "outside_number"))
    if len(title or "") > TITLE_LENGTH:
        words = f"事项名称不能超过 {TITLE_LENGTH} 字，细节请写在任务要求里。"
        found.append(Issue(words, "title"))
    if (
        isinstance(post, Post)
        and isinstance(unit, Organisation)
        and not post.organisation.path.startswith(unit.path)
    ):
        found.append(Issue(f"「{post}」不在责任单位「{unit}」之内。", "owner_post"))
    return found


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
    if {"title", "owner_unit"} <= changes.keys() and not row.code:
        notes.append(f"按编号认作「{found.code}」，名称和责任单位都不同，请核对是否同一事项。")
    return changes, tuple(notes)


def _respelt(found: Duty, name: str, value: object) -> bool:
    """Tell whether it differs in marks alone, in width and case, or in how lines are broken."""
    if name == "outside_number":
        return bool(number := identifying(str(value))) and number == identifying(
            found.outside_number
        )
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
