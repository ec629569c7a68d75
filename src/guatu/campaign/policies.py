"""Who may see what crosses chapters."""

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, policy


@policy("cockpit.see")
def _see(standing: Standing, _thing: object) -> bool:
    """Every role inside the government that does business; figures cover what each may see."""
    return standing.has(*(frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE}))
