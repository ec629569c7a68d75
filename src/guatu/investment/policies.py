"""Who may do what with projects.

Office, leaders and the clerks of the project's unit keep it; the specialist named on it forecasts
nodes; the statistician and those named on it read; administrators see nothing. Someone else's
project does not exist for the officer.
"""

from guatu.investment.models import Admission, Project
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


@policy("reserve.list")
def _list_reserve(standing: Standing, _thing: object) -> bool:
    """Whoever lists projects; what is listed is what is in sight."""
    return _list(standing, None)


@policy("reserve.view")
def _view_reserve(standing: Standing, admission: Admission) -> bool:
    """Whoever sees the subject."""
    return _list(standing, None) and sees(standing, admission.subject)


@policy("reserve.propose")
def _propose(standing: Standing, unit: Organisation | None) -> bool:
    """Whoever may add a project of the unit; None asks about any."""
    return _add(standing, unit)


@policy("reserve.edit")
def _edit_reserve(standing: Standing, admission: Admission) -> bool:
    """Amend, submit and withdraw: whoever keeps the project."""
    return keeps(standing, admission.subject)


@policy("reserve.review_first")
def _review_first(standing: Standing, admission: Admission) -> bool:
    """初审: the office, and the clerks of a unit above the project's own."""
    subject = admission.subject
    if standing.has(Role.OFFICE):
        return sees(standing, subject)
    return subject.unit is not None and any(
        post.role == Role.UNIT
        and post.organisation_id != subject.unit_id
        and subject.unit.path.startswith(post.organisation.path)
        for post in standing.posts
    )


@policy("reserve.review_final")
def _review_final(standing: Standing, admission: Admission) -> bool:
    """终审: leaders and the office."""
    return standing.has(Role.LEADER, Role.OFFICE) and sees(standing, admission.subject)


@policy("reserve.remove")
def _remove(standing: Standing, admission: Admission) -> bool:
    """退库 and 恢复: leaders and the office."""
    return standing.has(Role.LEADER, Role.OFFICE) and sees(standing, admission.subject)


@policy("reserve.transfer")
def _transfer(standing: Standing, admission: Admission) -> bool:
    """Whoever keeps the project may begin it once it is admitted."""
    return keeps(standing, admission.subject)


@policy("reserve.import")
def _import_reserve(standing: Standing, _thing: object) -> bool:
    """Whoever may add projects; each row is then asked for its own unit."""
    return standing.has(*KEEPERS)
