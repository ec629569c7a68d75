"""Writing single elements of a project file; an empty value writes none."""

import re
from datetime import date
from xml.etree.ElementTree import Element, SubElement

from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.codes import MINUTES_PER_DAY

HOURS = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))
OPENS, CLOSES = "T08:00:00", "T17:00:00"
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(value: str) -> str:
    """Drop what XML cannot hold."""
    return _NOT_XML.sub("", value)


def put(parent: Element, name: str, value: str) -> None:
    """Append a child with that text; nothing for an empty one."""
    if value:
        SubElement(parent, name).text = clean(value)


def put_worked(parent: Element, *, worked: bool) -> None:
    """Append whether a day is worked, and its eight hours."""
    put(parent, "DayWorking", "1" if worked else "0")
    if worked:
        times = SubElement(parent, "WorkingTimes")
        for opens, closes in HOURS:
            time = SubElement(times, "WorkingTime")
            put(time, "FromTime", opens)
            put(time, "ToTime", closes)


def put_field(task: Element, field: own.Field, value: str) -> None:
    """Append the value of a custom field."""
    attribute = SubElement(task, "ExtendedAttribute")
    put(attribute, "FieldID", str(field.id))
    put(attribute, "Value", value)


def put_pieces(task: Element, values: own.Json) -> None:
    """Append values of ours, cut to the length of text fields."""
    for field, piece in zip(own.PIECES, own.pieces(values), strict=False):
        put_field(task, field, piece)


def hours(days: int) -> str:
    """Return working days as a duration."""
    return f"PT{days * MINUTES_PER_DAY // 60}H0M0S"


def at(day: date | None, time: str) -> str:
    """Return a date and time, empty for no date."""
    return "" if day is None else f"{day}{time}"


def figure(value: int | None) -> str:
    """Return a number as text, empty for None."""
    return "" if value is None else str(value)
