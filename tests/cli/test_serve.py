import os
import signal
import socket
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.cli.serving import admit, is_loopback
from tests.machine.browsing import Site, serving


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a new data folder without the sample."""
    with serving(tmp_path_factory.mktemp("fresh") / "home", "--no-sample") as running:
        yield running


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])


def test_serve_when_started_then_every_answer_carries_the_policy(fresh: Site) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{fresh.url}/no-such-page/")
    assert missing.value.code == 404
    assert missing.value.headers["Content-Security-Policy"].startswith("default-src 'self';")
    missing.value.close()


def test_serve_when_started_then_only_this_machine_can_connect(fresh: Site) -> None:
    listening = {
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port_of(fresh):04X}")
    }
    assert listening == {f"0100007F:{port_of(fresh):04X}"}


def test_serve_when_started_then_what_it_keeps_is_private(fresh: Site) -> None:
    open_to_others = [
        str(path.relative_to(fresh.home))
        for path in (fresh.home, *fresh.home.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_serve_when_folder_is_served_already_then_refused(fresh: Site) -> None:
    second = fresh.command("serve", "--port", "1024")
    assert (second.returncode, second.stderr) == (
        2,
        f"文件“{fresh.home}”：数据文件夹正由另一个服务使用，请先停止它。\n",
    )


def test_serve_when_port_is_taken_then_refused_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Site("", tmp_path / "home").command("serve", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"不能在 127.0.0.1 的端口 {port} 上服务：")
    assert not (tmp_path / "home" / "guatu.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_when_told_to_stop_then_exit_0_and_nothing_left_running(
    number: signal.Signals, tmp_path: Path
) -> None:
    with serving(tmp_path / "home", "--no-sample") as running:
        assert running.process is not None
        running.process.send_signal(number)
        assert running.process.wait(timeout=30) == 0
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port_of(running))) != 0


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.1.2.3", False), ("gt", False)],
)
def test_is_loopback_when_asked_then_whether_others_can_reach_it(host: str, *, alone: bool) -> None:
    assert is_loopback(host) == alone


def test_admit_when_others_can_connect_then_a_warning_and_the_name_is_served(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_HOSTS", "guatu.local")
    admit("10.1.2.3")
    assert os.environ["GUATU_HOSTS"] == "guatu.local,10.1.2.3"
    assert capsys.readouterr().err.startswith(
        "注意：10.1.2.3 可被其他计算机访问，而服务未启用 HTTPS，口令将明文传输；"
    )
