"""Who may do what with projects.

Office, leaders and the clerks of the project's unit keep it; the specialist named on it forecasts
nodes; the statistician and those named on it read; administrators see nothing. Someone else's
project does not exist for the officer.
"""

from guatu.investment.models import Project
from guatu.loop.policies import keeps
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Organisation, Subject
from guatu.register.policies import Standing, may, policy, sees

KEEPERS = (Role.OFFICE, Role.LEADER, Role.UNIT, Role.ATTRACTION)


@policy("project.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone but administrators and firms; what is listed is what is in sight."""
    return bool(standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE})


@policy("project.view")
def _view(standing: Standing, project: Project) -> bool:
    """Whoever sees the subject."""
    return _list(standing, None) and sees(standing, project.subject)


@policy("project.edit")
def _edit(standing: Standing, project: Project) -> bool:
    """Whoever keeps the project."""
    return keeps(standing, project.subject)


@policy("project.forecast")
def _forecast(standing: Standing, project: Project) -> bool:
    """Whoever may forecast the subject's nodes."""
    return may(standing, "timetable.forecast", project.subject)


@policy("project.add")
def _add(standing: Standing, unit: Organisation | None) -> bool:
    """Office and leaders anywhere; a unit's clerk beneath the own unit.

    ``unit`` None asks whether the officer may add any project at all.
    """
    if not standing.has(*KEEPERS):
        return False
    if unit is None:
        return True
    return keeps_unit(standing, unit)


@policy("project.import")
def _import(standing: Standing, _thing: object) -> bool:
    """Whoever may add projects; each row is then asked for its own unit."""
    return standing.has(*KEEPERS)


def keeps_unit(standing: Standing, unit: Organisation | None) -> bool:
    """Tell whether the officer may keep projects of ``unit``; no query."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return unit is None or standing.sees_unit(unit)
    return keeps(standing, Subject(unit=unit))
