"""Who may see what crosses chapters."""

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, policy


@policy("cockpit.see")
def _see(standing: Standing, _thing: object) -> bool:
    """Every role inside the government that does business; figures cover what each may see."""
    return standing.has(*(frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE}))


@policy("search.use")
def _search(standing: Standing, _thing: object) -> bool:
    """Whoever has anything to find; each kind of thing asks its own rights and sight."""
    return bool(standing.roles - {Role.AUDIT_ADMIN})
