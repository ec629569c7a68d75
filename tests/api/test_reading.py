import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.api.kinds import KINDS
from guatu.investment.models import Project
from guatu.loop.models import Activity
from guatu.register.enums import Basis, PartyRole, Role
from guatu.register.models import Indicator, Observation, Party
from guatu.register.recording import change, create
from tests.api.programs import program_of, rows_of, token_of
from tests.api.rooms import furnished
from tests.factories import NOON, TODAY, make_standing, make_subject, system_act
from tests.loop.builders import District, doing, issued
from tests.loop.targets import given, promised, share


def project(place: District, title: str = "示例路改造", **facts: object) -> Project:
    """Project of the owner's unit."""
    subject = make_subject(place.unit, title=title)
    return create(system_act(), "project.add", Project(subject=subject, name=title, **facts))


def test_projects_when_read_then_facts_lamp_and_unknown_are_told(place: District) -> None:
    row = project(place, total_wan=Decimal("12000.500000"))
    status, told = program_of(place.owner).get("/projects")
    (shown,) = told.pop("rows")
    assert (status, told) == (
        200,
        {"as_of": None, "business_date": TODAY.isoformat(), "next": None},
    )
    assert shown == {
        "id": str(row.subject.public_id),
        "code": row.subject.code,
        "version": 1,
        "name": "示例路改造",
        "category": None,
        "category_code": None,
        "stage": None,
        "stage_name": None,
        "unit": {"id": str(place.unit.public_id), "name": place.unit.name},
        "total_wan": "12000.5",
        "year_plan_wan": None,
        "lamp": {"colour": "unrated", "word": "未评", "reason": None},
        "lamp_since": None,
        "lamp_margin_days": None,
        "next_node": None,
        "next_due": None,
        "starred": False,
        "sample": False,
        "changed_at": shown["changed_at"],
    }


def test_project_when_read_alone_then_nodes_and_outsiders_masked(place: District) -> None:
    row = project(place)
    node = Activity(subject=row.subject, node="n1", name="示例节点", stage="s1", sequence=1)
    create(system_act(), "timetable.add", node)
    outsider = Party(
        subject=row.subject,
        role=PartyRole.CONTACT,
        outside_name="示例联系人",
        outside_phone="13800001234",
    )
    create(system_act(), "party.add", outsider)
    _, told = program_of(place.owner).get(f"/projects/{row.subject.public_id}")
    assert [one["node"] for one in told["nodes"]] == ["n1"]
    assert told["parties"] == [
        {
            "role": "contact",
            "role_name": "联系人",
            "post": None,
            "unit": None,
            "outside": "示**",
            "phone": "138******34",
        }
    ]


def test_changed_since_when_only_the_responsible_unit_changed_then_told_and_the_past_is_not(
    place: District,
) -> None:
    row = project(place)
    later = NOON + dt.timedelta(days=3)
    change(system_act(later), "subject.assign", row.subject, unit=place.stranger_post.organisation)
    program = program_of(place.office)
    since = f"changed_since={later.isoformat()}".replace("+", "%2B")
    (shown,) = rows_of(program, f"/projects?{since}")
    assert (shown["unit"]["name"], shown["version"]) == (place.stranger_post.organisation.name, 1)
    assert rows_of(program, f"/projects?{since}&as_of={TODAY}") == []


def test_list_when_paged_then_every_row_once_in_the_order_of_keys(place: District) -> None:
    wanted = [str(issued(place).public_id) for _ in range(5)]
    program = program_of(place.owner)
    found, address = [], "/duties?limit=2"
    while address:
        _, told = program.get(address)
        found.append([row["id"] for row in told["rows"]])
        address = f"/duties?limit=2&after={told['next']}" if told["next"] else ""
    assert [key for part in found for key in part] == sorted(wanted)
    assert [len(part) for part in found] == [2, 2, 1]


def test_list_when_filtered_then_only_what_was_asked_and_strangers_refused(
    place: District,
) -> None:
    kept, _ = doing(place), issued(place)
    program = program_of(place.owner)
    _, told = program.get("/duties?state=doing")
    assert [row["id"] for row in told["rows"]] == [str(kept.public_id)]
    assert program.get("/duties?stat=doing") == (
        422,
        {
            "error": {
                "code": "invalid",
                "message": "没有参数「stat」。",
                "field": "stat",
                "current": None,
            }
        },
    )
    assert program.get("/duties?limit=201")[0] == 422
    assert program.get("/duties?due_until=2025-02-30")[1]["error"]["field"] == "due_until"


def test_list_when_read_as_of_a_past_day_then_as_known_then(place: District) -> None:
    row = project(place, "示例旧名")
    later = system_act(NOON + dt.timedelta(days=10))
    change(later, "project.edit", row, name="示例新名")
    program = program_of(place.owner)
    _, now = program.get("/projects")
    _, then = program.get("/projects?as_of=2025-03-20")
    _, alone = program.get(f"/projects/{row.subject.public_id}?as_of=2025-03-20")
    assert [row["name"] for row in now["rows"]] == ["示例新名"]
    assert ([row["name"] for row in then["rows"]], then["as_of"]) == (["示例旧名"], "2025-03-20")
    assert (alone["name"], alone["version"]) == ("示例旧名", 1)
    status, told = program.get("/projects?as_of=2999-01-01")
    assert (status, told["error"]["field"]) == (422, "as_of")


def test_reading_when_nothing_changed_then_304(place: District) -> None:
    duty = issued(place)
    bearer = {"Authorization": f"Bearer {token_of(place.owner.officer)}"}
    address = f"/api/v1/duties/{duty.public_id}"
    first = Client().get(address, headers=bearer)
    again = Client().get(address, headers={**bearer, "If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_kinds_when_listed_then_queries_do_not_grow_with_rows(place: District) -> None:
    program = program_of(place.office)
    program.get("/units")  # notes the day of use
    given(place.office, promised(place.office), {place.unit: share(1, {1: 1})})
    counts = []
    for rows in (1, 4):
        for _ in range(rows):
            doing(place)
            furnished(place, f"{rows}" * (1 + _ + rows))
        told = {}
        for kind in KINDS:
            with CaptureQueriesContext(connection) as captured:
                assert program.get(f"/{kind.path}?limit=200")[0] == 200
            told[kind.path] = len(captured)
        counts.append(told)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 12


def test_object_when_it_is_of_others_then_as_if_it_did_not_exist(place: District) -> None:
    duty, row = issued(place), project(place)
    program = program_of(place.stranger)
    missing = program.get("/duties/00000000-0000-7000-8000-000000000000")
    assert missing[0] == 404
    assert program.get(f"/duties/{duty.public_id}") == missing
    assert program.get(f"/projects/{row.subject.public_id}") == missing
    assert program.get("/projects")[1]["rows"] == []


def test_token_when_it_lacks_the_scope_then_403_and_nothing_else_told(place: District) -> None:
    duty = issued(place)
    program = program_of(place.owner, "read:projects")
    known = program.get(f"/duties/{duty.public_id}")
    unknown = program.get("/duties/00000000-0000-7000-8000-000000000000")
    assert known == unknown
    assert (known[0], known[1]["error"]["message"]) == (403, "这个令牌没有「read:duties」权限。")


def test_session_when_it_asks_without_a_token_then_401(place: District) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.owner.officer, "django.contrib.auth.backends.ModelBackend")
    answers = [
        client.get("/api/v1/duties"),
        client.post("/api/v1/blockers/raise", b"{}", "application/json"),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0]["WWW-Authenticate"] == "Bearer"


def test_direct_reports_when_read_then_the_statisticians_token_alone(place: District) -> None:
    subject = make_subject(place.unit)
    indicator = Indicator.objects.create(code="output", name="示例产值", unit="万元")
    for source, value in (("统计直报（示例）", 8), ("企业填报（示例）", 7)):
        Observation.objects.create(
            subject=subject,
            indicator=indicator,
            period="2025-02",
            basis=Basis.PERIOD,
            value=value,
            source=source,
            vintage=NOON,
        )
    bureau = make_standing(place.root, Role.STATISTICIAN)
    told = {}
    for name, standing in {"office": place.office, "bureau": bureau}.items():
        for past in ("", "?as_of=2025-03-20"):
            _, answer = program_of(standing).get(f"/observations{past}")
            told[name + past] = sorted(row["value"] for row in answer["rows"])
    assert told == {
        "office": ["7"],
        "office?as_of=2025-03-20": ["7"],
        "bureau": ["7", "8"],
        "bureau?as_of=2025-03-20": ["7", "8"],
    }


def test_token_when_it_asks_too_often_then_429(place: District, settings: object) -> None:
    cache.clear()
    settings.API_REQUESTS_A_MINUTE = 2  # type: ignore[attr-defined]  # pytest-django's fixture
    program = program_of(place.owner)
    statuses = [program.get("/units")[0] for _ in range(4)]
    assert 429 in statuses
    assert statuses[:2] == [200, 200]


def test_secret_when_requests_are_logged_then_it_is_nowhere(
    place: District, caplog: pytest.LogCaptureFixture
) -> None:
    secret = token_of(place.owner.officer)
    bearer = {"Authorization": f"Bearer {secret}"}
    with caplog.at_level("DEBUG"):
        Client().get("/api/v1/duties", headers=bearer)
        Client().get("/api/v1/duties/none", headers=bearer)
        Client().post("/api/v1/duties", headers=bearer)
    assert secret not in caplog.text


def test_openapi_when_read_then_every_operation_names_its_scope_and_answers() -> None:
    told = json.loads(Client().get("/api/openapi.json").content)
    operations = [one for methods in told["paths"].values() for one in methods.values()]
    assert len(operations) == 2 * len(KINDS) + 2 + 8
    assert all("需要权限 " in one["description"] for one in operations)
    assert all(
        {"200", "401", "403", "404", "422", "429"} <= set(one["responses"]) for one in operations
    )


def test_token_when_used_again_then_nothing_is_written(place: District) -> None:
    program = program_of(place.owner)
    program.get("/units")
    with CaptureQueriesContext(connection) as captured:
        program.get("/units")
    assert [one["sql"] for one in captured if not one["sql"].startswith("SELECT")] == []
