"""What every test may use, and how tests are sorted into runs."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from tests.machine import migrated

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


@pytest.fixture(scope="session")
def django_db_keepdb(
    pytestconfig: pytest.Config,
    django_db_modify_db_settings: None,  # noqa: ARG001 -- every worker has a name of its own
) -> bool:
    """Begin with a copy of a migrated database, where one of these very migrations is kept."""
    return "DATABASE_URL" not in os.environ and migrated.lay(
        migrated.kept(pytestconfig), Path(settings.DATABASES["default"]["TEST"]["NAME"])
    )


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # noqa: ARG001 -- what this adds to
    django_db_keepdb: bool,  # noqa: FBT001 -- a fixture is named by its argument
    pytestconfig: pytest.Config,
) -> None:
    """Keep what was migrated from nothing."""
    if "DATABASE_URL" not in os.environ and not django_db_keepdb:
        migrated.keep(Path(settings.DATABASES["default"]["NAME"]), migrated.kept(pytestconfig))


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
