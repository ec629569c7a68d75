"""Microsoft Project's XML (MSPDI): a plan out of it and into it."""

from collections.abc import Mapping

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.formats.mspdi.codes import BaselineRows, Baselines
from guatu.engines.schedule.formats.mspdi.document import parsed
from guatu.engines.schedule.formats.mspdi.layout import Layout
from guatu.engines.schedule.formats.mspdi.reading import MspdiPlan, ProjectReader
from guatu.engines.schedule.formats.mspdi.writing import ProjectFile
from guatu.engines.schedule.network import Network


def read_mspdi(data: bytes, table: DayTable | None = None) -> Network:
    """Return the plan of a project file; BadNetwork, one sentence, when it is none."""
    return read_mspdi_plan(data, table).network


def read_mspdi_plan(data: bytes, table: DayTable | None = None) -> MspdiPlan:
    """Return the plan with its title, baselines and shown dates; BadNetwork as above.

    ``table`` tells the working days of China, by default the one shipped.
    """
    return ProjectReader(parsed(data), table or shipped_table()).plan()


def write_mspdi(
    network: Network,
    schedule: BackSchedule | None = None,
    *,
    title: str,
    baselines: Baselines | None = None,
    stages: Mapping[str, str] | None = None,
    table: DayTable | None = None,
) -> bytes:
    """Write a plan for Microsoft Project and its kin; read back by us it is the same plan.

    ``schedule`` adds the computed dates and floats; ``baselines`` are numbered 0 to 10, each with
    start and finish by activity; ``stages`` names the stage of activities: each becomes a summary
    row above them, which is not part of the plan when it is read back.
    """
    layout = Layout(network, schedule, baselines or {}, stages or {})
    return ProjectFile(layout, title, table or shipped_table()).xml()


__all__ = [
    "BaselineRows",
    "Baselines",
    "MspdiPlan",
    "read_mspdi",
    "read_mspdi_plan",
    "write_mspdi",
]
