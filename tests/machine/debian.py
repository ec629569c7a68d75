"""Make the programs that tests run available: Chromium with Chinese fonts, Java.

    python -m tests.machine.debian

On Debian as root what is missing is installed; elsewhere it is named, and the tests that need it
are skipped with that reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.machine import chromium, java


def wanted() -> dict[str, tuple[str, ...]]:
    """Return what is missing, as a sentence, and the packages that bring it."""
    there = {
        chromium: chromium.executable() and chromium.has_chinese_font(),
        java: java.executable(),
    }
    return {tool.MISSING: tool.PACKAGES for tool, found in there.items() if not found}


def main() -> int:
    """Install what is missing where we may; say what is missing where we may not."""
    missing = wanted()
    if not missing:
        return 0
    if os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
        packages = [package for brought in missing.values() for package in brought]
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)
    else:
        print(*missing, sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
