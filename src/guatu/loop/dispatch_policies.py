"""Who may do what with dispatch meetings, visits and reforms.

The campaign office and leaders prepare meetings, decide in them and record visits; the specialist
of a firm records the visits to it. Minutes are read in by the office, as every paper is. Whoever is
to attend reads what is final.
"""

from guatu.loop.models import DispatchMeeting, Visit
from guatu.loop.policies import keeps
from guatu.loop.queries.dispatches import sees_dispatch
from guatu.loop.queries.visits import sees_visit, serving_posts
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Subject
from guatu.register.policies import Standing, policy, sees

policy("dispatch.see")(sees_dispatch)
policy("visit.see")(sees_visit)


def _inside(standing: Standing, _thing: object) -> bool:
    """Everyone inside who does business; what is listed is what is in sight."""
    return bool(standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE})


def _steers(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER)


policy("dispatch.list")(_inside)
policy("visit.list")(_inside)
policy("reform.list")(_inside)
policy("dispatch.make")(_steers)
policy("reform.add")(_steers)


@policy("visit.record")
def _record_visit(standing: Standing, place: Subject | None) -> bool:
    """Office and leaders; the specialist of a firm records visits to it. None asks about any."""
    if _steers(standing, place):
        return True
    if place is None:
        return standing.has(Role.SPECIALIST)
    return bool(serving_posts(standing, place))


@policy("dispatch.edit")
def _edit_dispatch(standing: Standing, meeting: DispatchMeeting) -> bool:
    return _steers(standing, meeting) and sees_dispatch(standing, meeting)


policy("dispatch.decide")(_edit_dispatch)


@policy("dispatch.minutes")
def _minutes(standing: Standing, _meeting: DispatchMeeting) -> bool:
    """The office, as it reads in every paper."""
    return standing.has(Role.OFFICE)


@policy("visit.edit")
def _edit_visit(standing: Standing, visit: Visit) -> bool:
    """The office, and the leader or specialist who was there."""
    if standing.has(Role.OFFICE):
        return True
    return visit.leader_post_id in standing.post_ids


@policy("reform.see")
def _see_reform(standing: Standing, subject: Subject) -> bool:
    return not standing.has(Role.ENTERPRISE) and sees(standing, subject)


@policy("reform.edit")
def _edit_reform(standing: Standing, subject: Subject) -> bool:
    """The office, leaders, and the clerks of its unit."""
    return keeps(standing, subject)
