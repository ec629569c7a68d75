"""Print lines for routes that the table does not have yet, for a person to judge.

    python -m tests.security.propose_matrix            prints what is missing, class left open as ?
    python -m tests.security.propose_matrix --cells    writes the cells of all lines from classes

A class says what a route is *meant* to answer; nothing is taken from what it answers.
"""

import os
import sys

import django


def main() -> int:
    """Return 1 while routes are missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.security import table  # noqa: PLC0415 -- enums need settings
    from tests.security.routes import routes  # noqa: PLC0415 -- as above

    lines = table.read()
    known = {(line.route, line.method) for line in lines}
    if "--cells" in sys.argv:
        table.FILE.write_text(table.written(lines), "utf-8")
    missing = [(r, m) for r in routes() for m in table.METHODS if (r, m) not in known]
    for route, method in missing:
        print(route, method, "key=@?", "?", sep="\t")  # noqa: T201 -- this is its answer
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
