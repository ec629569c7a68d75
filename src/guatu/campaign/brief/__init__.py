"""The weekly brief: what a week changed, what is late and why, what to decide, what comes next.

Every figure is a condition on rows that the reader may see, so the list behind it sums to it; the
words around figures are fixed, and what people wrote is quoted, never rephrased.
"""

from guatu.campaign.brief.counting import KINDS, Figure, Money, conditions_of
from guatu.campaign.brief.gathering import Brief, Item, brief_of, colours_of, rows_behind
from guatu.campaign.brief.remarks import remark_of, write_remark
from guatu.campaign.brief.scopes import Scope, default_scope, read_scope, scopes_for
from guatu.campaign.brief.weeks import Week, week_at, week_of
from guatu.campaign.brief.words import paragraphs_of

__all__ = [
    "KINDS",
    "Brief",
    "Figure",
    "Item",
    "Money",
    "Scope",
    "Week",
    "brief_of",
    "colours_of",
    "conditions_of",
    "default_scope",
    "paragraphs_of",
    "read_scope",
    "remark_of",
    "rows_behind",
    "scopes_for",
    "week_at",
    "week_of",
    "write_remark",
]
