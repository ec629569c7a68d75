"""What each class of routes is to answer to each role, declared by design, not by behaviour.

``open``   the officer gets there: a page, a form shown again with errors, or on after acting
``403``    one sentence that says why there is nothing to do here
``404``    as if it did not exist
``login``  the log-in page, where leaving ends
``405``    there is no such method, for anybody

An object is *own* when it belongs to the officer's unit and, for roles that see by name only, names
the officer's post; *other* when it belongs to another unit and names nobody of this one.
"""

from dataclasses import dataclass

from guatu.register.enums import Role

OPEN, REFUSED, MISSING, NO_METHOD, LOG_IN = "open", "403", "404", "405", "login"
ROLES = tuple(Role)

L, O, U, S, T, A, E = (  # noqa: E741 -- one letter a role keeps the table readable
    Role.LEADER,
    Role.OFFICE,
    Role.UNIT,
    Role.SPECIALIST,
    Role.STATISTICIAN,
    Role.ATTRACTION,
    Role.ENTERPRISE,
)
SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
BUSINESS = frozenset({L, O, U, S, T, A, E})
INSIDE = BUSINESS - {E}
CLERKS = frozenset({U, A})
STEERING = frozenset({L, O})
DISTRICT = frozenset({L, O, T})


@dataclass(frozen=True)
class RouteClass:
    """``everywhere`` reach own and other objects, ``own`` only their own; all others get 404.

    ``told`` are those of ``own`` who are told why they may not.
    """

    everywhere: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()
    told: frozenset[Role] = frozenset()
    method_exists: bool = True
    reached: str = OPEN

    def cell(self, role: Role, *, has_object: bool) -> str:
        """Expectation as it stands in the table: ``open``, or ``own|other`` with an object."""
        if not self.method_exists:
            return NO_METHOD
        near = self.reached if role in self.everywhere | self.own else MISSING
        near = REFUSED if role in self.told else near
        if not has_object:
            return near
        return f"{near}|{self.reached if role in self.everywhere else MISSING}"


CLASSES = {
    "no-method": RouteClass(method_exists=False),
    "search": RouteClass(frozenset(ROLES) - {AUDIT}),
    "account": RouteClass(frozenset(ROLES)),
    "leave": RouteClass(frozenset(ROLES), reached=LOG_IN),
    "business": RouteClass(BUSINESS),
    "view-use": RouteClass(frozenset(), BUSINESS),
    "view-own": RouteClass(frozenset(), frozenset({U})),
    "suggestion-read": RouteClass(frozenset({O}), frozenset({U})),
    "inside": RouteClass(INSIDE),
    "steer": RouteClass(STEERING),
    # Leaders' visits, and those of specialists to the firms they serve.
    "visit-new": RouteClass(STEERING | {S}),
    "office": RouteClass(frozenset({O})),
    "subject-read": RouteClass(DISTRICT, BUSINESS),
    "project-read": RouteClass(DISTRICT, INSIDE),
    "project-write": RouteClass(STEERING, CLERKS),
    "project-forecast": RouteClass(STEERING, CLERKS | {S}),
    # Who follows the lead up and may draft duties.
    "lead-duty": RouteClass(STEERING),
    # Who judges, takes out and restores what is in the reserve.
    "reserve-judge": RouteClass(STEERING),
    "project-add": RouteClass(STEERING | CLERKS),
    "blocker-read": RouteClass(DISTRICT, CLERKS | {S}),
    "blocker-handle": RouteClass(STEERING, CLERKS),
    "blocker-raiser": RouteClass(frozenset({O}), CLERKS),
    "blocker-own": RouteClass(frozenset(), CLERKS),
    "blocker-urge": RouteClass(STEERING, CLERKS | {S}),
    # The forms: nobody urges upward, or themselves.
    "blocker-urge-form": RouteClass(STEERING, CLERKS | {S}, told=frozenset({S})),
    "duty-urge-form": RouteClass(STEERING, CLERKS | {S}, told=CLERKS | {S}),
    "duty-steer": RouteClass(STEERING),
    # How a duty is worked on: whoever sees it, but for firms.
    "duty-inside": RouteClass(DISTRICT, INSIDE),
    "duty-own": RouteClass(frozenset(), CLERKS),
    "quota-fill": RouteClass(STEERING, CLERKS),
    "enterprise-write": RouteClass(frozenset({O}), CLERKS),
    "enterprise-add": RouteClass(frozenset({O}) | CLERKS),
    "paper-file": RouteClass(DISTRICT),
    "paper-confirm": RouteClass(frozenset({O})),
    "ledger-upload": RouteClass(frozenset({O, U, A})),
    "ledger-confirm": RouteClass(frozenset({O}), frozenset({U})),
    "campaign-read": RouteClass(frozenset({O, SYSTEM})),
    "organisations": RouteClass(INSIDE | {SYSTEM, SECURITY}),
    "organisation-write": RouteClass(frozenset({SYSTEM})),
    "post-write": RouteClass(frozenset({SECURITY})),
    "accounts": RouteClass(frozenset({SYSTEM, SECURITY})),
    "account-write": RouteClass(frozenset({SYSTEM})),
    "firm-report": RouteClass(frozenset({O}), CLERKS | {S, E}),
    # Who may record a consent, and who keeps the firm.
    "firm-paper": RouteClass(STEERING, CLERKS | {S, E}),
    "letter-read": RouteClass(DISTRICT, CLERKS),
    "letter-draft": RouteClass(STEERING),
    "letter-sign": RouteClass(frozenset(), frozenset({L})),
    "letter-judge": RouteClass(frozenset({O}), frozenset({L})),
    "letter-answer": RouteClass(frozenset(), CLERKS),
    "letter-urge": RouteClass(STEERING, CLERKS),
    # The form: nobody urges themselves.
    "letter-urge-form": RouteClass(STEERING, CLERKS, told=CLERKS),
    "handover-read": RouteClass(STEERING, CLERKS),
    "handover-give": RouteClass(frozenset({O}), CLERKS | {L}),
    "handover-accept": RouteClass(frozenset(), frozenset({U})),
    "absence-add": RouteClass(frozenset(ROLES) - {E}),
    "absence-end": RouteClass(frozenset({O, SECURITY}), CLERKS),
    "target-read": RouteClass(DISTRICT | CLERKS),
    "target-report": RouteClass(frozenset({O}), CLERKS),
    "token-revoke": RouteClass(frozenset({SECURITY}), frozenset({U})),
    "access-permit": RouteClass(frozenset({SECURITY})),
    "log": RouteClass(frozenset({AUDIT})),
}
