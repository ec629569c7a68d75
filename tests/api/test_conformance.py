"""Schemathesis asks every operation what its description promises, with a token of every scope.

In this process, every request rolled back, one seed, few examples: it answers the same each time.
"""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from guatu.investment.models import Project
from guatu.loop.models import Activity
from guatu.register.recording import create
from tests.api.programs import token_of
from tests.api.rooms import furnished
from tests.factories import make_subject, system_act
from tests.loop.builders import doing, issued, make_loop
from tests.loop.targets import given, promised, share

# The shape of answers is no matter of the database; what is asked of it has tests beside this one.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
EXAMPLES = 4
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 20250318,
        "checks": {
            # What has the right shape may still be refused by a rule: a day that has not come.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "401", "403", "404", "409", "422"]
            },
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), config=CONFIG)


@pytest.fixture(scope="module")
def secret(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:  # noqa: ARG001 -- tables first
    """Return a token with every scope, in a district with something to read."""
    for signal in (request_started, request_finished):
        # As Django's own test client does: the connection outlives the requests.
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        place = make_loop()
        doing(place)
        issued(place)
        furnished(place, "甲")
        given(place.office, promised(place.office), {place.unit: share(1, {1: 1})})
        subject = make_subject(place.unit)
        create(system_act(), "project.add", Project(subject=subject, name=subject.title))
        node = Activity(subject=subject, node="n1", name="示例节点", stage="s1", sequence=1)
        create(system_act(), "timetable.add", node)
        yield token_of(place.office.officer)
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_operation_when_asked_then_as_described(case: Any, secret: str) -> None:  # noqa: ANN401 -- schemathesis' case
    with transaction.atomic():
        try:
            case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})
        finally:
            transaction.set_rollback(True)
