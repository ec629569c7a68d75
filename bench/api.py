"""The interface for programs beside the pages: the list of projects, and one report.

    python -m bench.api

Two hundred projects beside the sample. Medians of seven; a report is rolled back each time, so
that all are of the same duty. The list's page shows fifty rows; the interface gives 50 or 200.
"""

import datetime as dt
import json
import logging
import os
import sys
import tempfile
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench.measuring.clocks import median, spent
from bench.measuring.tables import Value, table
from guatu.cli.application import application

if TYPE_CHECKING:
    from django.test import Client

PROJECTS = 200
REPEATS = 7
PERSON = "zhuanban"


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        _measure()
    return 0


def _measure() -> None:
    from django.conf import settings  # noqa: PLC0415 -- needs Django set up
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from guatu.campaign import sample  # noqa: PLC0415 -- as above
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above

    upgrade()
    call_command("collectstatic", interactive=False, verbosity=0)
    sample.load()
    _add_projects()
    logging.disable(logging.WARNING)
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    print(table(["what", "rows", "queries", "CPU ms", "kB", "beside the page"], _rows()))


def _add_projects() -> None:
    from guatu.investment.actions import add_project  # noqa: PLC0415 -- needs Django set up
    from guatu.investment.models import Project  # noqa: PLC0415 -- as above
    from guatu.register.campaign import act_now  # noqa: PLC0415 -- as above
    from guatu.register.models import Organisation  # noqa: PLC0415 -- as above

    units = list(Organisation.objects.filter(kind="department")[:10])
    for number in range(PROJECTS - Project.objects.count()):
        unit = units[number % len(units)]
        add_project(act_now(None), name=f"示例项目{number}", unit=unit, total_wan=number)


def _rows() -> list[list[Value]]:
    from bench.measuring.visits import signed_in  # noqa: PLC0415 -- needs Django set up
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above

    client = signed_in(PERSON)
    owned = Duty.objects.filter(state="doing", owner_post__holdings__officer__is_active=True)
    duty = owned.select_related("owner_post").order_by("pk")[0]
    owner = duty.owner_post.holdings.get(until=None).officer
    bearer = {"Authorization": f"Bearer {_token(PERSON)}"}
    page = _seen("page of the list", 50, lambda: client.get("/projects/"))
    lists = [_seen(f"list of {rows}", rows, _listing(client, bearer, rows)) for rows in (50, 200)]
    person, own = signed_in(owner.username), {"Authorization": f"Bearer {_token(owner.username)}"}
    form = _seen("report by the form", 1, _reporting_by_form(person, duty))
    report = _seen("report", 1, _reporting(person, duty, own))
    for line in lists:
        line[-1] = line[3] / page[3]
    report[-1] = report[3] / form[3]
    return [page, *lists, form, report]


def _seen(name: str, rows: int, ask: Callable[[], "object"]) -> list[Value]:
    from django.db import connection, transaction  # noqa: PLC0415 -- needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- as above

    def once() -> bytes:
        with transaction.atomic():
            answer = ask()
            body: bytes = answer.getvalue()  # type: ignore[attr-defined]  # Django's response
            assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}, body[:500]  # type: ignore[attr-defined]  # as above
            transaction.set_rollback(True)
        return body

    once()
    with CaptureQueriesContext(connection) as captured:
        body = once()
    queries = len(captured)
    time = median(spent(once)[1] for _ in range(REPEATS))
    return [name, rows, queries, time.cpu * 1000, round(len(body) / 1024), None]


def _listing(client: "Client", bearer: dict[str, str], rows: int) -> Callable[[], object]:
    return lambda: client.get(f"/api/v1/projects?limit={rows}", headers=bearer)


def _reporting_by_form(client: "Client", duty: object) -> Callable[[], object]:
    key, revision = duty.public_id, duty.revision  # type: ignore[attr-defined]  # a duty
    said = {"text": "示例：已完成摸排", "revision": revision}
    return lambda: client.post(f"/duties/{key}/report/", said)


def _reporting(client: "Client", duty: object, bearer: dict[str, str]) -> Callable[[], object]:
    key, revision = duty.public_id, duty.revision  # type: ignore[attr-defined]  # a duty
    body = json.dumps({"text": "示例：已完成摸排", "version": revision})

    def ask() -> object:
        headers = {**bearer, "Idempotency-Key": uuid.uuid4().hex}
        address = f"/api/v1/duties/{key}/report"
        return client.post(address, body, "application/json", headers=headers)

    return ask


def _token(username: str) -> str:
    """Make a token through the actions, as its owner would."""
    from guatu.register import tokens  # noqa: PLC0415 -- needs Django set up
    from guatu.register.campaign import act_now, business_date, calendar_day  # noqa: PLC0415 -- as above
    from guatu.register.models import Officer  # noqa: PLC0415 -- as above
    from guatu.register.policies import standing_of  # noqa: PLC0415 -- as above
    from guatu.register.scopes import SCOPES  # noqa: PLC0415 -- as above

    officer = Officer.objects.get(username=username)
    until = calendar_day() + dt.timedelta(days=30)
    tokens.permit_access(act_now(None), officer, scopes=SCOPES, until=until, reason="示例测量")
    act = act_now(standing_of(officer, business_date()))
    return tokens.make_token(act, name="示例测量", scopes=SCOPES, expires_on=until)[1]


if __name__ == "__main__":
    sys.exit(main())
