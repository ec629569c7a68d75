"""Every route answers every role, for own and other objects, exactly as the table says."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from guatu.register.enums import Role
from tests.security import table
from tests.security.classes import CLASSES, LOG_IN, MISSING, NO_METHOD, OPEN, ROLES
from tests.security.routes import routes
from tests.security.table import Line
from tests.security.world import World, make_world

# Rights are decided before the database is asked: on PostgreSQL the same would be said again.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
LINES = table.read()
Answer = Any  # Django gives its test answers no public type
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Reached without signing in.
PUBLIC = frozenset({"accounts:login", "api:openapi"})
NO_TOKEN = "401"
# What programs send: of the right shape, and by a version that no row has.
SAID: dict[str, dict[str, object]] = {
    "api:report_duty": {"version": 999_999, "text": "示例"},
    "api:report_node": {"version": 999_999, "started": "2025-03-18"},
    "api:end_node": {"version": 999_999, "day": "2025-03-18"},
    "api:raise_blocker": {"cause": "other"},
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:  # noqa: ARG001 -- tables first
    """One world for all cells, everybody signed in; every request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        for role, officer in made.officers.items():
            client = Client()
            client.force_login(officer, BACKEND)
            made.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield made
        transaction.set_rollback(True)


def test_table_when_compared_with_urls_then_every_route_and_method_is_listed() -> None:
    wanted = {(route, method) for route in routes() for method in table.METHODS}
    listed = {(line.route, line.method) for line in LINES}
    assert sorted(wanted - listed) == [], "python -m tests.security.propose_matrix"
    assert sorted(listed - wanted) == []


def test_table_when_read_then_every_cell_is_what_its_class_declares() -> None:
    wrong = [line.label for line in LINES if line.kind not in CLASSES]
    wrong += [line.label for line in LINES if not wrong and line.cells != line.declared()]
    assert wrong == []
    assert [line.label for line in LINES if len(line.cells) != len(ROLES)] == []


def address(line: Line, objects: dict[str, object]) -> str:
    """Address of the line for one set of objects; ``@kind`` stands for an object's key."""
    words = {
        name: objects[word[1:]] if word.startswith("@") else word
        for name, word in line.words().items()
    }
    query = words.pop("?", "")
    return f"{reverse(line.route, kwargs=words)}?{query}"


def answer(role: Role | None, world: World, line: Line, objects: dict[str, object]) -> Answer:
    """Answer to one request, with all it changed put back."""
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if line.is_for_programs:
            response = program_answer(client, world.tokens.get(role, ""), line, objects)
        else:
            if role is not None:
                client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
            send = client.get if line.method == "GET" else client.post
            response = send(address(line, objects))
        if response.streaming:
            b"".join(response.streaming_content)  # its file is closed at the end
        transaction.set_rollback(True)
    return response


def program_answer(client: Client, secret: str, line: Line, objects: dict[str, object]) -> Answer:
    """Answer to a program with a token of every scope, or with none."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    if line.method == "GET":
        return client.get(address(line, objects), headers=headers)
    headers["Idempotency-Key"] = "example-0001"
    said = json.dumps(SAID.get(line.route, {"version": 999_999}))
    return client.post(address(line, objects), said, "application/json", headers=headers)


def unsigned(line: Line) -> str:
    """What the route is to answer to somebody unknown."""
    if line.is_for_programs:
        return NO_METHOD if NO_METHOD in line.cells else NO_TOKEN
    if line.route in PUBLIC:
        return NO_METHOD if NO_METHOD in line.cells else OPEN
    return LOG_IN


def told(response: Answer) -> str:
    """What the answer amounts to."""
    if response.status_code in {404, 405}:
        return str(response.status_code)
    if response.status_code in {301, 302, 303} and "/account/login/" in response["Location"]:
        return LOG_IN
    known = {200, 204, 302, 303, 400, 409, 422}
    return OPEN if response.status_code in known else str(response.status_code)


class Told(NamedTuple):
    """What an answer about the other object amounts to, and what it says where there is none."""

    word: str
    status: int
    content: bytes


def about_other(role: Role, world: World, line: Line) -> Told:
    """Answer about the other object; asked once, for the two tests that look at it."""
    key = (role, line.label)
    if key not in world.about_other:
        response = answer(role, world, line, world.other)
        word = told(response)
        content = response.content if word == MISSING else b""
        world.about_other[key] = Told(word, response.status_code, content)
    return world.about_other[key]


@pytest.fixture
def _pages_unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no page out but that of what is missing: whether it opens is decided before.

    Every page is written out below for one role, and for each in `test_query_counts.py`.
    """
    write = Template.render

    def render(self: Template, *given: Any) -> str:  # noqa: ANN401 -- as Django's own
        return write(self, *given) if self.template.name == "404.html" else ""

    monkeypatch.setattr(Template, "render", render)


@pytest.mark.usefixtures("_pages_unwritten")
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.label)
def test_route_when_each_role_asks_then_answer_is_the_cell(line: Line, world: World) -> None:
    found = {}
    for role in ROLES:
        words = [told(answer(role, world, line, world.own))]
        if line.has_object:
            words.append(about_other(role, world, line).word)
        found[role.value] = "|".join(words)
    expected = {}
    for role in ROLES:
        cells = line.expected(role)
        twice = line.has_object and len(cells) == 1
        expected[role.value] = "|".join(cells * 2 if twice else cells)
    assert found == expected


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.label)
def test_route_when_nobody_is_signed_in_then_the_log_in_page(line: Line, world: World) -> None:
    found = told(answer(None, world, line, world.own))
    assert found == unsigned(line)


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if line.method == "POST" and NO_METHOD not in line.cells],
    ids=lambda line: line.label,
)
def test_route_when_posted_without_token_then_refused_before_anything(
    line: Line, world: World
) -> None:
    client = Client(enforce_csrf_checks=True)
    role = next((r for r in ROLES if line.expected(r)[0] in {OPEN, LOG_IN}), None)
    assert role is not None, "a route that no role may use"
    with transaction.atomic():
        client.force_login(world.officers[role], BACKEND)
        if line.is_for_programs:
            status = program_answer(client, "", line, world.own).status_code
        else:
            status = client.post(address(line, world.own)).status_code
        transaction.set_rollback(True)
    assert status == (401 if line.is_for_programs else 403)


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if line.method == "GET" and NO_METHOD not in line.cells],
    ids=lambda line: line.label,
)
def test_route_when_answered_then_every_protection_is_in_the_headers(
    line: Line, world: World
) -> None:
    role = next(r for r in ROLES if line.expected(r)[0] == OPEN)
    response = answer(role, world, line, world.own)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    if response.status_code == 200 and "text/html" in response["Content-Type"]:
        text = response.content.decode()
        assert "<script>" not in text
        assert " style=" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if any("|404" in cell and "open" in cell for cell in line.cells)],
    ids=lambda line: line.label,
)
def test_object_when_it_is_of_others_then_answer_is_that_of_a_missing_one(
    line: Line, world: World
) -> None:
    missing = {
        name: "00000000-0000-7000-8000-000000000000" if "-" in str(key) else 999_999_999
        for name, key in world.other.items()
    }
    for role in ROLES:
        if line.expected(role)[-1] != MISSING:
            continue
        nobodys = answer(role, world, line, missing)
        assert about_other(role, world, line) == Told(
            told(nobodys), nobodys.status_code, nobodys.content
        )


def test_reverse_when_route_is_unknown_then_the_helper_fails_loudly() -> None:
    with pytest.raises(NoReverseMatch):
        address(Line("nowhere", "GET", "", "business"), {})
    assert get_resolver().reverse_dict
