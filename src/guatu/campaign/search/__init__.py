"""Search over everything an officer may see: by name, code and pinyin initials."""

from guatu.campaign.search.finding import Group, search, suggest
from guatu.campaign.search.hits import MOST, Asked, Hit, Kind

__all__ = ["MOST", "Asked", "Group", "Hit", "Kind", "search", "suggest"]
