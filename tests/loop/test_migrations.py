"""What the migrations of the loop make of rows that were there before them."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from guatu.loop.actions import ClaimGiven, report, return_, submit_for_review
from guatu.loop.models import Duty
from tests.factories import TODAY
from tests.loop.builders import issued, make_loop, on

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_duties_when_their_submission_was_not_kept_then_they_and_past_states_learn_it() -> None:
    place = make_loop()
    duty = issued(place)
    report(on(place.owner, 1), duty, text="已办完", claims=[ClaimGiven("办结", closes=True)])
    duty = submit_for_review(on(place.owner, 2), duty)
    duty = return_(on(place.office, 3), duty, reason="缺照片")
    versions = apps.get_model("loop", "DutyVersion").objects
    kept = list(versions.order_by("pk").values_list("state", "submitted_on"))
    assert {state for state, day in kept if day == TODAY + 2 * DAY} >= {"review", "doing"}
    Duty.objects.update(submitted_on=None)
    versions.update(submitted_on=None)
    import_module("guatu.loop.migrations.0025_duties_submitted").tell(apps, None)
    assert Duty.objects.get(pk=duty.pk).submitted_on == TODAY + 2 * DAY
    assert list(versions.order_by("pk").values_list("state", "submitted_on")) == kept
