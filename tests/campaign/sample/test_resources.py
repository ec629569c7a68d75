"""Shared resources of the sample: one is too few for a while, and all of it can be removed."""

import pytest

from guatu.campaign.sample.loading import BUSINESS_DATE
from guatu.loop.models import Activity, Resource
from guatu.register.models import SampleRow
from guatu.web.resources.reading import rows_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_resources_when_loaded_then_each_is_used_and_one_is_too_few() -> None:
    rows = {row.resource.code: row for row in rows_on(None, BUSINESS_DATE)}
    assert set(rows) == {"structure", "drawings", "paving"}
    assert all(row.load.uses for row in rows.values())
    assert [code for code, row in rows.items() if row.load.overloaded] == ["paving"]


def test_resources_when_loaded_then_invented_and_marked_for_removal() -> None:
    rows = Resource.objects.all()
    assert all(row.name.startswith("示例") for row in rows)
    marked = SampleRow.objects.filter(model="loop.Resource").values_list("row", flat=True)
    assert set(marked) == {row.pk for row in rows}
    assert all(
        row.subject.is_sample
        for row in Activity.objects.exclude(needs={}).select_related("subject")
    )
