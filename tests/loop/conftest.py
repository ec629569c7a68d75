"""The district every test of the loop stands in."""

import pytest

from tests.loop.builders import District, make_loop


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()
