"""Setting a target as a paper stated it."""

from decimal import Decimal

from guatu.loop.enums import Strength
from guatu.loop.models import Target
from guatu.register.enums import Domain
from guatu.register.errors import Invalid
from guatu.register.models import Indicator, Organisation, Quote, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, create


def set_target(
    act: Act,
    *,
    subject: Subject,
    title: str,
    indicator: Indicator | None = None,
    domain: Domain | str = "",
    strength: Strength | str = "",
    period: str = "",
    base: Decimal | None = None,
    stretch: Decimal | None = None,
    unit: str = "",
    owner_unit: Organisation | None = None,
    quote: Quote | None = None,
) -> Target:
    """Write a target; one in words alone has no ``base`` and is never shown as zero."""
    require(act.standing, "target.set", subject)
    if not title.strip():
        raise Invalid("请填写目标名称。", "title")
    if base is not None and stretch is not None and stretch < base:
        raise Invalid("奋斗目标不能低于基本目标。", "stretch")
    return create(
        act,
        "target.set",
        Target(
            subject=subject,
            indicator=indicator,
            title=title.strip(),
            domain=domain,
            strength=strength,
            period=period,
            base=base,
            stretch=stretch,
            unit=unit,
            owner_unit=owner_unit,
            quote=quote,
        ),
    )
