"""What comes in may be anything: it is refused with one sentence and nothing breaks."""

import json

import pytest
from django.test import Client

from guatu.loop.models import Report
from tests.api.programs import program_of, token_of
from tests.loop.builders import District, issued


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" ", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b"\xff\xfe{}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
        (b'{"version": NaN}', 400),
        (b'{"version": 1' + b"0" * 5000 + b', "text": "a"}', 400),
        (b'{"version": 99999999999999999999, "text": "a"}', 422),
        (b'{"version": "1", "text": "a"}', 422),
        (b'{"version": true, "text": "a"}', 422),
        (b'{"version": 1.0, "text": "a"}', 422),
        (b'{"version": 1, "text": ["a"]}', 422),
        (b'{"version": 1, "text": "a\\u0000b"}', 422),
        (b'{"version": 1, "text": "\\ud800"}', 422),
        (b'{"version": 1, "\\ud800": "a", "text": "a"}', 422),
        (b'{"version": 1, "text": "a", "extra": 1}', 422),
        (json.dumps({"version": 1, "text": "长" * 4001}).encode(), 422),
        (json.dumps({"version": 1, "text": "a", "claims": [{"text": "a"}] * 11}).encode(), 422),
        (b'{"version": 1, "text": "' + b"a" * 300_000 + b'"}', 413),
    ],
    ids=range(22),
)
def test_report_when_content_is_hostile_then_one_sentence(
    place: District, body: bytes, status: int
) -> None:
    duty = issued(place)
    found, told = program_of(place.owner).post(f"/duties/{duty.public_id}/report", body)
    assert found == status
    assert set(told["error"]) == {"code", "message", "field", "current"}
    assert told["error"]["message"].endswith(("。", "."))
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/duties/not-a-key", 404),
        ("/duties/0195", 404),
        ("/nothing", 404),
        ("/", 404),
        ("/duties?limit=0", 422),
        ("/duties?limit=999999999999999999999999", 422),
        ("/duties?limit=-1", 422),
        ("/duties?limit=1e3", 422),
        ("/duties?after=1", 422),
        ("/duties?after=00000000000000000000000000000000", 422),
        ("/duties?state=%00", 400),
        ("/duties?%00=1", 400),
        ("/duties?state=%ed%a0%80", 422),
        ("/duties?subject='%20OR%201=1--", 422),
        ("/duties?due_until=20250301", 422),
        ("/duties?due_until=9999-12-31", 200),
        ("/duties?changed_since=2025-03-01", 422),
        ("/duties?changed_since=2025-03-01T00:00:00%2B08:00", 200),
        ("/projects?stage=" + "a" * 61, 422),
        ("/duties?as_of=2019-12-31", 422),
        ("/leads?stale=yesterday", 422),
        ("/leads?next_due_until=2025-02-30", 422),
        ("/leads?as_of=2020-01-01&stage=%E7%BA%BF%E7%B4%A2", 422),
        ("/reserves?state=gone", 422),
        ("/reserves?origin=%27%3B--", 422),
        ("/meetings?domain=", 422),
        ("/meetings?on_from=0000-00-00", 422),
        ("/visits?withdrawn=2", 422),
        ("/visits?subject=00000000-0000-7000-8000-000000000000", 422),
        ("/targets?changed_since=2025-03-01T00:00:00%2B08:00", 422),
        ("/targets/not-a-key", 404),
    ],
)
def test_reading_when_address_is_hostile_then_one_sentence(
    place: District, address: str, status: int
) -> None:
    found, told = program_of(place.owner).get(address)
    assert found == status, told
    if status != 200:
        assert told["error"]["message"].endswith("。")


def test_request_when_not_json_or_by_another_method_then_told_so(place: District) -> None:
    bearer = {"Authorization": f"Bearer {token_of(place.owner.officer)}"}
    form = Client().post("/api/v1/blockers/raise", {"cause": "other"}, headers=bearer)
    removed = Client().delete("/api/v1/duties", headers=bearer)
    assert (form.status_code, json.loads(form.content)["error"]["code"]) == (
        415,
        "unsupported_media_type",
    )
    assert (removed.status_code, removed["Allow"]) == (405, "GET")
    assert removed["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer gt_aaaaaaaa_" + "s" * 43,
        "Basic YTpi",
        "Bearer " + "x" * 9999,
    ],
)
@pytest.mark.usefixtures("place")
def test_token_when_it_is_none_then_401(header: str) -> None:
    answer = Client().get("/api/v1/duties", headers={"Authorization": header})
    assert (answer.status_code, json.loads(answer.content)["error"]["field"]) == (401, None)
