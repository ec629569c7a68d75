"""Builders of targets for tests: set, and given out to units."""

from collections.abc import Mapping
from decimal import Decimal

from guatu.engines.apportion import Share
from guatu.loop.actions.apportioning import Promise, Sheet, decompose, promise
from guatu.loop.models import Target
from guatu.register.models import Organisation
from guatu.register.policies import Standing
from tests.factories import act_of


def share(year: int, months: Mapping[int, int] | None = None, stretch: int | None = None) -> Share:
    """Share whose months not named are 0; without ``months`` none is told."""
    told: tuple[Decimal | None, ...] = (None,) * 12
    if months is not None:
        told = tuple(Decimal(months.get(month, 0)) for month in range(1, 13))
    return Share(Decimal(year), None if stretch is None else Decimal(stretch), told)


def promised(office: Standing, kind: str = "build", base: int = 10) -> Target:
    """Target of a kind with a base."""
    return promise(act_of(office), kind, Promise(Decimal(base), source="示例文件"))


def given(office: Standing, target: Target, shares: Mapping[Organisation, Share]) -> Target:
    """Give a target out, differences known."""
    told = {unit.pk: one for unit, one in shares.items()}
    decompose(act_of(office), target, Sheet(told, "示例分解", knowing=True))
    target.refresh_from_db()
    return target
