"""The timer: what follows from the passing of time alone. Running it twice changes nothing more."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from guatu.loop import lamps
from guatu.loop.plan import chances
from guatu.register import sealing
from guatu.register.campaign import act_now


@dataclass(frozen=True)
class Ticked:
    """How many lamps changed, forecasts were scored and events were sealed."""

    lamps: int
    scored: int
    sealed: int


def run(now: dt.datetime | None = None) -> Ticked:
    """Recompute plans and lamps on the business date, score forecasts, seal what was recorded."""
    act = act_now(None, "按业务日期重新评灯")
    changed, scored = lamps.recompute(act), chances.score_known(act.business_date)
    return Ticked(changed, scored, sealing.seal(now or timezone.now()))
