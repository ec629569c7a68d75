"""Search over 50,000 subjects and 20,000 duties, on SQLite and on PostgreSQL.

    python -m bench.search            both engines, each on data of its own that is gone afterwards
    python -m bench.search --here     the data folder (and DATABASE_URL) of the environment

Beside ours stands what one would write first: ``LIKE '%x%'`` through Django over the same columns
of the same tables, counted and the first rows read, without rights, ranks or other kinds. Processor
time is that of this process and of the PostgreSQL process that works for it; medians of seven.
"""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.measuring.clocks import Spent, median, spent
from bench.measuring.tables import Value, table, verdict
from guatu.cli.application import application

if TYPE_CHECKING:
    from guatu.register.policies import Standing

SUBJECTS, DUTIES = 50_000, 20_000
MOST_CPU_MS = 50
REPEATS = 7
SHOWN = 8
PEOPLE = {"leader": "changwu", "unit": "fagai"}
WORDS = {
    "a name": "示例智造产业园",
    "a rare word": "智造",
    "a word in every name": "示例",
    "initials": "zzcyy",
    "two words": "示例 智造",
    "a name and its unit": "智造 发改",
    "a code": "QYK-012345",
    "part of a credit code": "9122",
    "nothing": "无此名称",
}


def main() -> int:
    """Return the exit code: 0 unless something could not be measured."""
    if "--here" in sys.argv[1:]:
        measure()
        return 0
    here = [sys.executable, "-m", "bench.search", "--here"]
    postgresql = [sys.executable, "-m", "tests.machine.postgresql", *here]
    for command in (here, postgresql):
        with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
            environment = os.environ | {"GUATU_HOME": home}
            code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            return code
    return 0


def measure() -> None:
    """Fill the tables unless they are full, and print the table of each person."""
    application()
    from django.core.management import call_command  # noqa: PLC0415 -- needs Django set up
    from django.db import connection  # noqa: PLC0415 -- as above

    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Campaign, EnterpriseName, Subject  # noqa: PLC0415 -- as above

    upgrade()
    call_command("collectstatic", interactive=False, verbosity=0)
    logging.disable(logging.INFO)
    if not Campaign.objects.exists():
        _fill()
    counts = [(m.__name__, m.objects.count()) for m in (Subject, EnterpriseName, Duty)]
    print(f"\n### {connection.vendor}\n")
    print(table(["rows", "count"], counts))
    for person, username in PEOPLE.items():
        print(f"\n{person} ({username})\n")
        rows = list(_rows(username))
        head = ["asked", "for", "found", "queries", "search", "suggestions", "page", "LIKE", "bars"]
        print(table(head, rows), flush=True)


def _rows(username: str) -> Iterator[Sequence[Value]]:
    from django.db import connection  # noqa: PLC0415 -- needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- as above
    from django.urls import reverse  # noqa: PLC0415 -- as above

    from bench.measuring.visits import signed_in, visit  # noqa: PLC0415 -- as above
    from guatu.campaign.search import Asked, search, suggest  # noqa: PLC0415 -- as above

    standing, client = _standing(username), signed_in(username)
    for what, text in WORDS.items():
        with CaptureQueriesContext(connection) as captured:
            groups = search(Asked(standing, None, text), SHOWN)
            queries = len(captured)
        found = sum(group.count for group in groups)
        more = "+" if any(group.more for group in groups) else ""
        ours = _times(lambda asked=text: search(Asked(_anew(standing), None, asked), SHOWN))
        typed = _times(lambda asked=text: suggest(Asked(_anew(standing), None, asked), SHOWN))
        page = visit(client, f"{reverse('search:search')}?q={text}").time.cpu * 1000
        plain = _times(lambda asked=text: _plain(asked))
        cpu = ours.cpu * 1000
        miss = f"CPU > {MOST_CPU_MS} ms" if cpu > MOST_CPU_MS else ""
        figures = [round(ms) for ms in (cpu, typed.cpu * 1000, page, plain.cpu * 1000)]
        yield [what, text, f"{found}{more}", queries, *figures, verdict(miss)]


def _times(work: object) -> Spent:
    from bench.measuring.visits import database_seconds  # noqa: PLC0415 -- needs Django set up

    assert callable(work)
    work()
    clock = database_seconds()
    return median(spent(work, clock)[1] for _ in range(REPEATS))


def _plain(text: str) -> None:
    """Count and read the first rows of each table in which the text stands as it was typed."""
    from django.db.models import Q  # noqa: PLC0415 -- needs Django set up

    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Enterprise, EnterpriseName, Subject  # noqa: PLC0415 -- as above

    columns = {
        Subject: ("title", "code", "initials"),
        EnterpriseName: ("name",),
        Enterprise: ("uscc",),
        Duty: ("title", "code", "subject__title", "subject__initials"),
    }
    for model, names in columns.items():
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": text})
        rows = model._default_manager.filter(found).order_by("pk")
        rows.count()
        list(rows[:SHOWN])


def _standing(username: str) -> "Standing":
    from guatu.campaign.sample.loading import BUSINESS_DATE  # noqa: PLC0415 -- needs Django set up
    from guatu.register.models import Officer  # noqa: PLC0415 -- as above
    from guatu.register.policies import standing_of  # noqa: PLC0415 -- as above

    return standing_of(Officer.objects.get(username=username), BUSINESS_DATE)


def _anew(standing: "Standing") -> "Standing":
    """Return the standing as a new request has it: nothing of its sight is spelt out yet."""
    return replace(standing, subqueries={})


def _fill() -> None:
    """Load the sample, then subjects and duties up to the numbers, each firm with its names."""
    from django.db import connection  # noqa: PLC0415 -- needs Django set up

    from guatu.campaign import sample  # noqa: PLC0415 -- as above
    from guatu.campaign.sample import scale  # noqa: PLC0415 -- as above
    from guatu.campaign.sample.loading import BUSINESS_DATE, SEED, at  # noqa: PLC0415 -- as above
    from guatu.loop.models import Duty  # noqa: PLC0415 -- as above
    from guatu.register.models import Enterprise, EnterpriseName, Subject  # noqa: PLC0415 -- as above
    from guatu.register.recording import create_many  # noqa: PLC0415 -- as above

    district = sample.load().district
    projects = scale.SCALES["district"].projects
    firms = SUBJECTS - projects - Subject.objects.count()
    duties = DUTIES - Duty.objects.count()
    scale.SCALES["search"] = scale.Scale(projects, firms, duties, 0)
    act = replace(at(BUSINESS_DATE, 7), sample=True)
    scale.fill(district, "search", act, SEED)
    nameless = Enterprise.objects.exclude(subject__in=EnterpriseName.objects.values("subject"))
    names = []
    for place, (subject, name) in enumerate(nameless.values_list("subject_id", "name")):
        names.append(EnterpriseName(subject_id=subject, name=name))
        if place % 20 == 0:
            names.append(EnterpriseName(subject_id=subject, name=f"原{name}"))
    for start in range(0, len(names), scale.CHUNK):
        create_many(act, "enterprise.name", names[start : start + scale.CHUNK])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
