"""Reading many columns of many rows as the driver gives them.

Django looks at each value of a date, a truth or a number again, in Python, though the drivers of
both databases have made them what they are by then; over 20,000 rows that costs as much as the
reading.  Not for columns that only Django knows how to read, as JSON or a decimal.
"""

from typing import Any

from django.db import connections
from django.db.models import QuerySet


def raw_rows(rows: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return what a query of ``values_list`` columns finds, as tuples."""
    statement, values = rows.query.get_compiler(rows.db).as_sql()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
