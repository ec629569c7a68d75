"""Where in a ledger what a duty says came from.

Duties of a ledger are about the campaign, so their facts hang on its subject, under the code of the
duty: who may see them follows the duty and not the subject.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from guatu.loop.duty_rows import LABELS
from guatu.loop.models import Duty
from guatu.loop.queries.sight import DutyRow, duties_in_sight
from guatu.register.models import SourceCell, Sourced
from guatu.register.policies import Standing
from guatu.register.versions import end_of

OF_DUTY = "duty."


def source_field(code: str, name: str) -> str:
    """Name of a duty's value as ``Sourced`` keeps it.

    >>> source_field("ZR-00001", "due")
    'duty.ZR-00001.due'
    """
    return f"{OF_DUTY}{code}.{name}"


def duty_sources(row: DutyRow, as_of: dt.date | None) -> dict[str, Sourced]:
    """The latest cell of each value of a duty; one query."""
    names = {source_field(row.code, name): name for name in LABELS}
    found = Sourced.objects.filter(subject_id=row.subject_id, field__in=names, cell__isnull=False)
    if as_of is not None:
        found = found.filter(at__lt=end_of(as_of))
    found = found.select_related("cell__workbook").order_by("at", "pk")
    return {names[one.field]: one for one in found}


def duties_of_cells(standing: Standing, cells: Iterable[SourceCell]) -> dict[int, Duty]:
    """Duties in sight by the keys of those of ``cells`` that tell of them; none to a firm."""
    if standing.is_outside:
        return {}
    facts = Sourced.objects.filter(Q(field__startswith=OF_DUTY), cell__in=list(cells))
    codes = {key: field.split(".")[1] for key, field in facts.values_list("cell_id", "field")}
    seen = duties_in_sight(standing, None).filter(code__in=set(codes.values()))
    duties = {duty.code: duty for duty in seen}
    return {key: duties[code] for key, code in codes.items() if code in duties}
