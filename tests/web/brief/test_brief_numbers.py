"""The numbers of the weekly brief are those of its lists, and of last week's own brief."""

import re
from html import unescape

import pytest
from django.test import Client

from guatu.campaign.sample.loading import Loaded

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="([^"]+)" data-figure="([^"]+)" data-value="([^"]*)"')


def _client(loaded: Loaded, person: str) -> Client:
    client = Client()
    officer = loaded.district.officers[person]
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("leader1", "2025-03-17/district/"),
        ("office1", "2025-03-10/unit-housing/"),
        ("housing1", "2025-03-17/district/?as_of=2025-03-18"),
    ],
)
def test_figure_when_opened_then_as_many_rows(loaded: Loaded, person: str, address: str) -> None:
    client = _client(loaded, person)
    found = FIGURE.findall(client.get(f"/brief/{address}").content.decode())
    assert len(found) == 20
    wrong = [
        (key, value, client.get(unescape(href)).context["listing"].count)
        for href, key, value in found
    ]
    assert [one for one in wrong if int(one[1]) != one[2]] == []


def test_last_week_when_compared_then_what_last_week_itself_says(loaded: Loaded) -> None:
    client = _client(loaded, "office1")
    now = client.get("/brief/2025-03-17/district/").context["brief"]
    then = client.get("/brief/2025-03-10/district/").context["brief"]
    for kind in ("duties", "blockers", "letters"):
        before = {one.key: one.before for one in now.figures[kind]}
        assert before == {one.key: one.value for one in then.figures[kind]}
    standing_before = {one.key: one.before for one in now.figures["projects"]}
    values = {one.key: one.value for one in then.figures["projects"]}
    assert standing_before["red"] == values["red"]
