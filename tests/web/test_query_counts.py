"""Every page of the URL table asks the database a bounded number of questions."""

from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.campaign.sample.loading import Loaded
from tests.pages import sample_pages

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
PEOPLE = (
    *("leader1", "office1", "housing1", "statistics1", "invest1", "specialist1"),
    *("sysadmin", "secadmin", "auditadmin", "firm1"),
)
# They lead elsewhere, or the sample has nothing left to do there; their own tests count.
NOT_SHOWN = {
    "accounts:login",
    "brief:index",
    "blockers:urge key=@blocker",
    "brief:pdf monday=2025-03-17 scope=district",
    "home",
    "duties:end_helper key=@duty helper=@helper",
    "duties:fill key=@quota_duty number=1",
    "handovers:accept key=@handover",
    "handovers:give key=@handover",
    "handovers:query key=@handover item=@handover_item",
    "intake:ledger_confirm batch=@ledger",
    "intake:ledger_errors batch=@ledger",
    "letters:act key=@letter_to_sign slug=sign",
    "letters:urge key=@letter",
    "letters:pdf key=@letter",
    "plans:pdf key=@project",
    "plans:begin key=@project",
    "plans:of_duty key=@node_duty",
    "plans:scenario key=@project scenario=@scenario",
    "plans:step key=@project scenario=@scenario node=n1",
    "plans:why key=@project scenario=@scenario",
    "reserve:of_subject key=@reserve",
    "resources:adopt key=@levelling",
    "resources:drop key=@levelling",
    "resources:levelling key=@levelling",
    "saved:edit key=@view",
    "saved:renew key=@view",
    "tokens:revoke key=@token",
    "saved:remove key=@view",
    "targets:sheet batch=@target_sheet",
    "targets:sheet_confirm batch=@target_sheet",
    "targets:sheet_errors batch=@target_sheet",
    "wall:pdf",
}


def _taken_over(answer: Any) -> set[str]:  # noqa: ANN401 -- an answer of the test client
    """Names of the frame, as of the bell's count, that the page's own context hides."""
    frame = {"unread", "rooms", "menu", "officer", "machine_day"}
    layers = [layer for context in answer.context or () for layer in getattr(context, "dicts", ())]
    own = [layer for layer in layers if "standing" not in layer and "True" not in layer]
    return {name for layer in own for name in layer} & frame


def _counted(loaded: Loaded, as_of: str = "") -> dict[str, dict[str, int]]:
    """Queries by page and by person, where the page shows to the person.

    No page may hide what its frame shows.
    How many there are is no matter of the database: on PostgreSQL each page is opened until one
    person was shown it.
    """
    officers = loaded.district.officers
    pages = sample_pages(officers["housing1"].username)
    counted: dict[str, dict[str, int]] = {}
    for person in PEOPLE:
        client = Client()
        client.force_login(officers[person], "django.contrib.auth.backends.ModelBackend")
        for label, address in pages.items():
            if connection.vendor == "postgresql" and label in counted:
                continue
            reset_queries()  # the log keeps the last 9,000 of all pages together
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(f"{address}{'&' if '?' in address else '?'}{as_of}")
            if answer.streaming:
                b"".join(answer.streaming_content)  # its file is closed at the end
            if answer.status_code == 200:
                assert _taken_over(answer) == set(), label
                counted.setdefault(label, {})[person] = len(captured)
    return counted


def _too_many(counted: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {page: by for page, by in counted.items() if max(by.values()) > MOST_QUERIES}


def test_pages_when_read_by_each_role_then_at_most_25_queries(loaded: Loaded) -> None:
    counted = _counted(loaded)
    assert _too_many(counted) == {}
    owner = loaded.district.officers["housing1"].username
    assert set(sample_pages(owner)) - set(counted) == NOT_SHOWN


def test_pages_when_read_as_of_a_past_day_then_at_most_25_queries(loaded: Loaded) -> None:
    counted = _counted(loaded, "as_of=2025-03-10")
    assert _too_many(counted) == {}
    assert {"duties:duties", "projects:list", "wall:wall", "cockpit:show"} <= set(counted)
