"""Who may do what in the target account.

Everyone who steers, owns or reads the district's business opens it; its figures cover the units in
sight. Office and leaders set what is to be reached, the office gives it out to units, a unit
reports what no ledger counts. Firms, specialists and administrators have no part in it.
"""

from guatu.loop.models import TargetPart
from guatu.register.enums import Role
from guatu.register.policies import Standing, policy

READERS = (Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION, Role.STATISTICIAN)
CLERKS = frozenset({Role.UNIT, Role.ATTRACTION})


@policy("target.list")
def _list(standing: Standing, _thing: object) -> bool:
    return standing.has(*READERS)


@policy("target.see")
def _see(standing: Standing, part: TargetPart) -> bool:
    """A unit's part: whoever sees the unit."""
    return _list(standing, None) and standing.sees_unit(part.unit)


@policy("target.decompose")
def _decompose(standing: Standing, _thing: object) -> bool:
    """The campaign office alone: what one unit gets another does not."""
    return standing.has(Role.OFFICE)


@policy("target.report")
def _report(standing: Standing, part: TargetPart) -> bool:
    """Clerks of the unit or of one above it, and the office."""
    if standing.has(Role.OFFICE):
        return True
    return any(
        post.role in CLERKS and part.unit.path.startswith(post.organisation.path)
        for post in standing.posts
    )
