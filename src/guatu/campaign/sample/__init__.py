"""The sample district: real names of places, invented everything else, read by the real pipeline.

Organisations and streets are those of the real district; projects and firms that a public report
names carry only what it says. Figures, dates and lamps belong to 示例 subjects alone.
"""

from guatu.campaign.sample.loading import load
from guatu.campaign.sample.removal import Removed, remove

__all__ = ["Removed", "load", "remove"]
