"""Code lists, and what else a program needs to learn the interface without a person."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from guatu.api.kinds.codes import BY_ID, LISTS
from guatu.api.reference import _operations
from guatu.api.service import description
from guatu.investment.models import Project
from guatu.register.enums import Role
from guatu.register.recording import create
from tests.api.programs import program_of
from tests.factories import make_standing, make_subject, system_act
from tests.loop.builders import District, doing

pytestmark = pytest.mark.django_db
NAMED = re.compile(r"见代码表 ([a-z_]+)")


def test_codes_when_read_then_every_list_tells_its_codes_in_the_order_of_the_rule(
    place: District,
) -> None:
    program = program_of(place.office)
    status, told = program.get("/codes")
    assert (status, [row["id"] for row in told["rows"]]) == (200, [one.id for one in LISTS])
    status, causes = program.get("/codes/blocker_causes")
    assert (status, causes["name"], causes["as_of"]) == (200, "堵点成因", None)
    assert causes["codes"][:2] == [
        {"code": "land", "name": "征地拆迁"},
        {"code": "land_quota", "name": "用地指标"},
    ]
    for one in LISTS:
        status, told = program.get(f"/codes/{one.id}?as_of=2025-03-01")
        assert (status, told["id"], told["as_of"]) == (200, one.id, "2025-03-01")
        assert all(sorted(row) == ["code", "name"] for row in told["codes"])


def test_codes_when_their_rows_may_not_be_read_then_the_list_is_missing(place: District) -> None:
    firm = program_of(make_standing(place.unit, Role.ENTERPRISE))
    told = [row["id"] for row in firm.get("/codes")[1]["rows"]]
    assert told == ["duty_kinds", "letter_kinds", "indicators", "industries"]
    assert firm.get("/codes/blocker_causes")[0] == 404
    assert program_of(place.office).get("/codes/nothing")[0] == 404
    assert program_of(place.office, "read:duties").get("/codes")[0] == 403


def test_description_when_a_field_is_a_code_then_it_names_a_list_that_there_is() -> None:
    named = set(NAMED.findall(json.dumps(description(), ensure_ascii=False)))
    assert named == set(BY_ID)


def test_blocker_when_its_cause_is_unknown_then_the_refusal_names_the_codes(
    place: District,
) -> None:
    duty = doing(place)
    said = {"duty": str(duty.public_id), "cause": "weather"}
    status, told = program_of(place.owner).post("/blockers/raise", said)
    assert (status, told["error"]["field"]) == (422, "cause")
    assert told["error"]["message"].startswith(
        "请选择堵点成因：land 征地拆迁、land_quota 用地指标、"
    )


def test_filter_when_not_of_its_values_then_they_are_told_without_quotes(place: District) -> None:
    status, told = program_of(place.office).get("/projects?lamp=blue")
    assert (status, told["error"]["message"]) == (
        422,
        "「lamp」应为 red、amber、green、unrated 之一。",
    )


def test_head_when_asked_then_as_get_without_the_content(place: District) -> None:
    headers = {"Authorization": f"Bearer {program_of(place.office).secret}"}
    client = Client()
    got = client.get("/api/v1/projects", headers=headers)
    asked = client.head("/api/v1/projects", headers=headers)
    assert (asked.status_code, asked.content) == (200, b"")
    assert (asked["ETag"], asked["Content-Length"]) == (got["ETag"], str(len(got.content)))
    again = client.head("/api/v1/projects", headers={**headers, "If-None-Match": asked["ETag"]})
    assert again.status_code == 304
    assert client.head("/api/v1/projects").status_code == 401
    assert client.head("/api/v1/blockers/raise", headers=headers).status_code == 405


def test_key_when_written_in_capitals_then_the_same_thing(place: District) -> None:
    subject = make_subject(place.unit)
    create(system_act(), "project.add", Project(subject=subject, name=subject.title))
    program, key = program_of(place.office), str(subject.public_id).upper()
    assert program.get(f"/projects/{key}")[1]["id"] == str(subject.public_id)
    assert program.get(f"/nodes?project={key}")[0] == 200
    assert program.get(f"/duties?owner_unit={str(place.unit.public_id).upper()}")[0] == 200


def test_description_when_read_then_it_names_the_server_and_answers_follow_from_there() -> None:
    assert [one["url"] for one in description()["servers"]] == ["/"]


def test_reference_when_an_answer_or_a_request_holds_a_list_then_its_items_fields_are_told(
    place: District,
) -> None:
    told = {operation.id: operation for _, operation in _operations(description())}
    listed = {table.caption: table.fields for table in told["list_projects"].answered}
    assert list(listed) == ["答复", "rows 的每一项"]
    names = [field.name for field in listed["rows 的每一项"]]
    assert names[:4] == ["id", "code", "version", "name"]
    assert [field.type for field in listed["rows 的每一项"] if field.name == "lamp"] == [
        "对象（colour、word、reason）"
    ]
    assert [one.caption for one in told["read_targets"].answered] == [
        "答复",
        "parts 的每一项",
        "parts.months 的每一项",
    ]
    assert [one.caption for one in told["report_duty"].sent] == ["请求内容", "claims 的每一项"]
    client = Client()
    client.force_login(place.owner.officer, "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("api:reference")).content.decode()
    assert ("rows 的每一项" in page, "lamp_margin_days" in page) == (True, True)
