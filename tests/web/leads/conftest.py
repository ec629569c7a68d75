"""Browsers of the people around a lead."""

from collections.abc import Callable

import pytest
from django.test import Client

from guatu.register.policies import Standing
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture

SignIn = Callable[[Standing], Client]


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(standing: Standing) -> Client:
        client = Client()
        client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
