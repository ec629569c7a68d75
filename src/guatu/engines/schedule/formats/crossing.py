"""Plans read from uploaded files in a process bounded in memory and time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.calendars.day_table import YearNotice
from guatu.engines.intake import BadInput
from guatu.engines.intake.confined import Bounds, Json, run_confined
from guatu.engines.schedule.document import network_from
from guatu.engines.schedule.formats.mpp import KINDS as FOREIGN
from guatu.engines.schedule.formats.mpp import mpp_as_mspdi
from guatu.engines.schedule.formats.mspdi import read_mspdi
from guatu.engines.schedule.formats.plan_json import network_document
from guatu.engines.schedule.formats.table import read_plan_table
from guatu.engines.schedule.network import BadNetwork, Network

BOUNDS = Bounds(memory_mb=1_500, cpu_seconds=40)
"""Enough for ten thousand tasks on a slow machine."""

Years = Mapping[str, tuple[list[int], list[int]]]
"""Days off and days worked of each year, as ordinals."""


def read_plan_confined(
    data: bytes, filename: str, table: DayTable | None = None, bounds: Bounds = BOUNDS
) -> Network:
    """Return the plan of an uploaded .xml (MSPDI) or .xlsx; BadNetwork, one sentence, if none.

    What MPXJ reads (.mpp and its kin) is turned into XML by Java first, in a process of its own
    too.  ``table`` tells the working days of China, by default the one shipped.
    """
    if _kind(filename) in FOREIGN:
        data, filename = mpp_as_mspdi(data), f"{filename}.xml"
    notices = (table or shipped_table()).notices
    years = {
        str(year): (sorted(notice.off), sorted(notice.work)) for year, notice in notices.items()
    }
    arguments = cast("dict[str, Json]", {"years": years})
    try:
        value = run_confined(f"{__name__}:pack", data, filename, arguments=arguments, bounds=bounds)
    except BadInput as bad:
        raise BadNetwork(bad.message if bad.message.endswith("。") else f"{bad}。") from bad
    return network_from(value)


def _kind(filename: str) -> str:
    return filename.rpartition(".")[2].lower()


def pack(data: bytes, filename: str, *, years: Years) -> Json:
    """Read a plan and flatten it; runs in the child."""
    notices = {
        int(year): YearNotice(int(year), frozenset(off), frozenset(work), "")
        for year, (off, work) in years.items()
    }
    table = replace(shipped_table(), notices=notices)
    kinds: Mapping[str, Callable[[], Network]] = {
        "xml": lambda: read_mspdi(data, table),
        "xlsx": lambda: read_plan_table(data, filename),
    }
    read = kinds.get(_kind(filename))
    if read is None:
        message = "只认.xml、.mpp（Microsoft Project）和.xlsx计划文件。"
        raise BadInput(message, kind="type")
    try:
        return cast("Json", network_document(read()))
    except BadNetwork as bad:
        raise BadInput(str(bad)) from bad
