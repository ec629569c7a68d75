"""When there are how many of a resource: the availability periods of a project file."""

from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR
from guatu.engines.schedule.formats.mspdi.document import any_day, in_days, number
from guatu.engines.schedule.formats.mspdi.elements import put
from guatu.engines.schedule.network import Period, Resource

ALWAYS = date(1984, 1, 1), date(2149, 12, 31)
"""The first and the last day the format knows."""
KNOWN = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The days the tables of working days know."""


def put_periods(element: Element, resource: Resource) -> None:
    """Tell when there are how many, the usual number between the periods that differ."""
    if not resource.periods:
        return
    rows, begin = SubElement(element, "AvailabilityPeriods"), ALWAYS[0]
    for period in sorted(resource.periods, key=lambda one: one.first):
        _put_period(rows, begin, period.first - timedelta(days=1), resource.capacity)
        _put_period(rows, period.first, period.last, period.capacity)
        begin = period.last + timedelta(days=1)
    _put_period(rows, begin, ALWAYS[1], resource.capacity)


def _put_period(rows: Element, first: date, last: date, units: int) -> None:
    if first > last:
        return
    row = SubElement(rows, "AvailabilityPeriod")
    put(row, "AvailableFrom", f"{first}T00:00:00")
    put(row, "AvailableTo", f"{last}T23:59:00")
    put(row, "AvailableUnits", str(units))


def periods_from(element: Element, name: str, usual: int) -> Iterator[Period]:
    """Yield when there are more or fewer than usual; days the tables do not know are left out."""
    where = f"资源“{name}”的可用时段"
    for row in element.iterfind("AvailabilityPeriods/AvailabilityPeriod"):
        first, last = any_day(row, "AvailableFrom", where), any_day(row, "AvailableTo", where)
        units = number(row, "AvailableUnits", where)
        known = usual if units is None else in_days(units, 1)
        since = max(first or KNOWN[0], KNOWN[0])
        until = min(last or KNOWN[1], KNOWN[1])
        if known != usual and since <= until:
            yield Period(since, until, known)
