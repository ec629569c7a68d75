"""Whatever the sample's log tells, it tells in Chinese."""

import re

import pytest

from guatu.register.models import Event
from guatu.web.history.names import column_name, model_name
from guatu.web.history.verbs import verb_name

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
CODE = re.compile(r"[A-Za-z]")


def test_names_when_asked_for_every_event_of_the_sample_then_no_code_shows() -> None:
    told = Event.objects.values_list("verb", "model", "changes")
    words = {verb_name(verb) for verb, _, _ in told} | {model_name(model) for _, model, _ in told}
    words |= {column_name(model, column) for _, model, changes in told for column in changes}
    assert {word for word in words if CODE.search(word)} == set()
