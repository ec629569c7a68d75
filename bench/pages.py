"""Every page on a district's data, on SQLite and on PostgreSQL.

    python -m bench.pages             both engines, each on data of its own that is gone afterwards
    python -m bench.pages --here      the data folder (and DATABASE_URL) of the environment

Processor time is that of this process, which renders the page, and of the PostgreSQL process that
works for it. Beside each list stands the same model shown by a plain ListView (see ``naive``).
"""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench.measuring.tables import Value, table, verdict
from guatu.cli.application import application

if TYPE_CHECKING:
    from django.test import Client

MOST_QUERIES = 25
MOST_CPU_MS = 150
MOST_PAST_MS = 500
PAST = "2025-03-10"
BUSINESS = {"leader": "changwu", "office": "zhuanban", "unit": "fagai"}
ADMINISTRATORS = {"auditor": ("shenji", "audit:"), "system": ("xitong", "people:")}
LISTS = ("duties:duties", "enterprises:enterprises", "projects:list")
DATED = (*LISTS, "cockpit:show", "cockpit:places", "desk:desk", "wall:wall", "audit:log")
DATED_THINGS = (
    *("duties:duty", "projects:project", "projects:lamp", "enterprises:enterprise"),
    *("intake:paper", "organisations:tree", "organisations:unit"),
)
EXPORTS = ("duties:duties", "enterprises:enterprises", "projects:list", "audit:log")
# What one asks of a list besides opening it: a page, a search, an order, a filter.
ASKED = {
    "duties:duties": ("?q=示例责任", "?sort=title&page=200", "?lamp=red"),
    "enterprises:enterprises": ("?q=示例", "?sort=-open&page=200", "?about=nocode"),
    "projects:list": ("?q=规模", "?sort=-total", "?lamp=red"),
    "wall:wall": ("?screen=1",),
}


def main() -> int:
    """Return the exit code: 0 unless something could not be measured."""
    if "--here" in sys.argv[1:]:
        measure()
        return 0
    here = [sys.executable, "-m", "bench.pages", "--here"]
    postgresql = [sys.executable, "-m", "tests.machine.postgresql", *here]
    for command in (here, postgresql):
        with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
            environment = os.environ | {"GUATU_HOME": home}
            code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            return code
    return 0


def measure() -> None:
    """Load the district unless it is there, and print the tables."""
    application()
    from django.core.management import call_command  # noqa: PLC0415 -- needs Django set up
    from django.db import connection  # noqa: PLC0415 -- as above

    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above

    upgrade()
    call_command("collectstatic", interactive=False, verbosity=0)
    _fill()
    logging.disable(logging.WARNING)  # a page that is not theirs is no news here
    print(f"\n### {connection.vendor}\n", flush=True)
    for person, username in BUSINESS.items():
        _table_of(person, username)
    for person, (username, space) in ADMINISTRATORS.items():
        _table_of(person, username, space)
    _lists()


def _fill() -> None:
    from bench.measuring.clocks import spent  # noqa: PLC0415 -- beside what needs Django
    from guatu.campaign import sample  # noqa: PLC0415 -- needs Django set up
    from guatu.investment.models import Project  # noqa: PLC0415 -- as above
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Campaign, Enterprise, Event  # noqa: PLC0415 -- as above

    if not Campaign.objects.exists():
        _, time = spent(lambda: sample.load("district"))
        print(f"\nloaded in {time.cpu:.0f} CPU s, {time.wall:.0f} s")
        _settle()
    rows = [(model.__name__, model.objects.count()) for model in (Project, Enterprise, Duty, Event)]
    print("\n" + table(["rows", "count"], rows))


def _settle() -> None:
    """Do at once what a PostgreSQL server does by itself in the minutes after a large load."""
    from django.db import connection  # noqa: PLC0415 -- needs Django set up

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _table_of(person: str, username: str, space: str = "") -> None:
    """Print every page of the URL table that the person may open."""
    from bench.measuring.visits import signed_in, visit  # noqa: PLC0415 -- needs Django set up

    client = signed_in(username)
    rows: list[list[Value]] = []
    closed = []
    for name, address in _addresses(space):
        seen = visit(client, address)
        if seen.status != HTTPStatus.OK:
            closed.append(f"{name} {seen.status}")
            continue
        cpu, wall = seen.time.cpu * 1000, seen.time.wall * 1000
        past = "as_of=" in address
        misses = [
            f"queries > {MOST_QUERIES}" if seen.queries > MOST_QUERIES else "",
            f"CPU > {MOST_CPU_MS} ms" if not past and cpu > MOST_CPU_MS else "",
            f"wall > {MOST_PAST_MS} ms" if past and wall > MOST_PAST_MS else "",
        ]
        rows.append(
            [name, seen.queries, round(cpu), round(wall), round(seen.kilobytes), verdict(*misses)]
        )
    print(f"\n{person} ({username})\n")
    print(table(["page", "queries", "CPU ms", "wall ms", "kB", "bars"], rows))
    print(f"\nnot a page of theirs: {', '.join(closed) or 'none'}", flush=True)


def _addresses(space: str) -> Iterator[tuple[str, str]]:
    """Yield name and address of each page beneath ``space``: today, as asked, as of a past day."""
    from tests.pages import sample_pages  # noqa: PLC0415 -- needs Django set up

    for label, address in sample_pages(BUSINESS["unit"]).items():
        route = label.partition(" ")[0]
        if not route.startswith(space):
            continue
        yield label, address
        for query in ASKED.get(route, ()):
            yield f"{label} {query}", address + query
        if route in DATED or route in DATED_THINGS:
            joined = "&" if "?" in address else "?"
            yield f"{route} as of", f"{address}{joined}as_of={PAST}"


def _lists() -> None:
    """Print each list beside the plain one, and what its export takes."""
    from django.urls import reverse  # noqa: PLC0415 -- needs Django set up

    from bench.measuring.visits import naive, signed_in, visit  # noqa: PLC0415 -- as above
    from guatu.investment.models import Project  # noqa: PLC0415 -- as above
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Enterprise  # noqa: PLC0415 -- as above

    client: Client = signed_in(BUSINESS["office"])
    rows: list[list[Value]] = []
    for name, model in zip(LISTS, (Duty, Enterprise, Project), strict=True):
        ours = visit(client, reverse(name)).time.cpu * 1000
        theirs = naive(model).cpu * 1000
        rows.append([name, round(ours), round(theirs), ours / theirs])
    print("\nlist of 50 rows, CPU ms, beside a plain ListView without rights, lamp or counts\n")
    print(table(["list", "ours", "plain", "ratio"], rows))
    exported: list[list[Value]] = []
    for name in EXPORTS:
        person = client if name != "audit:log" else signed_in(ADMINISTRATORS["auditor"][0])
        seen = visit(person, f"{reverse(name)}?export=xlsx", repeats=1)
        exported.append([name, seen.queries, seen.time.cpu, seen.time.wall, round(seen.kilobytes)])
    print("\nexport of the whole list\n")
    print(table(["list", "queries", "CPU s", "wall s", "kB"], exported), flush=True)


if __name__ == "__main__":
    sys.exit(main())
