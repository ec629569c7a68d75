"""Browsers of the people of the small district."""

from collections.abc import Callable

import pytest
from django.test import Client

from guatu.register.policies import Standing
from tests.loop.builders import District, make_loop

SignIn = Callable[[Standing], Client]


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(standing: Standing) -> Client:
        client = Client()
        client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
