"""What a firm's own account finds on its desk: its firm and the figures asked for last month."""

import datetime as dt
from dataclasses import dataclass

from guatu.growth.models import Consent
from guatu.growth.periods import last_month
from guatu.growth.rules import firm_rules
from guatu.register.enums import SubjectKind
from guatu.register.models import Subject
from guatu.register.observations import figures_in_sight
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of


@dataclass(frozen=True)
class OwnFirm:
    """A firm of the account: how many figures of ``period`` are asked for and told.

    Without a living consent nothing can be told yet.
    """

    subject: Subject
    period: str
    asked: int
    told: int
    consented: bool

    @property
    def left(self) -> int:
        """How many are not told."""
        return self.asked - self.told


def own_firms(standing: Standing, as_of: dt.date | None = None) -> list[OwnFirm]:
    """Firms that a firm's account reports for; no query for anybody else, five for it."""
    if not standing.roles or not standing.is_outside:
        return []
    today = as_of or standing.today
    rules, period = firm_rules(today), last_month(today)
    rows = Subject.objects.filter(in_sight(standing), kind=SubjectKind.ENTERPRISE, active=True)
    firms = list(rows.order_by("code"))
    keys = [firm.pk for firm in firms]
    told = figures_in_sight(standing, as_of).filter(
        subject_id__in=keys,
        indicator__code__in=list(rules.asked),
        period=period,
        provision__isnull=False,
    )
    known = set(told.order_by().values_list("subject_id", "indicator_id"))
    living = rows_as_of(Consent, as_of).filter(subject_id__in=keys, withdrawn_on=None)
    consented = set(living.order_by().values_list("subject_id", flat=True))
    return [
        OwnFirm(
            firm,
            period,
            len(rules.asked),
            sum(subject == firm.pk for subject, _ in known),
            firm.pk in consented,
        )
        for firm in firms
    ]
