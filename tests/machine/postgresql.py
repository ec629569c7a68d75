"""Run a command with DATABASE_URL naming a PostgreSQL server of its own.

    python -m tests.machine.postgresql COMMAND ...

The machine's server binaries are used, else those of the `pgserver` wheel. The server runs as an
unprivileged user (it refuses root), on a free loopback port, in a folder that is gone afterwards.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")
UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path:
    """Return the folder of initdb and pg_ctl, the newest of the machine's or the wheel's."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(installed, key=lambda file: int(file.parents[1].name.split(".")[0]))
    if newest:
        return newest[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("pgserver")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    sys.exit("no PostgreSQL: install the Debian package postgresql")


def server_user() -> str | None:
    """Return whom to run the server as: None means ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def server() -> Iterator[str]:
    """Run a server and yield its address."""
    user, bin_, port, password = server_user(), binaries(), free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="guatu-pg-") as folder:
        home = Path(folder)
        (home / "password").write_text(password, encoding="ascii")
        if user:
            for path in (home, home / "password"):
                shutil.chown(path, user)
        data = home / "data"

        def run(*words: str) -> None:
            subprocess.run(words, check=True, user=user, cwd=home, stdout=subprocess.DEVNULL)

        run(
            *(f"{bin_}/initdb", "-D", str(data), "-U", "guatu", "-E", "UTF8", "--locale=C"),
            *("-A", "scram-sha-256", f"--pwfile={home}/password", "--no-sync"),
        )
        settings = (*NOT_DURABLE, "listen_addresses=127.0.0.1", f"port={port}")
        options = " ".join(f"-c {setting}" for setting in settings)
        control = (f"{bin_}/pg_ctl", "-D", str(data), "-w", "-l", f"{home}/log")
        run(*control, "-o", f"{options} -c unix_socket_directories={home}", "start")
        try:
            yield f"postgresql://guatu:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(*control, "-m", "immediate", "stop")


def main() -> int:
    """Return the exit code of the command."""
    with server() as url:
        environment = os.environ | {"DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
