"""Who may do what with leads.

Office, leaders and the clerks of a lead's unit, attraction officers among them, keep it; the
specialist named on it follows up; the statistician reads. Firms and administrators see none.
"""

from guatu.attraction.models import Lead
from guatu.loop.policies import keeps
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Organisation, Subject
from guatu.register.policies import Standing, policy, sees

KEEPERS = (Role.OFFICE, Role.LEADER, Role.UNIT, Role.ATTRACTION)


@policy("lead.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone inside who does business; what is listed is what is in sight."""
    return bool(standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE})


@policy("lead.see")
def _see(standing: Standing, lead: Lead) -> bool:
    """Whoever sees the subject."""
    return _list(standing, None) and sees(standing, lead.subject)


@policy("lead.edit")
def _edit(standing: Standing, lead: Lead) -> bool:
    """Whoever keeps the lead."""
    return keeps(standing, lead.subject)


@policy("lead.follow")
def _follow(standing: Standing, lead: Lead) -> bool:
    """Whoever keeps it, and the specialist named on it."""
    named = standing.has(Role.SPECIALIST) and sees(standing, lead.subject)
    return named or keeps(standing, lead.subject)


@policy("lead.hand_over")
def _hand_over(standing: Standing, lead: Lead) -> bool:
    """Whoever keeps the lead; the project asks for its own right."""
    return keeps(standing, lead.subject)


@policy("lead.add")
def _add(standing: Standing, unit: Organisation | None) -> bool:
    """Office and leaders anywhere; a clerk beneath the own unit. None asks about any lead."""
    return standing.has(*KEEPERS) and (unit is None or keeps_leads_of(standing, unit))


@policy("lead.import")
def _import(standing: Standing, _thing: object) -> bool:
    """Whoever may add leads; each row is then asked for its own unit."""
    return standing.has(*KEEPERS)


def keeps_leads_of(standing: Standing, unit: Organisation | None) -> bool:
    """Tell whether the officer may keep leads of ``unit``; no query."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return unit is None or standing.sees_unit(unit)
    return keeps(standing, Subject(unit=unit))
