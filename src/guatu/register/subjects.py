"""Acts on subjects: adding them under a readable code, and giving them to another unit."""

from django.conf import settings

from guatu.register.enums import Domain, SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.keys import code as readable
from guatu.register.models import Organisation, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

PREFIXES = {
    SubjectKind.CAMPAIGN: "GJ",
    SubjectKind.PROJECT: "XM",
    SubjectKind.ENTERPRISE: "QY",
    SubjectKind.INDICATOR: "ZB",
    SubjectKind.REFORM: "GG",
    SubjectKind.LEAD: "XS",
}


def add_subject(
    act: Act,
    *,
    kind: SubjectKind,
    title: str,
    unit: Organisation | None = None,
    area: Organisation | None = None,
    domain: str = "",
) -> Subject:
    """Add the subject of a new thing; the calling action has asked the policy of that thing."""
    if not title.strip():
        raise Invalid("请填写名称。", "name")
    return create(
        act,
        "subject.add",
        Subject(
            kind=kind,
            code=readable(PREFIXES[kind], next_number(kind)),
            title=title.strip(),
            unit=unit,
            area=area,
            domain=domain or Domain.GOVERNANCE,
            district_code=unit.district_code if unit else settings.DISTRICT_CODE,
            is_sample=act.sample,
        ),
    )


def next_number(kind: SubjectKind) -> int:
    """Number after the highest code of ``kind``; the unique code decides when two ask at once."""
    prefix = f"{PREFIXES[kind]}-"
    codes = Subject.objects.filter(kind=kind, code__startswith=prefix).order_by("-code")
    highest = codes.values_list("code", flat=True).first()
    digits = highest.removeprefix(prefix) if highest else "0"
    return int(digits) + 1 if digits.isdecimal() else Subject.objects.filter(kind=kind).count() + 1


def assign_subject(
    act: Act, subject: Subject, unit: Organisation, *, expected_revision: int | None = None
) -> Subject:
    """Make another unit responsible for an enterprise; sight follows at once."""
    require(act.standing, "enterprise.edit", subject)
    require(act.standing, "enterprise.add", unit)
    if expected_revision is not None and subject.revision != expected_revision:
        raise Stale("这条记录刚被别人改过。")
    return change(act, "subject.assign", subject, unit=unit)
