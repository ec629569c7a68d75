"""Crews and machines of a project file, and which task needs how many of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from guatu.engines.schedule.formats.mspdi.availability import periods_from
from guatu.engines.schedule.formats.mspdi.codes import NOBODY, WORK_RESOURCE
from guatu.engines.schedule.formats.mspdi.document import (
    flag,
    in_days,
    number,
    required,
    verbatim,
    whole,
)
from guatu.engines.schedule.network import BadNetwork, Resource


@dataclass(frozen=True)
class FileResources:
    """The resources of one file; material and cost are none of a schedule."""

    project: Element

    def shared(self, undeclared: Collection[str]) -> tuple[Resource, ...]:
        """Return what activities share, without what our own plan had only named in a need."""
        found = []
        for uid, element in self._elements.items():
            name = self._names.get(uid)
            if name is not None and name not in undeclared:
                units = number(element, "MaxUnits", f"资源“{name}”")
                usual = 1 if units is None else in_days(units, 1)
                found.append(Resource(name, usual, tuple(periods_from(element, name, usual))))
        return tuple(found)

    def needed_by(self, tasks: Mapping[int, str]) -> Mapping[int, Mapping[str, int]]:
        """Return who needs how many of what, by the assignments; ``tasks`` are labels by UID."""
        needs: dict[int, dict[str, int]] = {}
        for element in self.project.iterfind("Assignments/Assignment"):
            uid = required(element, "TaskUID", "资源分配")
            resource = whole(element, "ResourceUID", "资源分配")
            if uid not in tasks:
                raise BadNetwork(f"资源分配给了第{uid}号任务，而文件里没有它。")
            if resource is None or resource == NOBODY:
                continue
            if resource not in self._elements:
                raise BadNetwork(f"{tasks[uid]}分配的第{resource}号资源不存在。")
            if (name := self._names.get(resource)) is not None:
                units = number(element, "Units", tasks[uid])
                need = 1 if units is None else in_days(units, 1)
                row = needs.setdefault(uid, {})
                row[name] = row.get(name, 0) + need
        return needs

    @cached_property
    def _elements(self) -> Mapping[int, Element]:
        found: dict[int, Element] = {}
        for element in self.project.iterfind("Resources/Resource"):
            label = f"资源“{verbatim(element, 'Name')}”"
            uid = required(element, "UID", label)
            if uid in found:
                raise BadNetwork(f"{label}的编号{uid}在文件里用了两次。")
            found[uid] = element
        return found

    @cached_property
    def _names(self) -> Mapping[int, str]:
        """Names by UID of what can work, each given once."""
        names: dict[int, str] = {}
        for uid, element in self._elements.items():
            name = verbatim(element, "Name")
            kind = whole(element, "Type", f"资源“{name}”")
            if kind in {None, WORK_RESOURCE} and name and not flag(element, "IsNull"):
                names[uid] = f"{name}（{uid}）" if name in names.values() else name
        return names
