"""The tests themselves: which worker takes what."""

import pytest

from tests.machine.workers import SAMPLED
from tests.sampled import is_sampled


def test_sampled_when_a_test_reads_the_sample_then_its_file_is_listed(
    request: pytest.FixtureRequest,
) -> None:
    found = {item.nodeid.partition("::")[0] for item in request.session.items if is_sampled(item)}
    assert [file for file in sorted(found) if not file.startswith(SAMPLED)] == []
