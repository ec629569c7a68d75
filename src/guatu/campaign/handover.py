"""What passes from one chapter to the next: a signed lead becomes a project, linked both ways.

It begins at once, or goes into the reserve (储备项目库) first.
"""

from django.db import transaction

from guatu.attraction.actions import land
from guatu.attraction.actions.moving import check_signed
from guatu.attraction.models import Lead
from guatu.attraction.rules import lead_rules
from guatu.investment.actions import add_project, enter_reserve, name_party
from guatu.investment.models import Category, Project, Stage
from guatu.register.enums import PartyRole
from guatu.register.errors import Invalid
from guatu.register.models import Party
from guatu.register.policies import require
from guatu.register.recording import Act

SIGNED_STAGE = "landing"
"""Stage of a project that has been signed: 项目签约 is its first node."""

ORIGIN = "lead"
"""Code of the rule ``reserve.origins``: the project came of a lead."""


def hand_over(
    act: Act,
    lead: Lead,
    *,
    name: str = "",
    category: Category | None = None,
    project: Project | None = None,
    into_reserve: bool = False,
    expected_revision: int | None = None,
) -> Project:
    """Make a signed lead a project, or join it to ``project`` that is there already.

    One transaction: the project takes over what the lead knows (investor, investment, content,
    site, unit, 片区, leader, contact persons); the lead keeps its history and points to it. With
    ``into_reserve`` the new project is an idea of the reserve and has no stage yet. Raises
    Invalid for a lead that is not signed or was handed over, or a project that came from another
    lead; Forbidden, Stale.
    """
    require(act.standing, "lead.hand_over", lead)
    check_signed(lead_rules(act.business_date), lead)
    with transaction.atomic():
        held = Lead.objects.select_for_update().get(pk=lead.pk)
        expected = lead.revision if expected_revision is None else expected_revision
        lead.revision = held.revision
        if project is None:
            stage = None if into_reserve else Stage.objects.filter(code=SIGNED_STAGE).first()
            project = _made(act, lead, name.strip() or lead.name, category, stage)
            if into_reserve:
                enter_reserve(act, project, ORIGIN)
        else:
            require(act.standing, "project.edit", project)
            if Lead.objects.filter(became=project.subject_id).exists():
                raise Invalid("这个项目已由另一条线索转来。", "project")
        land(act, lead, project.subject, expected_revision=expected)
    return project


def _made(
    act: Act, lead: Lead, name: str, category: Category | None, stage: Stage | None
) -> Project:
    project = add_project(
        act,
        name=name,
        unit=lead.subject.unit,
        area=lead.subject.area,
        category=category,
        stage=stage,
        investor=lead.investor,
        content=lead.content,
        address=lead.site,
        total_wan=lead.intended_wan,
        problem=lead.problem,
    )
    if lead.leader_post is not None:
        name_party(act, project, role=PartyRole.LEADER, post=lead.leader_post)
    contacts = Party.objects.filter(
        subject=lead.subject_id, role=PartyRole.CONTACT, ended=False
    ).exclude(outside_name="")
    for contact in contacts.order_by("pk"):
        name_party(
            act,
            project,
            role=PartyRole.CONTACT,
            outside_name=contact.outside_name,
            outside_phone=contact.outside_phone,
        )
    return project
