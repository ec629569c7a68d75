"""Make Chromium and Chinese fonts available to the browser tests.

    python -m tests.machine.chromium

On Debian as root what is missing is installed; elsewhere it is named, and the browser tests are
skipped with that reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("chromium", "fonts-noto-cjk")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: install the Debian packages chromium and fonts-noto-cjk"


def executable() -> str | None:
    """Return the path of an installed Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def has_chinese_font() -> bool:
    """Tell whether a page can draw Chinese; True where that cannot be asked."""
    if not shutil.which("fc-list"):
        return True
    found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def main() -> int:
    """Install what is missing where we may; say what is missing where we may not."""
    if executable() and has_chinese_font():
        return 0
    if os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)
    else:
        print(MISSING, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
