"""Which test runs where: on which databases, on which worker, and in which order."""

import os
from typing import Any

import pytest

from tests.sampled import is_sampled

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
# Pages show what queries and do what actions, which run on both databases by their own tests;
# `test_query_counts.py` opens every page on both. Of the other tests of pages these run on both
# as well: here the page itself searches, sorts, counts, compares or writes.
PAGES = "tests/web/"
PAGES_ON_BOTH = (
    "tests/web/audit/",
    "tests/web/brief/",
    "tests/web/cockpit/",
    "tests/web/enterprises/",
    "tests/web/history/",
    "tests/web/intake/",
    "tests/web/saved/",
    "tests/web/search/",
    "tests/web/targets/",
    "tests/web/test_accounts.py",
    "tests/web/test_lists.py",
    "tests/web/test_query_counts.py",
    "tests/web/test_round_trips.py",
)
# What reads the sample, which takes long to load: one worker takes it all, one file after another.
SAMPLED = (
    "tests/campaign/sample/",
    "tests/campaign/test_cockpit.py",
    "tests/web/brief/test_brief_numbers.py",
    "tests/web/brief/test_same_money.py",
    "tests/web/cockpit/test_same_number.py",
    "tests/web/history/test_names_of_sample.py",
    "tests/web/search/test_search_pages.py",
    "tests/web/test_query_counts.py",
    "tests/web/test_round_trips.py",
)
# All else goes a file at a time; the longest begin, or one worker would end with them while the
# other waits.
LONGEST = ("sampled", "tests/security/test_matrix.py", "tests/browser/test_plan.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database and what one database shows; put the tests in order."""
    on_postgresql = "DATABASE_URL" in os.environ
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if item.get_closest_marker("postgres") and not on_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
        if _file(item).startswith(PAGES) and not _file(item).startswith(PAGES_ON_BOTH):
            item.add_marker("once")
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (rank.get(_taken_as(item.nodeid), len(LONGEST)), not is_sampled(item))
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:  # noqa: ANN401 -- xdist's own
    """With `--dist loadfile` what reads the sample goes as one, and the order stays as dealt."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 -- only where there are workers

    if config.getoption("dist") != "loadfile":
        return None

    class ByFileOrSample(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _taken_as(nodeid)

    config.option.loadscopereorder = False
    return ByFileOrSample(config, log)


def _taken_as(nodeid: str) -> str:
    return LONGEST[0] if nodeid.startswith(SAMPLED) else nodeid.partition("::")[0]


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
