"""Ledgers as their clerks head them: what is read, and what is not is named whatever it is."""

from pathlib import Path

import pytest

from guatu.campaign import reading
from guatu.campaign.reading.shelf import WORDS, words_of
from guatu.campaign.reading.unread import Unread, unread_of
from guatu.engines.intake.sheet import read_workbook
from guatu.register import rules
from guatu.register.enums import Role
from guatu.register.policies import Standing
from tests.campaign.ledgers import ledger
from tests.engines.intake.sheet.building import book
from tests.factories import make_campaign, make_district, make_standing, make_unit

DAYS = ("时限", "期限", "时间", "日期", "节点", "截止", "要求完成")
DUE_HEADERS = """
办理时限 时限 办理期限 截止日期 时间节点 要求完成时间 反馈时限 完成期限 办结期限 限办时间 整改时限
计划办结时间 截止时间 完成时限 办结时限 期限"""


def read(title: str, headers: str, **values: str) -> tuple[str, list[Unread]]:
    """Kind of a table with one row, and its unread columns; ``values`` by header."""
    names = headers.split()
    row = [values.get(name, _value(name)) for name in names]
    table = read_workbook(book([[title], names, row], sheet="Sheet1"), "表.xlsx").tables[0]
    words = words_of(table)
    assert words is not None, table.kind
    return words.kind, unread_of(words, table)


def _value(header: str) -> str:
    if header in {"序号", "编号"}:
        return "1"
    if any(word in header for word in DAYS):
        return "2025-06-30"
    return "1200" if "元）" in header else "示例"


@pytest.mark.parametrize(
    ("kind", "title", "headers", "left"),
    [
        (
            *("supervision", "2025年重点工作督办台账"),
            *("序号 督办事项 工作要求 牵头单位 配合单位 包保领导 办理时限 办理情况", ""),
        ),
        (
            *("supervision", "区政府督查室交办事项清单"),
            *(
                "编号 交办事项 交办领导 交办时间 承办单位 协办单位 办结期限 办理进展 备注",
                "交办时间 备注",
            ),
        ),
        (
            *("supervision", "区长办公会议定事项落实清单"),
            *("序号 议定事项 责任领导 责任单位 时限要求 落实情况", ""),
        ),
        (
            *("supervision", "政府工作报告任务分解表"),
            *(
                "序号 重点任务 具体任务 牵头领导 牵头单位 责任单位 完成期限 推进措施",
                "重点任务 责任单位",
            ),
        ),
        (*("supervision", "表"), *("序号 重点工作 目标要求 责任单位 责任人 时间节点 完成情况", "")),
        (*("supervision", "表"), *("序号 工作任务 责任部门 协同部门 要求完成时间 进展", "")),
        (
            *("supervision", "批示件办理台账"),
            *("序号 批示事项 批示领导 批示内容 批示时间 承办单位 反馈时限 办理结果", "批示时间"),
        ),
        (
            *("lead", "招商引资项目台账"),
            "序号 项目名称 投资主体 投资额（万元） 招商方式 责任单位 对接进展 下一步计划 时限",
            "",
        ),
        (
            *("lead", "在谈项目清单"),
            "序号 项目名称 投资企业 计划投资（亿元） 建设内容 洽谈进度 招引单位 跟进人 落地区域",
            "",
        ),
        (
            *("lead", "招商线索"),
            "序号 线索名称 客商名称 投资规模（亿元） 信息来源 首谈单位 对接情况 联系人 联系电话",
            "",
        ),
        (
            *("enterprise", "企业台账"),
            "序号 企业名称 统一社会信用代码 属地街道 行业代码 注册地址 企业类型 包联单位",
            "",
        ),
        (
            *("enterprise", "规上企业名录"),
            *("序号 单位名称 信用代码 镇街 经营场所 法定代表人 联系电话", "法定代表人 联系电话"),
        ),
        (
            *("project", "2025年重点项目台账"),
            "项目名称 主要建设内容和规模 总投资（万元） 年计划（万元） 责任单位 包保区领导 拟开工",
            "",
        ),
        (
            *("reserve", "储备项目库"),
            "序号 项目名称 项目类别 估算总投资（万元） 下年计划（万元） 责任单位 资金渠道 用地现状",
            "",
        ),
        (
            *("reform", "2025年改革任务清单"),
            *("序号 改革任务 改革举措 牵头单位 牵头区领导 完成期限 目前进展 状态", ""),
        ),
    ],
)
def test_ledger_when_headed_as_clerks_do_then_known_and_what_is_left_is_named(
    kind: str, title: str, headers: str, left: str
) -> None:
    found, unread = read(title, headers)
    assert (found, [one.header for one in unread]) == (kind, left.split())
    assert not any(one.missed for one in unread)


@pytest.mark.parametrize("header", DUE_HEADERS.split())
def test_duty_ledger_when_its_deadline_goes_by_any_name_then_it_is_the_due_day(
    header: str,
) -> None:
    rows = [["督办台账"], ["督办事项", "责任单位", header], ["示例事项", "示例一局", "2025-06-30"]]
    table = read_workbook(book(rows, sheet="Sheet1"), "表.xlsx").tables[0]
    assert [column.field for column in table.columns] == ["name", "duty_unit", "due"]
    assert table.rows[0][2].value == "2025-06-30"


def test_duty_ledger_when_two_columns_are_deadlines_then_the_plainer_counts_and_it_is_said() -> (
    None
):
    _, unread = read("督办台账", "督办事项 责任单位 反馈时限 完成时限")
    assert unread == [Unread("反馈时限", "C2", "与“完成时限”相近，只取“完成时限”")]


@pytest.mark.parametrize(
    ("kind", "title", "headers", "values", "missed"),
    [
        ("supervision", "督办台账", "督办事项 责任单位 何时报结", {"何时报结": "长期"}, "期限"),
        ("supervision", "督办台账", "督办事项 责任单位 说明二", {"说明二": "2025年6月"}, "期限"),
        ("supervision", "督办台账", "督办事项 责任单位 收文更新日期", {}, ""),
        ("supervision", "督办台账", "督办事项 责任单位 频次", {"频次": "每月一次"}, ""),
        ("reform", "改革任务清单", "改革任务 责任单位 何时报结", {"何时报结": "6月底"}, "期限"),
        ("lead", "招商台账", "线索名称 招商方式 到位资金（万元）", {}, "投资额"),
        ("lead", "招商台账", "线索名称 招商方式 资金需求", {"资金需求": "约3000万"}, "投资额"),
        ("lead", "招商台账", "线索名称 招商方式 预计年产值（万元）", {}, ""),
        ("lead", "招商台账", "线索名称 招商方式 投资强度说明", {"投资强度说明": "面议"}, ""),
        ("project", "项目台账", "项目名称 建设性质 项目类别 到位资金（万元）", {}, "总投资"),
        ("project", "项目台账", "项目名称 建设性质 总投资（万元） 到位资金（万元）", {}, ""),
    ],
)
def test_ledger_when_an_unknown_column_looks_like_what_must_not_be_lost_then_it_is_marked(
    kind: str, title: str, headers: str, values: dict[str, str], missed: str
) -> None:
    found, unread = read(title, headers, **values)
    assert (found, unread[-1].header) == (kind, headers.rsplit(maxsplit=1)[-1])
    assert unread[-1].missed == missed


def test_unread_when_a_column_is_empty_or_a_serial_number_then_it_is_not_named() -> None:
    _, unread = read("督办台账", "序号 督办事项 责任单位 备注", 备注="")
    assert unread == []


def test_unread_when_a_column_holds_two_facts_then_the_half_taken_is_told() -> None:
    _, unread = read("项目台账", "项目名称 建设性质 总投资（万元） 责任单位及责任人")
    assert [(one.header, one.why) for one in unread] == [("责任单位及责任人", "只取前一项")]


def test_unread_when_a_column_bears_no_header_then_it_is_named_by_its_letter() -> None:
    rows = [["督办台账"], ["督办事项", "责任单位", ""], ["示例事项", "示例一局", "旁注"]]
    table = read_workbook(book(rows, sheet="Sheet1"), "表.xlsx").tables[0]
    unread = unread_of(WORDS["supervision"], table)
    assert [one.header for one in unread] == ["C列（没有表头）"]


@pytest.fixture
def office(db: None) -> Standing:
    del db
    rules.load_shipped()
    district = make_district()
    make_campaign(district)
    make_unit(district, "示例一局")
    return make_standing(make_unit(district, "示例专班"), Role.OFFICE)


def test_load_when_columns_are_not_read_then_the_command_names_each_beyond_six(
    office: Standing, tmp_path: Path
) -> None:
    headers = ["督办事项", "责任单位", "工作要求", "办理情况", "完成时限", "事项编号", "包保领导"]
    row = ["示例事项", "示例一局", "示例要求", "已受理", "2025-06-30", "7号", ""]
    path = tmp_path / "督办.xlsx"
    told = [*headers, "何时报结", "频次", "备注"]
    path.write_bytes(ledger([*row, "2025-07-15", "每周", "示例"], headers=told, title="督办台账"))
    found = reading.load_file(path, officer=office.officer.username)
    assert found.warnings == [
        {
            "file": "督办.xlsx",
            "row": 3,
            "column": "H",
            "message": "“何时报结”这一列像是期限，没有读入，导入后不带这一列；"
            "如果是，请把表头改为“完成时限”重新上传",
        },
        {"file": "督办.xlsx", "row": 3, "column": "I", "message": "“频次”这一列不导入"},
        {"file": "督办.xlsx", "row": 3, "column": "J", "message": "“备注”这一列不导入"},
    ]
