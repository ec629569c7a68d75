import pytest

from tests.loop.builders import District, make_loop


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the tables first
    """Return a small district with everyone a duty needs."""
    return make_loop()
