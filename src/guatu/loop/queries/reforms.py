"""Reforms as screens need them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import QuerySet

from guatu.loop.models import Duty, Reform
from guatu.loop.queries.duties import DutyLamp, lamp_of
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, in_sight
from guatu.register.rules import rule_on
from guatu.register.versions import rows_as_of

ReformRow: TypeAlias = Reform
"""A reform or a state of one: the same columns, so to the type checker they are one."""
DUTIES_SHOWN = 100


def reforms_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[ReformRow]:
    """Reforms (or their states of a past day) in sight; today's permissions apply."""
    rows: QuerySet[ReformRow] = rows_as_of(Reform, as_of)
    if not standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE}:
        return rows.none()
    seen = rows.filter(in_sight(standing, "subject__"))
    return seen.select_related("subject__unit", "leader_post__organisation")


def find_reform(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> ReformRow | None:
    """Return the reform of a subject (or its state of a past day) when in sight, else None."""
    return reforms_in_sight(standing, as_of).filter(subject__public_id=public_id).first()


@dataclass(frozen=True)
class DutyLit:
    """A duty with its light."""

    duty: Duty
    lamp: DutyLamp


def duties_of_reform(
    standing: Standing, reform: ReformRow, as_of: dt.date | None = None
) -> list[DutyLit]:
    """Duties in sight that hang on a reform, the earliest due first."""
    day = as_of or standing.today
    rows = duties_in_sight(standing, as_of).filter(subject_id=reform.subject_id)
    named = rows.select_related("owner_unit", "owner_post__organisation").order_by("due", "pk")
    rule = rule_on("lamp.duty", day)
    return [DutyLit(duty, lamp_of(duty, rule, day)) for duty in named[:DUTIES_SHOWN]]
