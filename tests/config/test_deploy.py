import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("https", ["0", "1"])
def test_check_deploy_when_run_on_the_real_settings_then_no_warning(
    https: str, tmp_path: Path
) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "guatu.config.settings",
        "GUATU_HOME": str(tmp_path),
        "GUATU_HTTPS": https,
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
