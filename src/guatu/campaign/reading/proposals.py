"""What a draft would become: what was read, changed by what a person edited."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextChoices

from guatu.loop.enums import Strength
from guatu.register.enums import ADMINISTRATORS, Domain, Role
from guatu.register.errors import Invalid
from guatu.register.models import Draft, Organisation, Post, Subject
from guatu.register.recording import Json

FIELDS = (
    "title",
    "owner_unit",
    "owner_post",
    "leader_post",
    "co_owners",
    "due",
    "strength",
    "domain",
    "subject",
)
"""What a person may change before accepting; keys of ``Draft.edits``."""

OF_DRAFT = "draft:"
"""Prefix of a subject that another draft of the same paper would make."""

TITLE_LONGEST = 300


@dataclass(frozen=True)
class Proposal:
    """A draft as it would be accepted now. Unknown is None or empty, never guessed.

    ``subject`` is empty for the campaign itself and for a new project or enterprise, the public id
    of a subject of the ledger, or ``draft:`` with the public id of the draft that makes it. ``due``
    None is 待定.
    """

    title: str
    domain: str
    strength: str
    due: dt.date | None
    due_text: str
    owner_unit: Organisation | None
    owner_post: Post | None
    leader_post: Post | None
    co_owners: tuple[Organisation, ...]
    subject: str


def as_read(draft: Draft) -> dict[str, Json]:
    """Values of :data:`FIELDS` as the paper gives them."""
    read = draft.payload
    return {
        "title": str(read["text"])[:TITLE_LONGEST],
        "owner_unit": read.get("owner_unit"),
        "owner_post": None,
        "leader_post": None,
        "co_owners": list(read.get("co_owner_units") or []),
        "due": iso_day(read.get("due") or read.get("by")),
        "strength": code_of(Strength, read.get("strength")),
        "domain": code_of(Domain, read.get("domain")),
        "subject": str(read.get("alike") or "") or named_subject(draft),
    }


def named_subject(draft: Draft) -> str:
    """The one project or enterprise a passage names; empty when it names none or several."""
    named = draft.payload.get("named") or []
    return f"{OF_DRAFT}{named[0]}" if len(named) == 1 else ""


def current_values(draft: Draft) -> dict[str, Json]:
    """As read, changed by the edits."""
    return as_read(draft) | {k: v for k, v in draft.edits.items() if k in FIELDS}


def proposal_of(draft: Draft) -> Proposal:
    """Resolve the values to rows; Invalid names the field whose row is gone."""
    values = current_values(draft)
    title = str(values["title"] or "").strip()
    if not title:
        raise Invalid("请填写名称或事项。", "title")
    due = values["due"]
    return Proposal(
        title=title,
        domain=str(values["domain"] or ""),
        strength=str(values["strength"] or ""),
        due=dt.date.fromisoformat(str(due)) if due else None,
        due_text=str(draft.payload.get("due_text") or ""),
        owner_unit=_row(units(), values["owner_unit"], "owner_unit"),
        owner_post=_row(posts(), values["owner_post"], "owner_post"),
        leader_post=_row(leaders(), values["leader_post"], "leader_post"),
        co_owners=tuple(
            row
            for key in _list(values["co_owners"])
            if (row := _row(units(), key, "co_owners")) is not None
        ),
        subject=str(values["subject"] or ""),
    )


def units() -> QuerySet[Organisation]:
    """Units that can own something, in protocol order."""
    return Organisation.objects.filter(active=True)


def posts() -> QuerySet[Post]:
    """Posts that can own a duty; an administrator's cannot."""
    living = Post.objects.filter(active=True, organisation__active=True)
    return living.exclude(role__in=[*ADMINISTRATORS, Role.ENTERPRISE]).select_related(
        "organisation"
    )


def leaders() -> QuerySet[Post]:
    """Posts of district leaders."""
    return posts().filter(role=Role.LEADER)


def checked_edits(draft: Draft, edits: Mapping[str, Json]) -> dict[str, Json]:
    """Keep what differs from what was read, checked; Invalid names the field.

    ``edits`` may hold any of :data:`FIELDS`; a field left out keeps its earlier edit.
    """
    unknown = set(edits) - set(FIELDS)
    if unknown:
        message = f"not fields of a draft: {sorted(unknown)}"
        raise KeyError(message)
    merged = {**draft.edits, **edits}
    read = as_read(draft)
    changed = {name: value for name, value in merged.items() if value != read[name]}
    _check_words(changed)
    trial = Draft(kind=draft.kind, payload=draft.payload, edits=changed, batch=draft.batch)
    proposal = proposal_of(trial)
    if proposal.owner_post and proposal.owner_unit:
        _check_post_in_unit(proposal.owner_post, proposal.owner_unit)
    return changed


def _check_words(values: Mapping[str, Json]) -> None:
    for name, choices in (("strength", Strength), ("domain", Domain)):
        value = values.get(name)
        if value and value not in choices.values:
            raise Invalid("请从所列的词中选择。", name)
    if len(str(values.get("title") or "")) > TITLE_LONGEST:
        raise Invalid(f"不能超过{TITLE_LONGEST}字。", "title")
    due = values.get("due")
    if due:
        try:
            dt.date.fromisoformat(str(due))
        except ValueError:
            raise Invalid("日期应写成 2025-03-31 的样子；没有期限请选待定。", "due") from None
    subject = str(values.get("subject") or "")
    key = subject.removeprefix(OF_DRAFT)
    if key and not _is_key(key):
        raise Invalid("请选择关联的项目或企业。", "subject")
    if key and key == subject and not Subject.objects.filter(public_id=key, active=True).exists():
        raise Invalid("没有找到所选的项目或企业。", "subject")


def _check_post_in_unit(post: Post, unit: Organisation) -> None:
    if not post.organisation.path.startswith(unit.path):
        raise Invalid(f"{post}不在{unit}，请改选岗位或责任单位。", "owner_post")


def _row(rows: QuerySet[Any], key: Json, field: str) -> Any | None:  # noqa: ANN401 -- a row of rows
    if not key:
        return None
    found = rows.filter(public_id=key).first() if _is_key(str(key)) else None
    if found is None:
        raise Invalid("所选的单位或岗位已不存在，请重新选择。", field)
    return found


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def code_of(choices: type[TextChoices], word: object) -> str:
    """Code of a word of a closed vocabulary, given as code or as Chinese; empty when neither.

    >>> code_of(Strength, "力争"), code_of(Strength, "strive"), code_of(Strength, "也许")
    ('strive', 'strive', '')
    """
    for choice in choices:
        if word in {choice.value, choice.label}:
            return str(choice.value)
    return ""


def iso_day(value: object) -> str | None:
    """Keep a whole ISO day; a month or a year alone is no due date.

    >>> iso_day("2025-12-31"), iso_day("2025-12"), iso_day(None)
    ('2025-12-31', None, None)
    """
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None
