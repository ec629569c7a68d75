"""The sample district, loaded once for all tests of a run that read it.

Loading takes long, so `tests/machine/workers.py` puts these tests one after another, on one worker.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from guatu.campaign import sample
from guatu.campaign.sample.loading import Loaded
from guatu.investment import stages
from guatu.register import rules


class _Kept:
    """The sample in a transaction that stays open; each test's own is a savepoint in it."""

    def __init__(self) -> None:
        self.loaded: Loaded | None = None
        self._undo = ExitStack()

    def get(self, blocker: DjangoDbBlocker) -> Loaded:
        if self.loaded is None:
            with ExitStack() as undo:
                undo.enter_context(blocker.unblock())
                undo.enter_context(transaction.atomic())
                undo.callback(transaction.set_rollback, True)
                rules.load_shipped()
                stages.load_shipped()
                self.loaded = sample.load()
                self._undo = undo.pop_all()
        return self.loaded

    def drop(self) -> None:
        self.loaded = None
        self._undo.close()


_kept = _Kept()


def is_sampled(item: pytest.Item) -> bool:
    """Whether a test reads the sample."""
    return "loaded" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Roll the sample back as soon as the next test is not one of those."""
    try:
        yield
    finally:
        if nextitem is None or not is_sampled(nextitem):
            _kept.drop()


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None,  # noqa: ARG001 -- the database must be there first
    django_db_blocker: DjangoDbBlocker,
) -> Loaded:
    """Load the sample unless it is still there; what a test changes is rolled back after it."""
    return _kept.get(django_db_blocker)
