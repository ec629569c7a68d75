"""The timer: what follows from the passing of time alone. Running it twice changes nothing more."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from guatu.attraction.actions import remind_of_steps
from guatu.loop import lamps
from guatu.loop.actions.escalating import take_steps
from guatu.loop.actions.handing_over import draw_of_ended
from guatu.loop.actions.handover_ends import end_of_returned
from guatu.loop.actions.letter_drafting import withdraw_overtaken
from guatu.loop.actions.setting_back import take_back
from guatu.loop.plan import chances
from guatu.register import sealing
from guatu.register.campaign import act_now
from guatu.register.recording import Act


@dataclass(frozen=True)
class Ticked:
    """How many lamps changed, forecasts were scored, steps were taken and events were sealed.

    ``notices`` are what people were told of the steps and of next steps of leads that fell due,
    ``letters`` how many suggest a letter, ``drafted`` how many letters were drafted, of these and
    of those still waiting.
    """

    lamps: int
    scored: int
    steps: int
    notices: int
    letters: int
    drafted: int
    sealed: int


def run(now: dt.datetime | None = None) -> Ticked:
    """Recompute plans and lamps on the business date, score forecasts, escalate, seal the log."""
    act = act_now(None, "按业务日期重新评灯")
    changed, scored = lamps.recompute(act), chances.score_known(act.business_date)
    take_back(Act(None, act.at, act.business_date))
    taken = take_steps(Act(None, act.at, act.business_date))
    withdraw_overtaken(Act(None, act.at, act.business_date))
    reminded = remind_of_steps(Act(None, act.at, act.business_date))
    draw_of_ended(act_now(None, "任期届满"))
    end_of_returned(act_now(None))
    sealed = sealing.seal(now or timezone.now())
    letters = len(taken.letters)
    notices = taken.notices + reminded
    return Ticked(changed, scored, taken.steps, notices, letters, taken.drafted, sealed)
