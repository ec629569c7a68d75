"""How many examples a property gets that writes to the database."""

import os

DEEP = 20


def examples(most: int) -> int:
    """Return ``most`` on SQLite, a quarter on PostgreSQL: rules are no matter of the database.

    With HYPOTHESIS_PROFILE=deep it is many times as many on both.
    """
    if os.environ.get("HYPOTHESIS_PROFILE") == "deep":
        return most * DEEP
    return max(10, most // 4) if "DATABASE_URL" in os.environ else most
