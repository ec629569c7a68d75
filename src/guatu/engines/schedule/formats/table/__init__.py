"""One plan as an Excel workbook: out, filled in or changed by hand, and back."""

from collections.abc import Mapping

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.container import FileType, sniff
from guatu.engines.intake.sheet.limits import DEFAULT, Limits
from guatu.engines.intake.sheet.xlsx import read_xlsx
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.formats.table.reading import BookReader
from guatu.engines.schedule.formats.table.writing import PlanBook
from guatu.engines.schedule.network import BadNetwork, Network


def write_plan_table(
    network: Network,
    schedule: BackSchedule | None = None,
    *,
    title: str,
    stages: Mapping[str, str] | None = None,
) -> bytes:
    """Write a plan as .xlsx; no cell is a formula.

    ``schedule`` adds computed dates and floats, ``stages`` the stage of each activity.  Of several
    deadlines on one activity the first counts and is written.
    """
    return PlanBook(network, schedule, title, stages or {}).xlsx()


def read_plan_table(data: bytes, filename: str = "计划.xlsx", limits: Limits = DEFAULT) -> Network:
    """Return the plan of such a workbook; BadNetwork, one sentence, when it holds none."""
    try:
        if sniff(data, filename, limits) is not FileType.XLSX:
            raise BadNetwork(f"文件“{filename}”不是.xlsx工作簿，请另存为.xlsx后再导入。")
        grids = read_xlsx(data, filename, limits)
    except BadInput as bad:
        raise BadNetwork(f"{bad}。") from bad
    return BookReader(grids).network()


__all__ = ["read_plan_table", "write_plan_table"]
