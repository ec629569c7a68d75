"""Acts on enterprises: adding, editing, renaming with their names kept, relating."""

import datetime as dt
from typing import Any

from django.db import transaction

from guatu.register.enums import Role, SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.models import (
    Enterprise,
    EnterpriseName,
    EnterpriseRelation,
    Industry,
    Organisation,
)
from guatu.register.policies import require
from guatu.register.recording import Act, change, create
from guatu.register.subjects import add_subject
from guatu.register.uscc import checked_uscc

EDITABLE = frozenset({"uscc", "industry", "legal_form", "street", "address", "note"})


def add_enterprise(
    act: Act,
    *,
    name: str,
    unit: Organisation | None = None,
    area: Organisation | None = None,
    uscc: str = "",
    industry: Industry | None = None,
    legal_form: str = "",
    street: Organisation | None = None,
    address: str = "",
    note: str = "",
) -> Enterprise:
    """Add an enterprise with what is known of it; all else stays unknown.

    ``unit`` is responsible for it; without one it is the whole district's, which only the office
    may say. Raises Invalid for a wrong or taken credit code and for a name already there.
    """
    require(act.standing, "enterprise.add", unit)
    _need_unit(act, unit)
    code = checked_uscc(uscc)
    _check_free(code, name.strip(), None)
    with transaction.atomic():
        subject = add_subject(act, kind=SubjectKind.ENTERPRISE, title=name, unit=unit, area=area)
        row = create(
            act,
            "enterprise.add",
            Enterprise(
                subject=subject,
                uscc=code,
                name=name.strip(),
                industry=industry,
                legal_form=legal_form.strip(),
                street=street,
                address=address.strip(),
                note=note.strip(),
            ),
        )
        create(act, "enterprise.name", EnterpriseName(subject=subject, name=name.strip()))
    return row


def edit_enterprise(
    act: Act,
    enterprise: Enterprise,
    *,
    expected_revision: int | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Enterprise, checked by name
) -> Enterprise:
    """Change columns other than the name; only what differs is written."""
    require(act.standing, "enterprise.edit", enterprise.subject)
    _check_revision(enterprise, expected_revision)
    if not set(values) <= EDITABLE:
        raise TypeError(f"not columns of an enterprise: {sorted(set(values) - EDITABLE)}")
    if "uscc" in values:
        values["uscc"] = checked_uscc(values["uscc"])
        _check_free(values["uscc"], "", enterprise)
    return change(act, "enterprise.edit", enterprise, **values)


def rename_enterprise(
    act: Act,
    enterprise: Enterprise,
    name: str,
    *,
    since: dt.date | None = None,
    reason: str = "",
    expected_revision: int | None = None,
) -> Enterprise:
    """Give an enterprise a new name; the old one stays findable and says until when it held.

    ``since`` is the first day of the new name, None when unknown.
    """
    require(act.standing, "enterprise.edit", enterprise.subject)
    _check_revision(enterprise, expected_revision)
    name = name.strip()
    if not name:
        raise Invalid("请填写企业名称。", "name")
    if name == enterprise.name:
        return enterprise
    _check_free("", name, enterprise)
    act = act.because(reason.strip() or act.reason)
    until = None if since is None else since - dt.timedelta(days=1)
    with transaction.atomic():
        old = EnterpriseName.objects.filter(
            subject=enterprise.subject, name=enterprise.name, short=False, until=None
        ).first()
        if old is not None and until is not None:
            if old.since is not None and old.since > until:
                raise Invalid("新名称的启用日期早于原名称。", "since")
            change(act, "enterprise.name", old, until=until)
        new = EnterpriseName(subject=enterprise.subject, name=name, since=since)
        create(act, "enterprise.name", new)
        change(act, "enterprise.rename", enterprise, name=name)
        change(act, "subject.rename", enterprise.subject, title=name)
    return enterprise


def add_name(
    act: Act,
    enterprise: Enterprise,
    name: str,
    *,
    short: bool,
    until: dt.date | None = None,
) -> EnterpriseName:
    """Add a short name or a former one, so that papers and ledgers that use it find the firm.

    ``until`` is the last day of a former name, None when unknown.
    """
    require(act.standing, "enterprise.edit", enterprise.subject)
    if not name.strip():
        raise Invalid("请填写名称。", "name")
    known = EnterpriseName.objects.filter(subject=enterprise.subject, name=name.strip()).first()
    if known is not None:
        return known
    row = EnterpriseName(subject=enterprise.subject, name=name.strip(), short=short, until=until)
    return create(act, "enterprise.name", row)


def relate(
    act: Act,
    source: Enterprise,
    target: Enterprise,
    kind: EnterpriseRelation.Kind,
    *,
    since: dt.date | None = None,
) -> EnterpriseRelation:
    """Say how ``source`` came from or belongs to ``target``; the officer must see both."""
    require(act.standing, "enterprise.edit", source.subject)
    require(act.standing, "enterprise.view", target.subject)
    if source.pk == target.pk:
        raise Invalid("不能与自己建立关系。", "target")
    pair = EnterpriseRelation.objects.filter(source=source, target=target, kind=kind)
    if pair.exists():
        raise Invalid("这条关系已登记。", "target")
    if EnterpriseRelation.objects.filter(source=target, target=source, kind=kind).exists():
        raise Invalid("已登记相反方向的同类关系。", "target")
    row = EnterpriseRelation(source=source, target=target, kind=kind, since=since)
    return create(act, "enterprise.relate", row)


def _need_unit(act: Act, unit: Organisation | None) -> None:
    if unit is None and act.standing is not None and not act.standing.has(Role.OFFICE):
        raise Invalid("请选择责任单位。", "unit")


def _check_free(uscc: str, name: str, enterprise: Enterprise | None) -> None:
    """Refuse a code or a name that another enterprise bears; does not say which one."""
    others = Enterprise.objects.all()
    if enterprise is not None:
        others = others.exclude(pk=enterprise.pk)
    if uscc and others.filter(uscc=uscc).exists():
        raise Invalid("该统一社会信用代码已登记在另一企业名下。", "uscc")
    if name and others.filter(name=name).exists():
        raise Invalid("同名企业已登记；如确是另一家，请填写完整的登记名称。", "name")


def _check_revision(enterprise: Enterprise, expected: int | None) -> None:
    if expected is not None and enterprise.revision != expected:
        raise Stale("这家企业的资料刚被别人改过。")
