"""Java for the tests that compare with MPXJ, the reader and scheduler of project files."""

import shutil

PACKAGES = ("default-jre-headless",)
MISSING = "no Java: install the Debian package default-jre-headless"


def executable() -> str | None:
    """Return the path of an installed Java, if there is one."""
    return shutil.which("java")
