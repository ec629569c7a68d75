"""Visiting pages in this process as an officer of the sample; Django must be set up before."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.measuring.clocks import Spent, median, process_seconds, spent
from guatu.register.versions import Versioned

REPEATS = 7
PAGE_SIZE = 50
PLAIN_TABLE = Template(
    "<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>{{ count }}"
)


@dataclass(frozen=True)
class Visit:
    """One page as it was answered; times are medians of ``REPEATS``."""

    status: int
    queries: int
    time: Spent
    kilobytes: float


def signed_in(username: str) -> Client:
    """Log in through the page, with the password of the file of log-ins."""
    lines = Path(settings.GUATU_HOME, "sample-logins.txt").read_text("utf-8").splitlines()[1:]
    passwords = dict(line.split("\t")[:2] for line in lines)
    client = Client(SERVER_NAME="127.0.0.1")
    told = {"username": username, "password": passwords[username]}
    answer = client.post(reverse(settings.LOGIN_URL), told)
    assert answer.status_code == HTTPStatus.FOUND, f"{username} cannot log in"
    return client


def visit(client: Client, address: str, repeats: int = REPEATS) -> Visit:
    """Ask once for the queries (and to warm up), then ``repeats`` times for the clocks."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        body = answer.getvalue()
    queries = len(captured)  # before the next request clears the connection's list
    if answer.status_code != HTTPStatus.OK:
        return Visit(answer.status_code, queries, Spent(0, 0), 0)
    clock = database_seconds()
    times = [spent(lambda: client.get(address).getvalue(), clock)[1] for _ in range(repeats)]
    return Visit(answer.status_code, queries, median(times), len(body) / 1024)


def naive(model: type[Versioned]) -> Spent:
    """Show the first rows of ``model`` as Django's own ListView would, with a plain template.

    All columns, the count a paginator asks for, no permission, no lamp, no filter counts.
    """
    names = [field.attname for field in model._meta.local_fields]

    def show() -> str:
        rows = model._default_manager.order_by("pk")
        shown = [[getattr(row, name) for name in names] for row in rows[:PAGE_SIZE]]
        return PLAIN_TABLE.render(Context({"rows": shown, "count": rows.count()}))

    show()
    clock = database_seconds()
    return median(spent(show, clock)[1] for _ in range(REPEATS))


def database_seconds() -> Callable[[], float]:
    """Clock of the database server's process for this connection; SQLite works in our own."""
    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    return lambda: process_seconds(pid)
