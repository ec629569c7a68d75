"""Reading one meeting paper into draft items with exact places in its text."""

from guatu.engines.intake.paper.model import Clash, Item, Paper
from guatu.engines.intake.paper.reader import read_paper
from guatu.engines.intake.paper.report import report

__all__ = ["Clash", "Item", "Paper", "read_paper", "report"]
