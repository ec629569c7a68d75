"""The table of commands: names, arguments and the function each one runs."""

import argparse
from collections.abc import Callable

from guatu.cli import data, documents, rules, schedule, serving, solve
from guatu.cli.answers import Answer
from guatu.cli.parsing import Parser

Run = Callable[[argparse.Namespace], Answer]


def parser() -> Parser:
    """Return the parser of the whole command line; each command's function is in ``run``."""
    root = Parser(
        prog="guatu",
        description="挂图：项目攻坚年闭环作战。任何命令后加 --json，结果以一份 JSON 输出。",
        allow_abbrev=False,
    )
    commands = root.add_subparsers(title="命令", metavar="命令", required=True)

    def command(name: str, run: Run, help_text: str) -> Parser:
        made = commands.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
        made.set_defaults(run=run)
        return made

    add_serving(command)
    add_documents(command)
    add_data(command)
    add_schedule(commands.add_parser("schedule", help="倒排工期", description="倒排工期"))
    add_rules(commands.add_parser("rule", help="带日期的规则", description="带日期的规则"))
    add_audit(commands.add_parser("audit", help="审计记录", description="审计记录"))
    return root


def add_serving(command: Callable[[str, Run, str], Parser]) -> None:
    """Add what runs the system."""
    serve = command("serve", serving.serve, "启动服务：网页与定时任务")
    serve.add_argument("--host", help="监听地址，默认仅本机 127.0.0.1")
    serve.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    serve.add_argument("--no-sample", action="store_true", help="新数据文件夹不装入示例")
    command("migrate", serving.migrate, "建立或升级数据库，装入随附规则")
    command("tick", serving.tick, "运行一次定时任务")
    found = command("found", serving.found, "建立本区：区级组织、专班、攻坚行动和首批账号")
    found.add_argument("--name", required=True, metavar="区名", help="全称，如 长春市二道区")
    found.add_argument("--code", required=True, metavar="代码", help="六位行政区划代码")
    found.add_argument("--year", required=True, type=int, metavar="年度", help="攻坚年度")
    found.add_argument("--short-name", default="", metavar="简称", help="页面上显示的简称")
    demo = command("demo", serving.demo, "装入或撤除示例数据")
    choice = demo.add_mutually_exclusive_group()
    choice.add_argument(
        "--scale", choices=("sample", "district", "city"), default="sample", help="示例规模"
    )
    choice.add_argument("--remove", action="store_true", help="撤除全部示例数据")


def add_documents(command: Callable[[str, Run, str], Parser]) -> None:
    """Add the engines' commands, which need no database."""
    read = command("read", documents.read, "阅读文件（txt、docx），列出项目、企业、承诺等事项")
    read.add_argument("file", nargs="?", metavar="文件")
    read.add_argument("--plan-year", type=int, metavar="年份", help="计划年度")
    read.add_argument("--text", action="store_true", help="只输出解码后的全文")
    read.add_argument("--report", action="store_true", help="按文件报告识读质量")
    read.add_argument("--labels", metavar="文件夹", help="标注所在文件夹，与 --report 同用")
    sheet = command("sheet", documents.sheet, "识别工作簿（xlsx、xls、csv）中的表")
    sheet.add_argument("file", metavar="文件")


def add_data(command: Callable[[str, Run, str], Parser]) -> None:
    """Add what changes or keeps the data folder."""
    load = command("load", data.load, "把文件读成草稿；加 --confirm 直接确认入库")
    load.add_argument("files", nargs="+", metavar="文件")
    load.add_argument("--kind", help="表的种类，默认自动识别")
    load.add_argument("--as", dest="officer", metavar="账号", help="以谁的名义")
    load.add_argument("--plan-year", type=int, metavar="年份", help="计划年度")
    load.add_argument("--meeting", metavar="会议编号", help="文件是这次会议的纪要，会议须已定稿")
    load.add_argument("--confirm", action="store_true", help="无错误时直接确认")
    backup = command("backup", data.backup, "备份数据文件夹")
    backup.add_argument("out", metavar="备份文件")
    restore = command("restore", data.restore, "用备份恢复数据文件夹")
    restore.add_argument("file", metavar="备份文件")


def add_schedule(schedules: argparse.ArgumentParser) -> None:
    """Add `schedule back` and `schedule solve`, which need no database."""
    actions = schedules.add_subparsers(title="操作", metavar="操作", required=True)
    back = actions.add_parser("back", help="从期限倒排：最早、最迟与时差", allow_abbrev=False)
    back.add_argument("file", metavar="文件", help="网络计划（json、xml、mpp）")
    back.add_argument("--holidays", metavar="文件", help="放假调休表（csv），按年替换随附的表")
    back.set_defaults(run=schedule.back)
    solver = actions.add_parser("solve", help="资源均衡：共用资源下的最短安排", allow_abbrev=False)
    solver.add_argument("file", metavar="文件", help="项目（sm）或网络计划（json、xml、mpp）")
    solver.add_argument("--limit", default="10", metavar="秒", help="计算量，默认约10秒")
    solver.add_argument("--workers", type=int, default=2, metavar="个", help="并行数，默认2")
    solver.add_argument("--seed", type=int, default=0, metavar="数", help="随机种子，默认0")
    solver.set_defaults(run=solve.solve)


def add_rules(rule: argparse.ArgumentParser) -> None:
    """Add `rule list`, `rule show` and `rule add`."""
    actions = rule.add_subparsers(title="操作", metavar="操作", required=True)
    every = actions.add_parser("list", help="列出现行规则", allow_abbrev=False)
    every.set_defaults(run=rules.listed)
    show = actions.add_parser("show", help="输出一条规则，改好可交 rule add", allow_abbrev=False)
    show.add_argument("key", metavar="规则", help="规则的代码，如 escalation.duty")
    show.set_defaults(run=rules.shown)
    add = actions.add_parser("add", help="增加本区规则，自所写日期起执行", allow_abbrev=False)
    add.add_argument("file", metavar="文件", help="一条规则（json）")
    add.set_defaults(run=rules.added)


def add_audit(audit: argparse.ArgumentParser) -> None:
    """Add `audit verify`."""
    actions = audit.add_subparsers(title="操作", metavar="操作", required=True)
    verify = actions.add_parser("verify", help="校验事件链", allow_abbrev=False)
    verify.add_argument("--head", metavar="文件", help="另存于库外的链头文件")
    verify.set_defaults(run=data.verify)
