"""What every test may use, and how tests are sorted into runs."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
pytest_plugins = ["tests.machine.browsing", "tests.sampled"]

# One seed and no clock: a run is repeatable, and a slow machine fails nothing.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that the same tests can run on PostgreSQL."""
    on_postgresql = "DATABASE_URL" in os.environ
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if item.get_closest_marker("postgres") and not on_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))


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
