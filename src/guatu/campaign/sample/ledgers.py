"""The sample's two ledgers as real workbooks, so that they come in as any ledger does."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from guatu.campaign.sample.invented import InventedProject

Cell = str | int | float | None


def invented_ledger(
    projects: Sequence[InventedProject],
    categories: Mapping[str, str],
    units: Mapping[str, str],
    leaders: Mapping[str, str],
) -> bytes:
    """Write a 项目台账 of invented projects; the maps give Chinese names of the codes."""
    months = sorted({month for project in projects for month in project.paid})
    images = sorted({month for project in projects for month in project.images})
    header: list[Cell] = [
        "序号",
        "项目名称",
        "项目类别",
        "建设性质",
        "责任单位",
        "包保领导",
        "总投资",
        "本年计划投资",
        "建设起止时间",
        *(f"{int(month[:4])}年{int(month[5:])}月资金支付" for month in months),
        *(f"{int(month[:4])}年{int(month[5:])}月形象进度目标" for month in images),
    ]
    rows: list[list[Cell]] = [
        [
            number,
            project.name,
            categories[project.category],
            project.nature,
            units[project.unit],
            leaders[project.leader],
            float(project.total_wan),
            None if project.year_plan_wan is None else float(project.year_plan_wan),
            f"{project.start_on:%Y.%m}-{project.finish_on:%Y.%m}",
            *(_amount(project, month) for month in months),
            *(project.images.get(month) for month in images),
        ]
        for number, project in enumerate(projects, 1)
    ]
    return _workbook("示例重点项目台账（示例数据，非真实项目）", "单位：万元", [header, *rows])


def named_ledger(rows: Sequence[Mapping[str, str | None]], categories: Mapping[str, str]) -> bytes:
    """Write the projects a public report names, with the stage in its words.

    A category stands only where the report says it; all else is unknown.
    """
    header: list[Cell] = ["序号", "项目名称", "项目类别", "所处阶段"]
    body: list[list[Cell]] = [
        [number, row["name"], categories.get(row["category"] or ""), row["said"]]
        for number, row in enumerate(rows, 1)
    ]
    return _workbook("公开报道所列项目（只录名称与所述阶段）", "", [header, *body])


def _amount(project: InventedProject, month: str) -> float | None:
    value = project.paid.get(month)
    return None if value is None else float(value)


def _workbook(title: str, unit: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("项目台账")
    sheet.append([title])
    if unit:
        sheet.append([unit])
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
