"""Run a command on an empty data folder that is gone afterwards.

    python -m tests.machine.scratch COMMAND ...

Tools that import the settings (mypy's Django plugin, makemigrations) would otherwise make a data
folder, with keys, in the checkout.
"""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    """Return the exit code of the command."""
    with tempfile.TemporaryDirectory(prefix="guatu-scratch-") as home:
        environment = os.environ | {
            "GUATU_HOME": home,
            "DJANGO_SETTINGS_MODULE": "guatu.config.settings",
        }
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
