"""Rows of an enterprise register against the enterprises there are: new, changed, unchanged, wrong.

A row is matched by its credit code, else by any name the enterprise bears or bore. A blank cell
says nothing: it never empties what is known.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.register.enums import Role, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import Issue, normalised
from guatu.register.models import Enterprise, EnterpriseName
from guatu.register.policies import Standing, may
from guatu.register.recording import Json
from guatu.register.uscc import checked_uscc

LABELS = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "industry": "行业代码",
    "legal_form": "企业类型",
    "street": "所在街道",
    "address": "地址",
    "unit": "责任单位",
}
_LEGAL_FORM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|股份公司|集团公司|公司|集团|厂)$")
ALIKE_SHORTEST = 4
"""Shorter names are alike too often to be told."""
LONGEST = {"name": 200, "legal_form": 60, "address": 300}


@dataclass(frozen=True)
class EnterpriseRow:
    """One row, read and typed.

    ``values``: names of :data:`LABELS`; industry, street and unit are rows, texts are trimmed; what
    the row does not say is left out. ``cells``: the same names → key of the SourceCell.
    """

    values: Mapping[str, Any]
    number: int
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EnterpriseDiff:
    """What importing a row would do: ``changes`` is field → (old, new) as plain values."""

    row: EnterpriseRow
    verdict: Verdict
    enterprise: Enterprise | None
    changes: Mapping[str, tuple[Json, Json]]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


class KnownEnterprises:
    """Enterprises by code and by every name they bore; two queries for all rows."""

    def __init__(self) -> None:
        rows = Enterprise.objects.select_related("subject__unit", "industry", "street")
        self.by_subject = {row.subject_id: row for row in rows}
        self.by_code = {row.uscc: row for row in self.by_subject.values() if row.uscc}
        self.by_name: dict[str, Enterprise] = {}
        names = EnterpriseName.objects.filter(short=False).values_list("name", "subject")
        for name, subject in names:
            if subject in self.by_subject:
                self.by_name[name] = self.by_subject[subject]
        self.by_core: dict[str, Enterprise] = {}
        for name, row in self.by_name.items():
            self.by_core.setdefault(core_of(name), row)
        # A present name beats what another bore before.
        self.by_name |= {row.name: row for row in self.by_subject.values()}

    def meant(self, row: EnterpriseRow) -> tuple[Enterprise | None, str]:
        """The enterprise a row means, None for a new one, and what forbids to tell."""
        code = row.values.get("uscc", "")
        by_code = self.by_code.get(code) if code else None
        by_name = self.by_name.get(row.values.get("name", ""))
        if by_code is not None:
            if by_name is not None and by_name != by_code:
                return None, f"代码是「{by_code}」的，名称是「{by_name}」的，请核对。"
            return by_code, ""
        if by_name is not None and code and by_name.uscc:
            return None, f"「{by_name}」已登记的统一社会信用代码与此不同，请核对。"
        return by_name, ""

    def alike(self, row: EnterpriseRow) -> Enterprise | None:
        """An enterprise whose name differs from a new one's in its legal form alone."""
        core = core_of(row.values.get("name", ""))
        found = self.by_core.get(core) if len(core) >= ALIKE_SHORTEST else None
        code = row.values.get("uscc", "")
        return None if found is None or (code and found.uscc) else found


def core_of(name: str) -> str:
    """A name without legal form and marks, by which two spellings of one firm meet.

    >>> core_of("示例精工有限公司") == core_of("示例精工") == core_of("示例 精工(集团)股份有限公司")
    True
    """
    bare, before = normalised(name), ""
    while bare != before:
        bare, before = _LEGAL_FORM.sub("", bare), bare
    return bare


def compare(
    rows: Sequence[EnterpriseRow], known: KnownEnterprises, standing: Standing | None
) -> list[EnterpriseDiff]:
    """Hold rows against what is known; two rows of one enterprise are both told."""
    seen: dict[object, int] = {}
    return [_diff(row, known, standing, seen) for row in rows]


def _diff(
    row: EnterpriseRow,
    known: KnownEnterprises,
    standing: Standing | None,
    seen: dict[object, int],
) -> EnterpriseDiff:
    issues = _issues(row)
    found, doubt = known.meant(row)
    if doubt:
        issues.append(Issue(doubt, "uscc"))
    keys = [found.pk if found else None, row.values.get("uscc"), row.values.get("name")]
    keys = [key for key in keys if key]
    twin = next((seen[key] for key in keys if key in seen), None)
    if twin is not None:
        issues.append(Issue(f"与第 {twin} 行是同一家企业。", "name"))
    seen.update(dict.fromkeys(keys, row.number))
    issues += _forbidden(row, found, standing)
    if issues:
        return EnterpriseDiff(row, Verdict.ERROR, found, {}, tuple(issues))
    changes, notes = _changes(row, found)
    if found is None:
        alike = known.alike(row)
        notes = (f"库中可能已有「{alike}」，确是同一家的请改用库中名称。",) if alike else ()
        return EnterpriseDiff(row, Verdict.NEW, None, changes, notes=notes)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return EnterpriseDiff(row, verdict, found, changes, notes=notes)


def _issues(row: EnterpriseRow) -> list[Issue]:
    found = [] if row.values.get("name") else [Issue("没有企业名称。", "name")]
    found += [
        Issue(f"「{LABELS[name]}」不能超过 {longest} 字。", name)
        for name, longest in LONGEST.items()
        if len(row.values.get(name, "")) > longest
    ]
    try:
        checked_uscc(row.values.get("uscc", ""))
    except Invalid as refusal:
        found.append(Issue(str(refusal), "uscc"))
    return found


def _forbidden(
    row: EnterpriseRow, found: Enterprise | None, standing: Standing | None
) -> list[Issue]:
    """What the officer may not do with the row, as a sentence."""
    unit = row.values.get("unit")
    if standing is None:
        return []
    if found is not None and not may(standing, "enterprise.edit", found.subject):
        return [Issue("这家企业不归您单位负责，不能由您导入。", "name")]
    if unit is None and found is None and not standing.has(Role.OFFICE):
        return [Issue("没有责任单位。", "unit")]
    if unit is not None and not may(standing, "enterprise.add", unit):
        return [Issue(f"「{unit}」不在您的单位之内，不能由您导入。", "unit")]
    return []


def _changes(
    row: EnterpriseRow, found: Enterprise | None
) -> tuple[dict[str, tuple[Json, Json]], tuple[str, ...]]:
    changes: dict[str, tuple[Json, Json]] = {}
    for name, value in row.values.items():
        old = present(found, name)
        if (old or None) != value:
            changes[name] = (str(old) if old else None, str(value))
    if found is not None and "unit" in changes and changes["unit"][0] is not None:
        old, new = changes["unit"]
        told = f"责任单位由「{old}」改为「{new}」须在企业页面办理，没有改。"
        del changes["unit"]
        return changes, (told,)
    return changes, ()


def present(found: Enterprise | None, name: str) -> Any:  # noqa: ANN401 -- any column
    """Value of a field as it stands, None without an enterprise."""
    if found is None:
        return None
    return found.subject.unit if name == "unit" else getattr(found, name)
