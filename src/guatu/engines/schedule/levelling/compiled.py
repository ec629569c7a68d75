"""Compiling the search loops.

A decorated function runs without the interpreter's lock.  Its machine code is kept beside the
source or in the user's cache; where no folder can be written it is compiled anew in each process.
numba watches a function's own file alone, so functions that call each other share a file.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """Return the function compiled at its first call for the types it is called with."""
    try:
        return cast("Kernel", numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:  # numba found no folder to keep the code in
        return cast("Kernel", numba.njit(nogil=True)(function))
