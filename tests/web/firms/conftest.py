"""Browsers of the people around a firm."""

from tests.growth.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.web.leads.conftest import signed_in as signed_in  # noqa: PLC0414 -- a fixture
