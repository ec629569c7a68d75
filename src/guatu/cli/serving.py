"""`guatu serve`, `migrate`, `demo` and `tick`: the running system."""

import argparse
import ipaddress
import os
import sys
from dataclasses import asdict
from pathlib import Path

from guatu.cli.answers import Answer
from guatu.cli.application import application
from guatu.cli.lock import sole_user
from guatu.cli.supervisor import Supervisor
from guatu.engines.intake import BadInput

LOOPBACK = "127.0.0.1"
PORTS = range(1, 65536)


def serve(arguments: argparse.Namespace) -> Answer:
    """Prepare the data folder, then run web and timer until told to stop."""
    host = LOOPBACK if arguments.host is None else arguments.host
    if arguments.port not in PORTS:
        raise BadInput(f"端口应在 1 到 65535 之间，实际是 {arguments.port}。")
    if not is_loopback(host):
        admit(host)
    home = application()
    with sole_user(home):
        supervisor = Supervisor(host, arguments.port)
        supervisor.claim_port()
        prepare(home, sample=not arguments.no_sample)
        if supervisor.start():
            say(f"挂图已启动：{supervisor.address}（按 Ctrl+C 停止）")
            tell_logins(home)
        done = supervisor.run()
    return Answer({"stopped": done}, "服务已停止。" if done else "服务异常终止。", done=done)


def migrate(_arguments: argparse.Namespace) -> Answer:
    """Bring the database and the shipped rule data to this version."""
    application()
    upgrade()
    return Answer({"migrated": True}, "数据库与随附规则已是最新。")


def tick(_arguments: argparse.Namespace) -> Answer:
    """Run the timers once: lamps, reminders, sealing."""
    application()
    from guatu.campaign import tick as timers  # noqa: PLC0415 -- models exist only from here on

    done = timers.run()
    climbed = f"逐级提醒 {done.steps} 步、发出消息 {done.notices} 条、拟出函稿 {done.drafted} 件"
    return Answer(
        asdict(done),
        f"定时任务已运行：{done.lamps} 盏灯变化，{climbed}，封存 {done.sealed} 条记录。",
    )


def demo(arguments: argparse.Namespace) -> Answer:
    """Load the sample, or withdraw exactly what it brought."""
    home = application()
    from guatu.campaign import sample  # noqa: PLC0415 -- as above

    upgrade()
    if arguments.remove:
        removed = sample.remove()
        kept = f"本单位数据用到的 {removed.kept} 行（组织、岗位等）已保留。" if removed.kept else ""
        return Answer({"removed": removed.rows, "kept": removed.kept}, f"示例数据已撤除。{kept}")
    sample.load(arguments.scale)
    return Answer(
        {"loaded": arguments.scale, "logins": str(logins(home))},
        f"示例数据已装入；登录账号见 {logins(home)}。",
    )


def found(arguments: argparse.Namespace) -> Answer:
    """Start a district of its own; prints the first log-ins once, they are kept nowhere."""
    application()
    from guatu.campaign import founding  # noqa: PLC0415 -- as above

    upgrade()
    made = founding.found(
        name=arguments.name,
        code=arguments.code,
        year=arguments.year,
        short_name=arguments.short_name,
    )
    lines = [f"{one.username}\t{one.password}\t{one.post}" for one in made.accounts]
    told = "\n".join(
        [f"已建立{made.campaign.district.name}。首批账号（首次登录须改密码）：", *lines]
    )
    accounts = [
        {"username": one.username, "password": one.password, "post": one.post}
        for one in made.accounts
    ]
    return Answer({"district": made.campaign.district.code, "accounts": accounts}, told)


def prepare(home: Path, *, sample: bool) -> None:
    """Make the data folder ready to serve: database, rules, sample if new, static files."""
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from guatu.register.models import Officer  # noqa: PLC0415 -- as above

    upgrade()
    if sample and not Officer.objects.exists():
        from guatu.campaign import sample as sample_data  # noqa: PLC0415 -- as above

        say(f"新的数据文件夹 {home}：正在装入示例数据……")
        sample_data.load("sample")
    call_command("collectstatic", interactive=False, verbosity=0)


def upgrade() -> None:
    """Apply migrations and load the rule data shipped with this version."""
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from guatu.investment import stages  # noqa: PLC0415 -- as above
    from guatu.loop.plan import calendars  # noqa: PLC0415 -- as above
    from guatu.register import rules  # noqa: PLC0415 -- as above
    from guatu.register.laying import lay_tables  # noqa: PLC0415 -- as above

    lay_tables()
    call_command("migrate", interactive=False, verbosity=0)
    rules.load_shipped()
    stages.load_shipped()
    calendars.load_shipped()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def admit(host: str) -> None:
    """Warn that others can reach the service, and let the host name through Django's check."""
    os.environ["GUATU_HOSTS"] = ",".join(filter(None, [os.environ.get("GUATU_HOSTS"), host]))
    if os.environ.get("GUATU_HTTPS") != "1":
        say(
            f"注意：{host} 可被其他计算机访问，而服务未启用 HTTPS，口令将明文传输；"
            "请在前面设置 HTTPS 反向代理，并以 GUATU_HTTPS=1 启动。"
        )


def logins(home: Path) -> Path:
    """Return where the sample loader writes its log-ins (mode 600)."""
    return home / "sample-logins.txt"


def tell_logins(home: Path) -> None:
    """Say where the sample log-ins are, when there are any."""
    if logins(home).exists():
        say(f"示例登录账号见 {logins(home)}（仅本机当前用户可读）。")


def say(sentence: str) -> None:
    """Tell the person at the terminal; stdout stays for the answer."""
    print(sentence, file=sys.stderr, flush=True)
