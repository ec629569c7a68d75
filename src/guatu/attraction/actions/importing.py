"""Taking a confirmed lead ledger in: many leads at once, each fact with its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guatu.attraction.actions.leads import new_subject
from guatu.attraction.fields import OF_SUBJECT
from guatu.attraction.ledger import KnownLeads, LeadDiff, LeadRow, diff_leads, read_known
from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.rules import FIRST, lead_rules
from guatu.register.enums import PartyRole, SubjectKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import point_to_cells
from guatu.register.models import Party, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many
from guatu.register.subjects import next_number

VERB = "lead.import"
CONTACT = frozenset({"follow_up", "next_step"})


@dataclass(frozen=True)
class ImportResult:
    """What an import did; ``subjects`` are aligned with the rows."""

    new: int
    changed: int
    unchanged: int
    subjects: tuple[Subject, ...]


def import_leads(act: Act, rows: Sequence[LeadRow]) -> ImportResult:
    """Create and change the leads of a ledger, all or nothing.

    Raises Invalid naming the first wrong row. A constant number of statements per 500 rows.
    """
    require(act.standing, "lead.import")
    with transaction.atomic():
        known = read_known(rows, lead_rules(act.business_date), act.business_date)
        return import_compared(act, diff_leads(rows, known, act.standing), known)


def import_compared(act: Act, diffs: Sequence[LeadDiff], known: KnownLeads) -> ImportResult:
    """Do what ``diffs`` say, for whoever has just compared the rows in the same transaction."""
    require(act.standing, "lead.import")
    for diff in diffs:
        if diff.verdict == Verdict.ERROR:
            raise Invalid(f"第 {diff.row.number} 行：{'；'.join(map(str, diff.issues))}")
    fresh = [diff for diff in diffs if diff.verdict == Verdict.NEW]
    changed = [diff for diff in diffs if diff.verdict == Verdict.CHANGED]
    with transaction.atomic():
        made = dict(zip(map(id, fresh), _create(act, fresh), strict=True))
        _change(act, changed)
        subjects = [made[id(one)] if one.lead is None else one.lead.subject for one in diffs]
        told = [(one, subject) for one, subject in zip(diffs, subjects, strict=True) if one.changes]
        _contacts(act, told)
        _follow_ups(act, told, known)
        _sources(act, told)
    unchanged = len(diffs) - len(fresh) - len(changed)
    return ImportResult(len(fresh), len(changed), unchanged, tuple(subjects))


def _create(act: Act, diffs: Sequence[LeadDiff]) -> list[Subject]:
    number = next_number(SubjectKind.LEAD)
    subjects = [
        new_subject(
            act,
            diff.row.values["name"].strip(),
            diff.row.values.get("unit"),
            diff.row.values.get("area"),
            number + offset,
        )
        for offset, diff in enumerate(diffs)
    ]
    create_many(act, VERB, subjects)
    rows = []
    for diff, subject in zip(diffs, subjects, strict=True):
        columns = _columns(diff.row)
        columns.setdefault("stage", FIRST)
        told = diff.row.follow
        if told is not None:
            columns.setdefault("first_on", told.on)
        rows.append(Lead(subject=subject, stage_since=act.business_date, **columns))
    create_many(act, VERB, rows)
    return subjects


def _columns(row: LeadRow) -> dict[str, Any]:
    return {name: value for name, value in row.said().items() if name not in OF_SUBJECT}


def _change(act: Act, diffs: Sequence[LeadDiff]) -> None:
    leads: list[tuple[Lead, Mapping[str, Any]]] = []
    subjects: list[tuple[Subject, Mapping[str, Any]]] = []
    for diff in diffs:
        if diff.lead is None:
            continue
        said = diff.row.said()
        mine = {name: said[name] for name in diff.changes if name in said}
        hung = {name: mine.pop(name) for name in OF_SUBJECT & set(mine)}
        if "name" in mine:
            hung["title"] = mine["name"]
        if hung:
            subjects.append((diff.lead.subject, hung))
        if mine:
            leads.append((diff.lead, mine))
    change_many(act, VERB, leads)
    change_many(act, VERB, subjects)


def _contacts(act: Act, told: Sequence[tuple[LeadDiff, Subject]]) -> None:
    rows = [
        Party(
            subject_id=subject.pk,
            role=PartyRole.CONTACT,
            outside_name=diff.row.contact.name,
            outside_phone=diff.row.contact.phone,
        )
        for diff, subject in told
        if diff.row.contact is not None and "contact" in diff.changes
    ]
    create_many(act, VERB, rows)


def _follow_ups(act: Act, told: Sequence[tuple[LeadDiff, Subject]], known: KnownLeads) -> None:
    way = "other" if "other" in known.rules.ways else next(iter(known.rules.ways))
    rows = [
        FollowUp(
            subject_id=subject.pk,
            way=given.way or way,
            on=given.on,
            officer=act.standing.officer if act.standing else None,
            said=given.said,
            next_step=given.next_step,
            next_due=given.next_due,
            next_post=given.next_post,
        )
        for diff, subject in told
        if (given := diff.row.follow) is not None and CONTACT & set(diff.changes)
    ]
    create_many(act, VERB, rows)


def _sources(act: Act, told: Sequence[tuple[LeadDiff, Subject]]) -> None:
    facts = [
        (subject.pk, source_field(name), cell)
        for diff, subject in told
        for name, cell in diff.row.sources.items()
        if name in diff.changes
    ]
    point_to_cells(act, facts)


def source_field(name: str) -> str:
    """Name of a field as :class:`Sourced` keeps it.

    >>> source_field("intended_wan"), source_field("unit")
    ('lead.intended_wan', 'subject.unit')
    """
    return f"subject.{name}" if name in OF_SUBJECT else f"lead.{name}"
