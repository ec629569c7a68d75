import json
from pathlib import Path

import pytest

from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.headers import canonical, meaning
from guatu.engines.intake.sheet.vocabulary import vocabulary
from tests.engines.intake.sheet.building import book


@pytest.mark.parametrize(
    ("header", "field", "period", "unit"),
    [
        ("总投资", "total_wan", None, None),
        ("计划总投资(亿元)", "total_wan", None, "亿元"),
        ("估算投资 （万元）", "total_wan", None, "万元"),
        ("预估总投资/亿元", "total_wan", None, "亿元"),
        ("★ 项 目 名 称", "name", None, None),
        ("业主单位", "owner_unit", None, None),
        ("筹办单位", "owner_unit", None, None),
        ("挂钩领导", "leader", None, None),
        ("挂点领导", "leader", None, None),
        ("包保领导", "leader", None, None),
        ("包联领导", "leader", None, None),
        ("年度计划投资", "year_plan_wan", None, None),
        ("本年计划投资", "year_plan_wan", None, None),
        ("年计划完成投资", "year_plan_wan", None, None),
        ("2026计划投资", "year_plan_wan", "2026", None),
        ("2010年1-7月完成投资（万元）", "done_ytd_wan", "2010-01/2010-07", "万元"),
        ("2025年1－5月完成投资", "done_ytd_wan", "2025-01/2025-05", None),
        ("至2009年底累计完成投资（万元）", "done_before_wan", "../2009", "万元"),
        ("截至2024年底累计完成投资", "done_before_wan", "../2024", None),
        ("8月计划投资", "month_plan_wan", "--08", None),
        ("1月形象进度目标", "image_target", "--01", None),
        ("大干150天力争完成投资（万元）", None, None, "万元"),
    ],
)
def test_header_when_written_as_ledgers_do_then_field_period_and_unit(
    header: str, field: str | None, period: str | None, unit: str | None
) -> None:
    said = meaning((header,), "project", None)
    assert (said.field, said.period, said.unit) == (field, period, unit)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("计划竣工时间", "planned_finish"),
        ("计划开工时间", "planned_start"),
        ("实际开工时间", "actual_start"),
        ("责任单位联系人", "duty_contact"),
        ("市级责任领导名单", None),
        ("未完成投资", None),
        ("总投资增长率", None),
    ],
)
def test_header_when_one_word_differs_then_never_taken_for_its_neighbour(
    header: str, field: str | None
) -> None:
    assert meaning((header,), "project", None).field == field


def test_vocabulary_when_loaded_then_every_header_is_written_as_it_is_compared() -> None:
    odd = {
        header
        for kind in vocabulary().values()
        for header in kind.names
        if canonical(header) != header
    }
    assert odd == set()


def test_vocabulary_when_loaded_then_every_weight_belongs_to_a_field() -> None:
    for kind in vocabulary().values():
        assert set(kind.weights) <= set(kind.types)


KINDS = {
    "企业库": "enterprise",
    "企业诉求台账": "request",
    "专项债清单": "bond",
    "月度指标": "indicator",
}


@pytest.mark.shared
def test_real_headers_when_a_table_has_only_them_then_its_kind_is_known(shared_data: Path) -> None:
    tables = json.loads((shared_data / "ledgers" / "columns.json").read_text("utf-8"))
    wrong = []
    for entry in tables:
        expected = KINDS.get(entry["kind"])
        if expected is None:
            continue
        rows = [[entry["title"]], entry["columns"], ["1"] + ["示例"] * (len(entry["columns"]) - 1)]
        found = read_workbook(book(rows, sheet="Sheet1"), "表.xlsx").tables[0].kind
        if found != expected:
            wrong.append((entry["title"], found))
    assert wrong == []


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("progress", "序号 项目名称 月计划投资额 旬完成投资额 至旬完成投资 占月计划投资（%）"),
        ("preparation", "项目名称 可研 项目环境评价 用地预审 规划许可 施工许可证 招投标"),
        ("lead", "序号 项目名称 招商形式 承办单位 外方 签约种类 投资总额"),
        ("enterprise", "统一社会信用代码 企业名称 法定代表人 注册地址 行业代码"),
        ("supervision", "事项编号 事项名称 任务要求 主办单位 拟办结时间 成果形式"),
        ("bond", "项目名称 申请专项债总额(万元) 其他债务融资(万元) 运营期 覆盖倍数"),
        ("indicator", "指标名称 全年计划 实绩 去年同期 同比%"),
        ("request", "企业名称 需求名目 需求总额 自筹 联系人 联系方式"),
        ("unknown", "甲 乙 丙 丁"),
    ],
)
def test_table_when_its_headers_speak_for_a_kind_then_recognised(kind: str, header: str) -> None:
    names = header.split()
    table = read_workbook(book([names, ["示例"] * len(names)], sheet="Sheet1"), "表.xlsx").tables[0]
    assert table.kind == kind


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["事项", "要求", "时限", "状态", "进展", "备注"], "unknown"),
        (["项目名称", "建设性质", "总投资", "时间节点", "进展", "状态", "负责人"], "project"),
        (["企业名称", "诉求内容", "办理时限", "责任单位", "办理进展", "状态"], "request"),
        (["统一社会信用代码", "企业", "投资额", "状态", "时限"], "enterprise"),
    ],
)
def test_table_when_headers_are_general_then_they_speak_for_no_kind(
    headers: list[str], kind: str
) -> None:
    rows = [headers, ["示例"] * len(headers)]
    assert read_workbook(book(rows, sheet="Sheet1"), "表.xlsx").tables[0].kind == kind


def test_column_when_a_plainer_header_stands_beside_it_then_the_general_one_is_left() -> None:
    headers = ["督办事项", "责任单位", "时间节点", "完成时限"]
    both = read_workbook(book([headers, ["示例"] * 4], sheet="Sheet1"), "表.xlsx").tables[0]
    assert [column.field for column in both.columns] == ["name", "duty_unit", None, "due"]
    alone = read_workbook(book([headers[:3], ["示例"] * 3], sheet="Sheet1"), "表.xlsx").tables[0]
    assert [column.field for column in alone.columns] == ["name", "duty_unit", "due"]


def test_header_when_one_cell_names_unit_and_person_then_still_split_in_two() -> None:
    said = meaning(("责任单位/责任人",), "supervision", None)
    assert (said.field, said.second) == ("duty_unit", "duty_person")


@pytest.mark.parametrize(
    "cells", [[1, 1, None, 1], [3, 4, 1, None, 2], [2, 2, 2, 2, 2, 2]], ids=str
)
def test_row_of_data_when_its_numbers_could_be_months_then_still_no_header(
    cells: list[int | None],
) -> None:
    names = ["单位", "年度目标", "力争超额", *(f"{month}月" for month in range(1, 13))]
    first = ["区领导", *[None] * 14]
    second = ["发改局", *cells, *[None] * (14 - len(cells))]
    table = read_workbook(book([names, first, second], sheet="分解表"), "表.xlsx").tables[0]
    assert [column.header for column in table.columns] == names
