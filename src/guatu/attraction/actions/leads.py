"""Adding a lead, changing what is known of it, and naming its contact persons."""

from typing import Any

from django.conf import settings
from django.db import transaction

from guatu.attraction.fields import OF_SUBJECT, label
from guatu.attraction.models import Lead
from guatu.attraction.rules import FIRST, lead_rules
from guatu.attraction.values import STEERING, check_people, check_values, column_values, known
from guatu.register.enums import Domain, PartyRole, SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.keys import code as readable
from guatu.register.models import Organisation, Party, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create
from guatu.register.subjects import PREFIXES, next_number

STALE = "这条线索刚被别人改过。"


def new_subject(
    act: Act, name: str, unit: Organisation | None, area: Organisation | None, number: int
) -> Subject:
    """Subject of a new lead, not saved yet."""
    return Subject(
        kind=SubjectKind.LEAD,
        code=readable(PREFIXES[SubjectKind.LEAD], number),
        district_code=unit.district_code if unit else settings.DISTRICT_CODE,
        title=name,
        domain=Domain.ATTRACTION,
        unit=unit,
        area=area,
        is_sample=act.sample,
    )


def add_lead(
    act: Act,
    *,
    name: str,
    unit: Organisation | None,
    area: Organisation | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Lead, checked by name
) -> Lead:
    """Add a lead with what is known of it; it begins as 线索, all else stays unknown.

    Raises Invalid when another lead of the unit has the name.
    """
    require(act.standing, "lead.add", unit)
    if unit is None and act.standing is not None and not act.standing.has(*STEERING):
        raise Invalid("请选择责任单位。", "unit")
    day = act.business_date
    check_values({"name": name, **values}, lead_rules(day), day)
    check_people(unit, values.get("owner_post"), values.get("leader_post"))
    _check_unique(name.strip(), unit)
    with transaction.atomic():
        number = next_number(SubjectKind.LEAD)
        subject = create(act, "subject.add", new_subject(act, name.strip(), unit, area, number))
        row = Lead(
            subject=subject,
            stage=FIRST,
            stage_since=day,
            **column_values({"name": name, **values}),
        )
        return create(act, "lead.add", row)


def edit_lead(
    act: Act,
    lead: Lead,
    *,
    reason: str = "",
    expected_revision: int | None = None,
    expected_subject: int | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Lead, ``unit`` and ``area``, checked by name
) -> Lead:
    """Change fields of a lead; only what differs is written, each field as old → new.

    Overwriting something known needs a reason; filling in something unknown does not. The stage
    moves by `move_lead` alone. ``expected_subject`` is the revision of its subject, which bears
    unit and area. Raises Invalid, Stale.
    """
    require(act.standing, "lead.edit", lead)
    subject = lead.subject
    _check_shown((lead.revision, expected_revision), (subject.revision, expected_subject))
    check_values(values, lead_rules(act.business_date), act.business_date)
    hung = {name: values[name] for name in OF_SUBJECT & set(values)}
    hung = {name: value for name, value in hung.items() if value != getattr(subject, name)}
    if "unit" in hung:
        require(act.standing, "lead.add", hung["unit"])
    columns = column_values(values)
    changed = {name: value for name, value in columns.items() if getattr(lead, name) != value}
    check_people(
        hung.get("unit", subject.unit),
        changed.get("owner_post", lead.owner_post),
        changed.get("leader_post", lead.leader_post),
    )
    _ask_reason(lead, [*changed, *hung], reason)
    if "name" in changed or "unit" in hung:
        _check_unique(changed.get("name", lead.name), hung.get("unit", subject.unit), lead)
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "lead.edit", lead, **changed)
        if "name" in changed:
            hung["title"] = lead.name
        if hung:
            change(act, "subject.edit", subject, **hung)
    return lead


def _check_shown(*revisions: tuple[int, int | None]) -> None:
    """Raise Stale where the form showed another revision than the stored one."""
    if any(shown not in {None, stored} for stored, shown in revisions):
        raise Stale(STALE)


def _ask_reason(lead: Lead, names: list[str], reason: str) -> None:
    told = [
        label(name)
        for name in names
        if known(getattr(lead.subject if name in OF_SUBJECT else lead, name))
    ]
    if told and not reason.strip():
        raise Invalid(f"改动已有内容（{'、'.join(told)}）须写明理由。", "reason")


def _check_unique(name: str, unit: Organisation | None, but: Lead | None = None) -> None:
    others = Lead.objects.filter(name=name, subject__unit=unit)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise Invalid(f"「{name}」在该单位名下已有线索。", "name")


def name_contact(act: Act, lead: Lead, *, name: str, phone: str = "") -> Party:
    """Name a contact person of the investor, for instance 示例公司 李经理; masked by role."""
    require(act.standing, "lead.follow", lead)
    name, phone = name.strip(), phone.strip()
    if not name:
        raise Invalid("请填写联系人。", "name")
    longest = {"name": (name, 200), "phone": (phone, 40)}
    for field, (text, most) in longest.items():
        if len(text) > most:
            raise Invalid(f"不超过 {most} 字。", field)
    same = Party.objects.filter(
        subject=lead.subject, role=PartyRole.CONTACT, outside_name=name, ended=False
    )
    if same.exists():
        raise Invalid("联系人中已有这一位。", "name")
    row = Party(
        subject=lead.subject, role=PartyRole.CONTACT, outside_name=name, outside_phone=phone
    )
    return create(act, "party.name", row)


def end_contact(act: Act, lead: Lead, party: Party, *, reason: str) -> Party:
    """End a naming, for a reason; the row stays."""
    require(act.standing, "lead.follow", lead)
    if party.subject_id != lead.subject_id or party.ended:
        raise Invalid("没有找到这一项。")
    if not reason.strip():
        raise Invalid("取消须写明理由。", "reason")
    return change(act.because(reason.strip()), "party.end", party, ended=True)
