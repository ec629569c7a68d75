"""Summary rows and what lies under them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.engines.schedule.activity import Activity, BadNetwork


@dataclass(frozen=True)
class Family:
    """Who is whose parent; only rows with children are in ``children``."""

    parent: Mapping[str, str]
    children: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, activities: Sequence[Activity]) -> "Family":
        """Collect the tree; BadNetwork for an unknown parent or a row above itself."""
        known = {activity.id: activity for activity in activities}
        parent = {row.id: row.parent for row in activities if row.parent is not None}
        children: dict[str, list[str]] = {}
        for child, above in parent.items():
            if above not in known:
                raise BadNetwork(f"工作{known[child].label}的上级“{above}”不存在。")
            children.setdefault(above, []).append(child)
        family = cls(parent, children)
        for summary in children:
            if family.is_within(parent.get(summary), summary):
                raise BadNetwork(f"工作{known[summary].label}成了自己的上级。")
        return family

    def is_within(self, row: str | None, summary: str) -> bool:
        """Tell whether ``row`` is ``summary`` or lies under it."""
        seen: set[str] = set()
        while row is not None and row not in seen:
            if row == summary:
                return True
            seen.add(row)
            row = self.parent.get(row)
        return False

    def leaves(self, row: str) -> Sequence[str]:
        """Return the rows without children at or under ``row``."""
        if row not in self.children:
            return (row,)
        return [leaf for child in self.children[row] for leaf in self.leaves(child)]
