"""Declarative list pages: columns, filters, sums, bulk steps, export."""

from guatu.web.lists.columns import Column, Kind
from guatu.web.lists.filters import Chip, ChoiceFilter, ConditionFilter, Filter
from guatu.web.lists.page import BulkAction, ListPage, MenuItem

__all__ = [
    "BulkAction",
    "Chip",
    "ChoiceFilter",
    "Column",
    "ConditionFilter",
    "Filter",
    "Kind",
    "ListPage",
    "MenuItem",
]
