"""The timer: what follows from the passing of time alone. Running it twice changes nothing more."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from guatu.loop import lamps
from guatu.register import sealing
from guatu.register.campaign import act_now


@dataclass(frozen=True)
class Ticked:
    """How many lamps changed and how many events were sealed."""

    lamps: int
    sealed: int


def run(now: dt.datetime | None = None) -> Ticked:
    """Recompute lamps on the campaign's business date, then seal what was recorded."""
    changed = lamps.recompute(act_now(None, "按业务日期重新评灯"))
    return Ticked(changed, sealing.seal(now or timezone.now()))
