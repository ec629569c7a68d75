"""Adding a project, changing what is known of it, and naming who takes part."""

from typing import Any

from django.db import transaction

from guatu.investment.actions.numbering import next_number, project_code
from guatu.investment.fields import label
from guatu.investment.models import Category, Project
from guatu.investment.reserve_moves import refuse_in_review
from guatu.investment.values import check_values
from guatu.register.enums import Domain, PartyRole, SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Organisation, Party, Post, Subject
from guatu.register.policies import may, require
from guatu.register.recording import Act, change, create

STALE = "这个项目刚被别人改过。"
PROTECTED = frozenset({"stage"})


def add_project(
    act: Act,
    *,
    name: str,
    unit: Organisation | None,
    category: Category | None = None,
    area: Organisation | None = None,
    parent: Project | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Project, checked by name
) -> Project:
    """Add a project with what is known of it; all else stays unknown.

    Raises Invalid when another project of the unit has the name or the code.
    """
    require(act.standing, "project.add", unit)
    if unit is None and act.standing is not None and not may(act.standing, "project.add"):
        raise Invalid("请选择责任单位。", "unit")
    check_values({"name": name, **values})
    _check_unique(name.strip(), unit, values.get("gbt_code", ""))
    with transaction.atomic():
        subject = create(
            act,
            "subject.add",
            Subject(
                kind=SubjectKind.PROJECT,
                code=project_code(next_number()),
                district_code=unit.district_code if unit else "",
                title=name.strip(),
                domain=Domain.INVESTMENT,
                unit=unit,
                area=area,
                is_sample=act.sample,
            ),
        )
        row = Project(
            subject=subject, name=name.strip(), category=category, parent=parent, **values
        )
        return create(act, "project.add", row)


def edit_project(
    act: Act,
    project: Project,
    *,
    reason: str = "",
    expected_revision: int | None = None,
    expected_subject: int | None = None,
    **values: Any,  # noqa: ANN401 -- columns of Project and ``unit``, checked by name
) -> Project:
    """Change fields of a project; only what differs is written, each field as old → new.

    Overwriting something known needs a reason; filling in something unknown does not. The stage
    moves by :func:`move_stage` alone. ``expected_subject`` is the revision of its subject, which
    bears the unit.
    """
    require(act.standing, "project.edit", project)
    subject = project.subject
    _check_shown((project.revision, expected_revision), (subject.revision, expected_subject))
    if PROTECTED & set(values):
        raise Invalid("阶段须按关口推进，不在这里修改。", "stage")
    refuse_in_review(subject)
    check_values(values, project)
    unit = values.pop("unit", subject.unit)
    changed = {key: value for key, value in values.items() if getattr(project, key) != value}
    unit_changed = unit != subject.unit
    if unit_changed:
        require(act.standing, "project.add", unit)
    _ask_reason(project, changed, reason, unit_changed=unit_changed and subject.unit is not None)
    if "name" in changed or changed.get("gbt_code") or unit_changed:
        name = changed.get("name", project.name)
        _check_unique(name, unit, changed.get("gbt_code", ""), but=project)
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "project.edit", project, **changed)
        if unit_changed or "name" in changed:
            change(
                act,
                "subject.edit",
                subject,
                title=project.name,
                unit=unit,
                district_code=unit.district_code if unit else subject.district_code,
            )
    return project


def _check_shown(*revisions: tuple[int, int | None]) -> None:
    """Raise Stale where the form showed another revision than the stored one."""
    if any(shown not in {None, stored} for stored, shown in revisions):
        raise Stale(STALE)


def _ask_reason(
    project: Project, changed: dict[str, Any], reason: str, *, unit_changed: bool
) -> None:
    known = [label(name) for name in changed if getattr(project, name) not in (None, "", [])]
    if unit_changed:
        known.append(label("unit"))
    if known and not reason.strip():
        raise Invalid(f"改动已有内容（{'、'.join(known)}）须写明理由。", "reason")


def _check_unique(
    name: str, unit: Organisation | None, code: str, but: Project | None = None
) -> None:
    others = Project.objects.exclude(pk=but.pk) if but else Project.objects.all()
    if code and others.filter(gbt_code=code).exists():
        raise Invalid(f"项目代码 {code} 已用于另一个项目。", "gbt_code")
    if others.filter(name=name, subject__unit=unit).exists():
        raise Invalid(f"「{name}」在该单位名下已有。", "name")


def name_party(
    act: Act,
    project: Project,
    *,
    role: PartyRole,
    post: Post | None = None,
    unit: Organisation | None = None,
    outside_name: str = "",
    outside_phone: str = "",
) -> Party:
    """Name a post, a unit of the tree or an outside body on a project in a role."""
    require(act.standing, "project.edit", project)
    outside = outside_name.strip()
    if sum(map(bool, (post, unit, outside))) != 1:
        raise Invalid("请在岗位、单位和其他单位（人员）中选填一项。", "role")
    same = Party.objects.filter(
        subject=project.subject, role=role, post=post, unit=unit, outside_name=outside, ended=False
    )
    if same.exists():
        raise Invalid(f"{role.label}中已有这一项。", "role")
    party = Party(
        subject=project.subject,
        role=role,
        post=post,
        unit=unit,
        outside_name=outside,
        outside_phone=outside_phone.strip(),
    )
    return create(act, "party.name", party)


def end_party(act: Act, project: Project, party: Party, *, reason: str) -> Party:
    """End a naming, for a reason; the row stays."""
    require(act.standing, "project.edit", project)
    if party.subject_id != project.subject_id or party.ended:
        raise Invalid("没有找到这一项。")
    if not reason.strip():
        raise Invalid("取消须写明理由。", "reason")
    return change(act.because(reason.strip()), "party.end", party, ended=True)
