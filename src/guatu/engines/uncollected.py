"""Letting Python's collector of cycles rest while many values are made that all stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: thousands of values live at once and none of them is garbage.

    Walking them again and again was a third of an import's cost and a fifth of the nightly pass's.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
