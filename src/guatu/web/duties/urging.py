"""Urging about many things at once: one step for the lists of duties, blockers and letters."""

from collections.abc import Callable
from functools import partial

from guatu.loop.actions.bulk import urge_many
from guatu.register.bulk_plans import Plan, Verdict
from guatu.web.duties.forms import UrgeForm
from guatu.web.lists.bulk import BulkRows, BulkStep


def urge_step(
    of: BulkRows, thing: str, consequence: str, plan: Callable[..., Plan], policy: str = ""
) -> BulkStep:
    """The step 催办 of a list: its 核对 page tells of each row whom the urge goes to.

    ``thing`` is the column of an urge that holds the row, ``plan`` takes the act, rows and words.
    """
    return BulkStep(
        of,
        "催办",
        consequence,
        lambda act, rows, told: plan(act, rows, **told),
        partial(urge_many, thing=thing),
        lambda _standing, data: UrgeForm(data),
        policy=policy,
        adds=_whom,
    )


def _whom(verdict: Verdict) -> str:
    return f"催办{verdict.told['to_post'] or verdict.told['to_unit']}"
