"""Which unit of the tree a written name means; close misses are suggested, never taken."""

import re
from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from guatu.register.enums import OrganisationKind
from guatu.register.intake import CLERKS
from guatu.register.models import Organisation
from guatu.register.recording import Act

_BLANKS = re.compile(r"[\s\u3000]+")
_LIKE_ENOUGH = 50
_SUGGESTED = 3


@dataclass(frozen=True)
class UnitNames:
    """Active units by every name they go by; built once for many rows."""

    by_name: dict[str, tuple[Organisation, ...]]

    def named(self, text: str) -> Organisation | None:
        """The one unit of this full or short name, with or without its district before it."""
        found = self.by_name.get(_bare(text), ())
        return found[0] if len(found) == 1 else None

    def closest(self, text: str) -> tuple[str, ...]:
        """Full names of the likeliest units, best first; none when nothing is alike."""
        near = process.extract(
            _bare(text),
            list(self.by_name),
            scorer=fuzz.WRatio,
            limit=2 * _SUGGESTED,
            score_cutoff=_LIKE_ENOUGH,
        )
        names = [unit.name for name, _, _ in near for unit in self.by_name[name]]
        return tuple(dict.fromkeys(names))[:_SUGGESTED]

    def unknown(self, text: str, what: str = "责任单位") -> str:
        """Say that no unit is called so, and which are called alike."""
        near = self.closest(text)
        hint = f"，相近的有：{'、'.join(near)}" if near else ""
        return f"{what}“{text}”不在组织机构中{hint}"


def unit_names() -> UnitNames:
    """Read the names of all active units; one query."""
    units = list(Organisation.objects.filter(active=True))
    districts = [unit for unit in units if unit.kind == OrganisationKind.DISTRICT]
    prefixes = {_bare(name) for unit in districts for name in (unit.name, unit.short_name) if name}
    table: dict[str, dict[int, Organisation]] = defaultdict(dict)
    for unit in units:
        names = {_bare(name) for name in (unit.name, unit.short_name) if name}
        longer = {prefix + name for prefix in prefixes for name in names}
        shorter = {
            name.removeprefix(prefix)
            for prefix in prefixes
            for name in names
            if len(name) > len(prefix) + 1
        }
        for name in names | longer | shorter:
            table[name][unit.pk] = unit
    return UnitNames({name: tuple(rows.values()) for name, rows in table.items()})


def own_unit(act: Act) -> Organisation | None:
    """Unit of the uploading clerk; the office brings in everyone's projects and owns none.

    A post acted for gives none: what is brought in is not the absent unit's for that.
    """
    if act.standing is None:
        return None
    posts = [post for post in act.standing.own_posts if post.role in CLERKS]
    return posts[0].organisation if posts else None


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)
