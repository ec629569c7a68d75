"""Browsers of the people around the reserve, and one project in it that waits for 初审."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client

from guatu.investment import actions
from guatu.investment.models import Admission, Category
from guatu.register.enums import Role
from guatu.register.policies import Standing
from tests.factories import act_of, make_standing
from tests.investment.conftest import World
from tests.investment.conftest import world as world  # noqa: PLC0414 -- a fixture

SignIn = Callable[[Standing], Client]


@dataclass(frozen=True)
class Reserve:
    """``row`` was submitted by the clerk of ``world``; ``leader`` judges last."""

    world: World
    leader: Standing
    row: Admission

    def address(self, slug: str = "") -> str:
        """Page of the project, or of an act on it."""
        page = f"/reserve/{self.row.subject.public_id}/"
        return f"{page}do/{slug}/" if slug else page


@pytest.fixture
def reserve(world: World) -> Reserve:
    row = actions.propose(
        act_of(world.clerk),
        name="示例产业园",
        unit=world.unit,
        origin="unit",
        category=Category.objects.get(code="park"),
        content="标准厂房2万平方米",
        total_wan=Decimal(12000),
        land_state="已收储",
        funding="专项债6000万元",
        operation_mode="平台公司自营",
    )
    actions.submit(act_of(world.clerk), row)
    return Reserve(world, make_standing(world.district, Role.LEADER), row)


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(standing: Standing) -> Client:
        client = Client()
        client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
