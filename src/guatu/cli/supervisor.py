"""Keeping the web server and the timer running until told to stop."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from guatu.engines.intake import BadInput

WEB_WORKERS = 2
WEB_THREADS = 4
TICK_EVERY_SECONDS = 300
FIRST_TICK_AFTER_SECONDS = 10  # the first pages come first
READY_WITHIN_SECONDS = 30
FINISH_WITHIN_SECONDS = 8
"""For requests under way when told to stop; connections that browsers hold open wait for none."""
STOP_WITHIN_SECONDS = 20

Process = subprocess.Popen[bytes]


@dataclass
class Supervisor:
    """Runs gunicorn, and `guatu tick` every few minutes in a process of its own.

    A tick that fails or hangs therefore never touches the web server, and its memory is given
    back when it ends.
    """

    host: str
    port: int
    web: Process | None = None
    timer: Process | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Return what to type into the browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    def claim_port(self) -> None:
        """Refuse at once, before any work, a port that somebody else serves."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise BadInput(
                    f"不能在 {self.host} 的端口 {self.port} 上服务：{error.strerror or error}。"
                    "请用 --port 换一个端口。"
                ) from error

    def start(self) -> bool:
        """Start the web server; True as soon as it answers, False when it does not in time."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self.web = self._spawn(
            "-m",
            "gunicorn",
            "guatu.config.wsgi",
            *(
                "--bind",
                f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}",
            ),
            *("--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)),
            *("--graceful-timeout", str(FINISH_WITHIN_SECONDS)),
            *("--preload", "--no-control-socket", "--log-level", "warning"),
        )
        return self._answers_in_time()

    def run(self) -> bool:
        """Tick until stopped; False when the web server ended by itself."""
        web = self._web()
        next_tick = time.monotonic() + FIRST_TICK_AFTER_SECONDS
        while not self.stopping.wait(0.5) and web.poll() is None:
            running = self.timer is not None and self.timer.poll() is None
            if time.monotonic() >= next_tick and not running:
                self.timer = self._spawn("-m", "guatu.cli", "tick", stdout=subprocess.DEVNULL)
                next_tick = time.monotonic() + TICK_EVERY_SECONDS
        self._stop()
        return self.stopping.is_set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _web(self) -> Process:
        if self.web is None:
            raise RuntimeError("start() comes before run()")
        return self.web

    def _answers_in_time(self) -> bool:
        web = self._web()
        until = time.monotonic() + READY_WITHIN_SECONDS
        while web.poll() is None and time.monotonic() < until and not self.stopping.is_set():
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _stop(self) -> None:
        """Ask both children to end; kill what does not in time."""
        children = [child for child in (self.timer, self.web) if child and child.poll() is None]
        for child in children:
            child.terminate()
        until = time.monotonic() + STOP_WITHIN_SECONDS
        for child in children:
            try:
                child.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _spawn(self, *words: str, stdout: int | None = None) -> Process:
        """Start a Python process out of the terminal's reach: Ctrl+C comes to us alone."""
        return subprocess.Popen(  # noqa: S603 -- our own interpreter and fixed words
            [sys.executable, *words],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "guatu.config.settings"},
            start_new_session=True,
            stdout=stdout,
        )
