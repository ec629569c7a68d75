"""Public keys: time-ordered UUIDs and readable codes."""

import os
import time
import uuid
from operator import attrgetter


def uuid7(at_ms: int | None = None) -> uuid.UUID:
    """Make a UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.

    ``at_ms`` lets simulated history carry keys of its own time.
    """
    moment = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    tail = int.from_bytes(os.urandom(10), "big")
    value = (moment & (2**48 - 1)) << 80 | 0x7 << 76 | (tail >> 68) << 64
    value |= 0b10 << 62 | tail & (2**62 - 1)
    return uuid.UUID(int=value)


def uuid7s(count: int, at_ms: int | None = None) -> list[uuid.UUID]:
    """Make ``count`` of :func:`uuid7`, rising, so that an index over them grows at its end."""
    moment = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    return sorted((uuid7(moment) for _ in range(count)), key=attrgetter("int"))


def code(prefix: str, number: int) -> str:
    """Readable code of a row, unique within its kind.

    >>> code("XM", 42)
    'XM-00042'
    """
    return f"{prefix}-{number:05d}"
