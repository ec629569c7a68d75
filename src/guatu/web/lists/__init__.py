"""Declarative list pages: columns, filters, groups, sums, bulk steps, export."""

from guatu.web.lists.columns import Column, Kind
from guatu.web.lists.filters import Chip, ChoiceFilter, ConditionFilter, Filter, TypedFilter
from guatu.web.lists.groups import Grouping, month_grouping, post_grouping, unit_grouping
from guatu.web.lists.page import BulkAction, ListPage, MenuItem

__all__ = [
    "BulkAction",
    "Chip",
    "ChoiceFilter",
    "Column",
    "ConditionFilter",
    "Filter",
    "Grouping",
    "Kind",
    "ListPage",
    "MenuItem",
    "TypedFilter",
    "month_grouping",
    "post_grouping",
    "unit_grouping",
]
