"""The shape of data that works, and how other data departs from it.

    >>> known = shape_of([{"days": 7, "unit": "office_day"}])
    >>> known.misfits({"days": "7", "unit": "day", "colour": "red"})
    ['days：应为数', 'colour：没有这一项']

A mapping whose values are mappings with a name in common is a table by code: its codes are free.
Any other mapping is a record: each of its names is known, and those that all samples have are owed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = Any
WORDS = {"bool": "是或否", "number": "数", "text": "文字", "null": "空"}
DEEPEST = 12
"""Levels of nesting that are looked at; what lies deeper fits nothing."""


@dataclass(frozen=True)
class Shape:
    """What data may be: scalars by name, items of a list, a table by code, fields of a record.

    ``owed`` names the fields that every record has. None of the kinds: nothing is known.
    """

    scalars: frozenset[str] = frozenset()
    items: "Shape | None" = None
    table: "Shape | None" = None
    fields: Mapping[str, "Shape"] | None = None
    owed: frozenset[str] = field(default=frozenset())

    def misfits(self, value: Json) -> list[str]:
        """Where ``value`` departs from the shape, in words; empty when it does not."""
        return list(_misfits(self, value, "", 0))

    @property
    def is_known(self) -> bool:
        """Tell whether any sample said what it may be."""
        return bool(self.scalars or self.items or self.table or self.fields is not None)


def shape_of(samples: Sequence[Json]) -> Shape:
    """Return the shape that all samples have."""
    lists = [one for one in samples if isinstance(one, list)]
    maps = [one for one in samples if isinstance(one, dict)]
    scalars = {_scalar(one) for one in samples if not isinstance(one, list | dict)}
    items = shape_of([item for one in lists for item in one]) if lists else None
    if not maps:
        return Shape(frozenset(scalars), items)
    entries = [entry for one in maps for entry in one.values()]
    if _is_table(entries):
        return Shape(frozenset(scalars), items, table=shape_of(entries))
    names = dict.fromkeys(name for one in maps for name in one)
    fields = {name: shape_of([one[name] for one in maps if name in one]) for name in names}
    owed = frozenset(name for name in names if all(name in one for one in maps))
    return Shape(frozenset(scalars), items, fields=fields, owed=owed)


def _is_table(entries: Sequence[Json]) -> bool:
    if len(entries) <= 1 or not all(isinstance(entry, dict) for entry in entries):
        return False
    return bool(set.intersection(*(set(entry) for entry in entries)))


def _scalar(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "text"


def _misfits(shape: Shape, value: Json, path: str, depth: int) -> Iterator[str]:
    if not shape.is_known:
        return
    where = f"{path}：" if path else ""
    if depth > DEEPEST:
        yield f"{where}嵌套过深"
    elif isinstance(value, list):
        if shape.items is None:
            yield f"{where}应为{_meant(shape)}"
            return
        for number, item in enumerate(value, 1):
            yield from _misfits(shape.items, item, f"{path}[{number}]", depth + 1)
    elif isinstance(value, dict):
        yield from _of_mapping(shape, value, path, where, depth)
    elif _scalar(value) not in shape.scalars:
        yield f"{where}应为{_meant(shape)}"


def _of_mapping(
    shape: Shape, value: Mapping[str, Json], path: str, where: str, depth: int
) -> Iterator[str]:
    if shape.table is None and shape.fields is None:
        yield f"{where}应为{_meant(shape)}"
        return
    for name, one in value.items():
        here = f"{path}.{name}" if path else name
        known = shape.table or (shape.fields or {}).get(name)
        if known is None:
            yield f"{here}：没有这一项"
        else:
            yield from _misfits(known, one, here, depth + 1)
    for name in sorted(shape.owed - set(value)):
        yield f"{f'{path}.{name}' if path else name}：缺少这一项"


def _meant(shape: Shape) -> str:
    told = [WORDS[name] for name in WORDS if name in shape.scalars]
    told += ["列表"] if shape.items is not None else []
    told += ["若干项"] if shape.table is not None or shape.fields is not None else []
    return "或".join(told)
