"""Who may do what with firms beyond the register.

Office and leaders steer; clerks keep the firms of their unit; the specialist named on a firm and
the firm's own account report its figures and record or withdraw its consent. A firm sees its own
figures, never what the government plans for it.
"""

from guatu.growth.models import AccountPlan
from guatu.loop.policies import keeps
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Subject
from guatu.register.policies import Standing, policy, sees

CLERKS = (Role.OFFICE, Role.UNIT, Role.ATTRACTION)
NAMED = (Role.SPECIALIST, Role.ENTERPRISE)


@policy("firm.see")
def _see(standing: Standing, firm: Subject) -> bool:
    """Whoever sees the firm."""
    return not standing.roles & ADMINISTRATORS and sees(standing, firm)


@policy("firm.figures")
def _figures(standing: Standing, _thing: object) -> bool:
    """Everyone inside who does business reads the table of many firms."""
    return bool(standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE})


@policy("firm.report")
def _report(standing: Standing, firm: Subject) -> bool:
    """The office, clerks of the firm's unit, its specialist, and the firm itself."""
    named = tuple(post for post in standing.posts if post.role in NAMED)
    if named and sees(standing.only(named), firm):
        return True
    return standing.has(*CLERKS) and keeps(standing, firm)


policy("firm.consent")(_report)


@policy("firm.consent_paper")
def _read_paper(standing: Standing, firm: Subject) -> bool:
    """Whoever may record the consent, and whoever keeps the firm: a paper names outside people."""
    return _report(standing, firm) or keeps(standing, firm)


@policy("firm.import")
def _import(standing: Standing, _thing: object) -> bool:
    """Office and clerks; each row is then asked for its own firm."""
    return standing.has(*CLERKS)


@policy("firm.keep")
def _keep(standing: Standing, firm: Subject) -> bool:
    """Office, leaders and clerks of the firm's unit name its specialist, mark it, plan for it."""
    return keeps(standing, firm)


@policy("firm_plan.list")
def _list_plans(standing: Standing, _thing: object) -> bool:
    """Everyone inside; what is listed is what is in sight."""
    return _figures(standing, None)


@policy("firm_plan.see")
def _see_plan(standing: Standing, plan: AccountPlan) -> bool:
    """Whoever inside sees the firm."""
    return _figures(standing, None) and sees(standing, plan.subject)


@policy("firm_plan.charge")
def _charge(standing: Standing, plan: AccountPlan) -> bool:
    """Measures are duties: office and leaders."""
    return standing.has(Role.OFFICE, Role.LEADER) and sees(standing, plan.subject)
