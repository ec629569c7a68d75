"""What every test may use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
pytest_plugins = ["tests.machine.browsing", "tests.sampled", "tests.machine.workers"]

# One seed and no clock: a run is repeatable, and a slow machine fails nothing.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
# HYPOTHESIS_PROFILE=deep looks for what a run of minutes does not find.
hypothesis.settings.register_profile("deep", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_unconfigure() -> None:
    """Remove the data folder of this process."""
    home = Path(os.environ.get("GUATU_HOME", ""))
    if home.name.startswith("guatu-test-"):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_heads_left() -> Iterator[None]:
    """Take away signed heads: the next test's log knows nothing of this one's."""
    yield
    home = Path(os.environ.get("GUATU_HOME", ""))
    if home.name.startswith("guatu-test-"):
        shutil.rmtree(home / "heads", ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real papers and registers beside the checkout; skip without it."""
    shared = Path(os.environ.get("GUATU_SHARED", CHECKOUT.parent / "shared"))
    if not (shared / "data").is_dir():
        pytest.skip("real papers are not here: set GUATU_SHARED to their folder")
    return shared / "data"
