"""The ground on which a figure of a firm is shown at all (DESIGN, principle 10).

A figure is shown while the consent it rests on stands. Withdrawing is a rule of sight rather than
an erasure: nothing is overwritten, the chain stays provable, and giving consent anew brings back
nothing, since each figure keeps the ground it came with. Today's consent decides about past days,
too. The payload in the log is for the audit administrator, who may withdraw it as a lawful erasure.
"""

from django.db.models import Exists, OuterRef, Q

from guatu.growth.models import Provision
from guatu.register.models import Workbook


def permitted() -> Q:
    """Condition that keeps observations of firms whose consent stands."""
    standing = Provision.objects.filter(
        observation=OuterRef("pk"), consent__withdrawn_on__isnull=True
    )
    return Q(Exists(standing))


def withdrawn_in(workbook: Workbook) -> bool:
    """Tell whether any figure out of a workbook lost its consent; then the file shows to nobody."""
    lost = Provision.objects.filter(
        observation__cell__workbook=workbook, consent__withdrawn_on__isnull=False
    )
    return lost.exists()
