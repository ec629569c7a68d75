"""What has been reported against the order of a plan's links: told and marked, never refused."""

import datetime as dt
from typing import TYPE_CHECKING

from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.computing import network_of
from guatu.loop.plan.sketch import Sketch
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from guatu.engines.schedule import OutOfOrder


def contradictions(
    sketch: Sketch, calendars: Calendars, day: dt.date, node: str = ""
) -> "tuple[OutOfOrder, ...]":
    """Return what began or ended too early by a link, of ``node`` alone if one is named.

    A plan the engine refuses has none.
    """
    from guatu.engines.schedule import out_of_order  # noqa: PLC0415 -- numpy, when first needed

    try:
        network = network_of(sketch, calendars, day)
    except Invalid:
        return ()
    found = out_of_order(network, calendars.table)
    return tuple(one for one in found if not node or node in {one.predecessor, one.successor})
