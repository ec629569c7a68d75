"""A program as the tests need it: a token of an officer, and requests with it."""

import datetime as dt
import json
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from guatu.register.campaign import calendar_day
from guatu.register.enums import Role
from guatu.register.models import ApiPermit, ApiToken, Officer, TokenSecret
from guatu.register.policies import Standing
from guatu.register.recording import create
from guatu.register.scopes import SCOPES
from guatu.register.tokens import digest_of
from tests.factories import make_standing, system_act

YEAR = dt.timedelta(days=300)


def token_of(officer: Officer, *scopes: str) -> str:
    """Secret of a new token that holds ``scopes``, all of them unless told."""
    wanted = list(scopes or SCOPES)
    until = calendar_day() + YEAR
    if not ApiPermit.objects.filter(officer=officer).exists():
        permit = ApiPermit(officer=officer, scopes=list(SCOPES), until=until)
        create(system_act(timezone.now()), "token.permit", permit)
    prefix = uuid.uuid4().hex[:8].translate(str.maketrans("01", "xy"))
    secret = f"gt_{prefix}_{'s' * 43}"
    token = ApiToken(
        officer=officer, name="示例程序", prefix=prefix, scopes=wanted, expires_on=until
    )
    create(system_act(timezone.now()), "token.make", token)
    TokenSecret.objects.create(token=token, digest=digest_of(secret))
    return secret


class Asked:
    """Requests of one program; ``get`` and ``post`` return the status and the JSON."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client()

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Read."""
        answer = self.client.get(f"/api/v1{path}", headers={**self._bearer(), **headers})
        return answer.status_code, json.loads(answer.content or b"null")

    def post(self, path: str, said: object, key: str = "") -> tuple[int, Any]:
        """Report; ``said`` may be bytes that are no JSON."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        answer = self.client.post(
            f"/api/v1{path}",
            body,
            "application/json",
            headers={**self._bearer(), "Idempotency-Key": key or uuid.uuid4().hex},
        )
        return answer.status_code, json.loads(answer.content)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def program_of(standing: Standing, *scopes: str) -> Asked:
    """Return a program of an officer."""
    return Asked(token_of(standing.officer, *scopes))


def security_admin(unit: Any) -> Standing:  # noqa: ANN401 -- an organisation
    """Standing of a security administrator."""
    return make_standing(unit, Role.SECURITY_ADMIN)


def rows_of(program: Asked, address: str) -> list[dict[str, Any]]:
    """Rows of a list that was answered."""
    status, told = program.get(address)
    assert status == 200, told
    rows: list[dict[str, Any]] = told["rows"]
    return rows


def names_of(program: Asked, address: str, column: str = "name") -> list[str]:
    """One column of a list, sorted."""
    return sorted(row[column] for row in rows_of(program, address))
