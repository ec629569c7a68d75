"""The sample district, loaded once for the tests of a module."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from guatu.campaign import sample
from guatu.campaign.sample.loading import Loaded
from guatu.investment import stages
from guatu.register import rules


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None,  # noqa: ARG001 -- the database must be there first
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Loaded]:
    """Load the sample; everything is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        rules.load_shipped()
        stages.load_shipped()
        yield sample.load()
        transaction.set_rollback(True)
