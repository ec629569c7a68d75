"""The data folder GUATU_HOME: database, files, keys and heads of one installation.

Everything an installation must not lose lies in this one folder, so that a backup is one
thing to take and a new machine is one thing to fill.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

# src/guatu/config/home.py → the checkout, when the package runs from one.
CHECKOUT = Path(__file__).resolve().parents[3]


def locate(environ: Mapping[str, str]) -> Path:
    """Return the data folder: GUATU_HOME, else `.home` of the checkout, else `~/.guatu`.

    The default depends on where the package lies, never on the current folder, so that
    `guatu` finds the same data wherever it is called.
    """
    named = environ.get("GUATU_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / ".home"
    return Path.home() / ".guatu"


def private_folder(path: Path) -> Path:
    """Create a folder that only its owner may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def installation_secret(home: Path, name: str) -> str:
    """Return the random secret of this installation, made at the first call.

    The file is written whole and then linked into place: of two processes that start
    together both read the same secret, and neither reads half of one.
    """
    kept = private_folder(private_folder(home) / "keys") / name
    if not kept.exists():
        descriptor, draft = tempfile.mkstemp(dir=kept.parent)  # mode 600 by its contract
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(draft, kept)
        except FileExistsError:
            pass  # another process was first; its secret is the one
        finally:
            Path(draft).unlink()
    return kept.read_text(encoding="ascii")
