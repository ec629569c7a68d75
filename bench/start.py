"""From an empty data folder to the first answer, and the second start.

python -m bench.start             `guatu serve` alone
python -m bench.start --clone     `make run` from a fresh clone as well, which fetches everything
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

from bench.measuring.tables import Value, table, verdict
from tests.machine.postgresql import free_port

CHECKOUT = Path(__file__).resolve().parents[1]
FIRST_SECONDS = 180
SECOND_SECONDS = 5
GIVE_UP_SECONDS = 600


def main() -> int:
    """Return the exit code."""
    rows: list[list[Value]] = []
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        serve = [sys.executable, "-m", "guatu.cli", "serve", "--port"]
        home = Path(folder, "home")
        rows.append(_row("guatu serve, empty folder", serve, CHECKOUT, home, FIRST_SECONDS))
        rows.append(_row("guatu serve, again", serve, CHECKOUT, home, SECOND_SECONDS))
        if "--clone" in sys.argv[1:]:
            clone, home = Path(folder, "clone"), Path(folder, "second")
            git = shutil.which("git") or "git"
            subprocess.run([git, "clone", "-q", str(CHECKOUT), str(clone)], check=True)
            rows.append(_row("make run, fresh clone", ["make", "run"], clone, home, FIRST_SECONDS))
            rows.append(_row("make run, again", ["make", "run"], clone, home, SECOND_SECONDS))
    print("\nseconds to the first HTTP 200, the sample loaded by the first start\n")
    print(table(["start", "s", "bar", "bars"], rows), flush=True)
    return 0


def _row(name: str, command: list[str], folder: Path, home: Path, bar: int) -> list[Value]:
    seconds = _until_answered(command, folder, home)
    return [name, seconds, bar, verdict(f"> {bar} s" if seconds > bar else "")]


def _until_answered(command: list[str], folder: Path, home: Path) -> float:
    """Start, wait for the log-in page, stop; the process group is our own."""
    port = str(free_port())
    words = [*command, f"PORT={port}"] if command[0] == "make" else [*command, port]
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "VIRTUAL_ENV"}}
    environment["GUATU_HOME"] = str(home)
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, env=environment, start_new_session=True)
    try:
        while time.perf_counter() - began < GIVE_UP_SECONDS and process.poll() is None:
            if _answers(f"http://127.0.0.1:{port}/account/login/"):
                return time.perf_counter() - began
            time.sleep(0.05)
        message = f"{' '.join(words)} did not answer"
        raise RuntimeError(message)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
