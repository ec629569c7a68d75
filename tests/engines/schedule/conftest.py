"""MPXJ, an independent reader, writer and scheduler of plans, inside the process of the tests."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.machine import java

MEMORY = "-Xmx512m"


@pytest.fixture(scope="session")
def mpxj() -> Callable[[str], Any]:
    """Return what gives a Java class by its name; skip, saying what is missing, without it."""
    if java.executable() is None:
        pytest.skip(java.MISSING)
    pytest.importorskip("mpxj", reason="no MPXJ: pip install mpxj jpype1")
    import jpype  # noqa: PLC0415 -- only where it is installed

    if not jpype.isJVMStarted():
        jpype.startJVM(MEMORY, convertStrings=True)
    classes: Callable[[str], Any] = jpype.JClass
    return classes
