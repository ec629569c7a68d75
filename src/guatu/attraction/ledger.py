"""Rows of a lead ledger against the leads there are: new, changed, unchanged or wrong.

A row is matched by its normalised name and unit. A blank cell says nothing: it never empties what
is known. The stage of a lead that is known already moves by its own steps, not by a ledger.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from guatu.attraction.fields import FIELDS, OF_SUBJECT
from guatu.attraction.models import Lead
from guatu.attraction.policies import keeps_leads_of
from guatu.attraction.rules import FIRST, LeadRules
from guatu.attraction.told_steps import FollowGiven, KnownSteps, Settled, settle
from guatu.attraction.values import check_people, check_values
from guatu.register.enums import PartyRole, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import Issue, issue_of, normalised, said_in
from guatu.register.models import Organisation, Party
from guatu.register.policies import Standing
from guatu.register.recording import BATCH, Json, plain, stored

LABELS = {"stage": "阶段", "contact": "联系人", "follow_up": "跟进记录", "next_step": "下一步"}


@dataclass(frozen=True)
class ContactGiven:
    """A contact person a row names."""

    name: str
    phone: str = ""


@dataclass(frozen=True)
class LeadRow:
    """One row of a ledger, already read and typed.

    ``values``: names of :data:`fields.FIELDS` and ``stage``; what the row does not say is left out.
    ``sources``: names of changes → key of the SourceCell.
    """

    values: Mapping[str, Any]
    number: int = 0
    follow: FollowGiven | None = None
    contact: ContactGiven | None = None
    sources: Mapping[str, int] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """Values the row really gives, texts without white space around them."""
        return said_in(self.values)


@dataclass(frozen=True)
class LeadDiff:
    """What importing a row would do: ``changes`` is field → (old, new) as plain values.

    ``issues`` keep a row out; ``notes`` say what will not be taken over from it.
    """

    row: LeadRow
    verdict: Verdict
    lead: Lead | None
    changes: Mapping[str, tuple[Json, Json]]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class KnownLeads:
    """Leads and what hangs on them, indexed for matching; built once for all rows."""

    leads: list[Lead]
    rules: LeadRules
    today: dt.date
    by_name: dict[str, list[Lead]] = field(default_factory=dict)
    steps: KnownSteps = field(default_factory=KnownSteps)
    contacts: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Index the leads."""
        for lead in self.leads:
            self.by_name.setdefault(normalised(lead.name), []).append(lead)

    def words(self, name: str, code: object) -> object:
        """Word of a code as pages show it."""
        names = {
            "stage": self.rules.stage_names(),
            "source": self.rules.sources,
            "tactic": self.rules.tactics,
        }
        return names[name].get(str(code), code) if name in names and code else code


def read_known(rows: Sequence[LeadRow], rules: LeadRules, today: dt.date) -> KnownLeads:
    """Read the leads rows may mean, what was told of them, and whom their steps may go to."""
    joined = ("subject__unit", "subject__area", "owner_post", "leader_post", "industry")
    known = KnownLeads(list(Lead.objects.select_related(*joined)), rules, today)
    if any(row.follow is not None and row.follow.next_step for row in rows):
        known.steps.read_posts()
    meant = {found.subject_id for row in rows if (found := match(row, known)[0])}
    for part in _parts(meant):
        known.steps.read(part)
        named = Party.objects.filter(subject_id__in=part, role=PartyRole.CONTACT, ended=False)
        known.contacts.update(named.values_list("subject_id", "outside_name"))
    return known


def _parts(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))


def match(row: LeadRow, known: KnownLeads) -> tuple[Lead | None, str]:
    """Return the lead a row means, or None; and a sentence where several could be meant."""
    same = known.by_name.get(normalised(str(row.values.get("name") or "")), [])
    unit = row.values.get("unit")
    if unit is not None:
        own = [lead for lead in same if lead.subject.unit_id in {unit.pk, None}]
        same = [lead for lead in own if lead.subject.unit_id == unit.pk] or own
    if len(same) > 1:
        return None, f"「{row.values['name']}」对应 {len(same)} 条线索，请补责任单位。"
    return (same[0] if same else None), ""


def diff_leads(
    rows: Sequence[LeadRow], known: KnownLeads, standing: Standing | None = None
) -> list[LeadDiff]:
    """Compare rows with the leads there are.

    With ``standing`` a row for a unit the officer does not keep is an error.
    """
    seen: dict[object, int] = {}
    kept: dict[int | None, bool] = {}
    diffs = []
    for row in rows:
        diff = _diff(row, known, seen)
        if standing is not None and not _kept(diff, standing, kept):
            refused = (*diff.issues, Issue("责任单位不在您的办理范围内。", "unit"))
            diff = LeadDiff(row, Verdict.ERROR, None, {}, refused)
        diffs.append(diff)
    return diffs


def _kept(diff: LeadDiff, standing: Standing, kept: dict[int | None, bool]) -> bool:
    units: list[Organisation | None] = [diff.row.values.get("unit")]
    if diff.lead is not None:
        present = diff.lead.subject.unit
        units = [present, units[0] or present]
    for unit in units:
        key = unit.pk if unit else None
        if key not in kept:
            kept[key] = keeps_leads_of(standing, unit)
    return all(kept[unit.pk if unit else None] for unit in units)


def _diff(row: LeadRow, known: KnownLeads, seen: dict[object, int]) -> LeadDiff:
    lead, doubt = match(row, known)
    issues = [*_issues(row, lead, known), *([Issue(doubt, "name")] if doubt else [])]
    unit = row.values.get("unit")
    name = normalised(str(row.values.get("name") or ""))
    key: object = lead.pk if lead else (name, unit.pk if unit else None)
    if key in seen:
        issues.append(Issue(f"与第 {seen[key]} 行是同一条线索。", "name"))
    seen[key] = row.number
    if issues:
        return LeadDiff(row, Verdict.ERROR, lead, {}, tuple(issues))
    changes = changes_of(row, lead, known)
    told = _settled(row, lead, known)
    row = replace(row, follow=told.follow)
    changes |= told.changes
    notes = told.notes
    if lead is None:
        if "stage" not in row.said():
            notes += (f"没有读出阶段，按「{known.rules.stages[FIRST].name}」登记。",)
        return LeadDiff(row, Verdict.NEW, None, changes, notes=notes)
    if "stage" in changes:
        old, new = changes.pop("stage")
        notes += (f"台账所列阶段「{new}」与系统「{old}」不同，阶段在线索页调整。",)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return LeadDiff(row, verdict, lead, changes, notes=notes)


def _settled(row: LeadRow, lead: Lead | None, known: KnownLeads) -> Settled:
    """What the row's contact adds to what was told of the lead."""
    if row.follow is None:
        return Settled(None)
    unit = row.values.get("unit") or (lead.subject.unit if lead else None)
    post = row.values.get("owner_post") or (lead.owner_post if lead else None)
    return settle(row.follow, lead.subject_id if lead else 0, unit, post, known.steps)


def _issues(row: LeadRow, lead: Lead | None, known: KnownLeads) -> list[Issue]:
    said = {name: value for name, value in row.said().items() if name != "stage"}
    present = lead.subject.unit if lead else None
    try:
        check_values({"name": row.values.get("name")} | said, known.rules, known.today)
        check_people(said.get("unit", present), said.get("owner_post"), said.get("leader_post"))
    except Invalid as refusal:
        return [issue_of(refusal)]
    return []


def changes_of(row: LeadRow, lead: Lead | None, known: KnownLeads) -> dict[str, tuple[Json, Json]]:
    """Field → (old, new) of all that the row says otherwise, its contact apart."""
    changes: dict[str, tuple[Json, Json]] = {}
    for name, value in row.said().items():
        old = present(lead, name)
        if name == "name" and lead and normalised(lead.name) == normalised(value):
            continue  # marks and white space rename nothing
        before, after = (_plain(known.words(name, one)) for one in (old, value))
        if before != after:
            changes[name] = (before, after)
    key = lead.subject_id if lead else 0
    if row.contact is not None and (key, row.contact.name) not in known.contacts:
        changes["contact"] = (None, row.contact.name)
    return changes


def present(lead: Lead | None, name: str) -> Any:  # noqa: ANN401 -- any column
    """Value of a field as it stands, None without a lead."""
    if lead is None:
        return None
    return getattr(lead.subject if name in OF_SUBJECT else lead, name)


def _plain(value: Any) -> Json:  # noqa: ANN401 -- any column
    """Value as text or number; rows by their names, blank as None."""
    if value in (None, "", []):
        return None
    if isinstance(value, Decimal):
        return plain(stored(Lead._meta.get_field("intended_wan"), value))
    return str(value) if hasattr(value, "pk") else plain(value)


def field_label(name: str) -> str:
    """Chinese name of anything in :attr:`LeadDiff.changes`.

    >>> field_label("intended_wan"), field_label("follow_up")
    ('意向投资（万元）', '跟进记录')
    """
    return LABELS.get(name) or (FIELDS[name].label if name in FIELDS else name)
