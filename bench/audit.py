"""`guatu audit verify` over 200,000 events, beside a plain SHA-256 loop over the same payloads.

Verifying reads every event and seal, digests its payload, chains its link, checks withdrawals,
heads and versions against the rows. The plain loop has the payloads' bytes in memory already and
only digests each after the one before; getting those bytes (query, JSON, canonical text) is timed
by itself.
"""

import datetime as dt
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable

from bench.measuring.clocks import spent
from bench.measuring.tables import table
from guatu.cli.application import application

EVENTS = 200_000
ROWS_AT_ONCE = 10_000


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        measure()
    return 0


def measure() -> None:
    """Write and seal the events, then verify them."""
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- needs Django set up
    from guatu.register import sealing  # noqa: PLC0415 -- as above

    upgrade()
    write()
    moment = dt.datetime(2025, 3, 18, 12, tzinfo=dt.UTC)
    sealed, seal = spent(lambda: sealing.seal(moment))
    outcome, verify = spent(sealing.verify)
    assert outcome.intact, str(outcome)
    assert outcome.sealed == sealed >= EVENTS
    texts, fetch = spent(payloads)
    _, plain = spent(lambda: chained(texts))
    print(f"\n{sealed:,} events, {sum(map(len, texts)) / 1024 / 1024:.0f} MB of payloads, SQLite\n")
    print(
        table(
            ["step", "CPU s", "wall s", "µs an event", "× plain SHA-256"],
            [
                [name, time.cpu, time.wall, time.cpu / sealed * 1e6, time.cpu / plain.cpu]
                for name, time in (
                    ("seal", seal),
                    ("audit verify", verify),
                    ("payloads out of the database", fetch),
                    ("plain SHA-256 over them", plain),
                )
            ],
        )
    )


def write() -> None:
    """Record places that are named and renamed: two events each."""
    from guatu.register.campaign import business_date  # noqa: PLC0415 -- needs Django set up
    from guatu.register.enums import SubjectKind  # noqa: PLC0415 -- as above
    from guatu.register.models import Subject  # noqa: PLC0415 -- as above
    from guatu.register.recording import Act, change_many, create_many  # noqa: PLC0415 -- as above

    for start in range(0, EVENTS // 2, ROWS_AT_ONCE):
        act = Act(None, dt.datetime(2025, 3, 17, 9, tzinfo=dt.UTC), business_date())
        subjects = [
            Subject(kind=SubjectKind.PROJECT, code=f"P{start + n}", title=f"示例项目{start + n}")
            for n in range(ROWS_AT_ONCE)
        ]
        create_many(act, "subject.add", subjects)
        renamed = [(subject, {"title": f"{subject.title}（一期）"}) for subject in subjects]
        change_many(act, "subject.rename", renamed)


def payloads() -> list[bytes]:
    """Canonical bytes of what each event told."""
    from guatu.register.models import Event  # noqa: PLC0415 -- needs Django set up
    from guatu.register.sealing.digests import canonical  # noqa: PLC0415 -- as above

    told = Event.objects.order_by("pk").values_list("changes", "reason")
    return [canonical(list(pair)) for pair in told.iterator(chunk_size=2_000)]


def chained(texts: Iterable[bytes]) -> str:
    """Digest each text after the digest of the one before."""
    digest = "0" * 64
    for text in texts:
        digest = hashlib.sha256(digest.encode() + text).hexdigest()
    return digest


if __name__ == "__main__":
    sys.exit(main())
