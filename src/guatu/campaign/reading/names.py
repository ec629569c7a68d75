"""Which projects and enterprises of the ledger a name stands for."""

import re
from collections import defaultdict
from collections.abc import Iterable

from guatu.investment.models import Project
from guatu.register.enums import SubjectKind
from guatu.register.models import Enterprise, EnterpriseName, Subject
from guatu.register.recording import BATCH

TAILS = ("建设项目", "项目", "工程")
ALIKE_SHORTEST = 4
_ANOTHER = re.compile(r"示例|[一二三四五六七八九十\d]+(?:期|标段|号地块)")
_BLANKS = re.compile(r"[\s\u3000]+")


def plain_name(name: str) -> str:
    """Reduce a name to what two writers of it would agree on.

    >>> plain_name("★ 示例产业园 建设项目")
    '示例产业园'
    """
    bare = _BLANKS.sub("", name).strip("★☆*＊·“”\"'「」")
    for tail in TAILS:
        if bare.endswith(tail) and len(bare) > len(tail) + 1:
            return bare.removesuffix(tail)
    return bare


def subjects_named(kind: SubjectKind, names: Iterable[str]) -> dict[str, Subject]:
    """Find the living subject of ``kind`` each name stands for; two or more make none.

    Answers by the name as given. A constant number of queries per 500 names.
    """
    wanted = {name: plain_name(name) for name in names}
    spellings = sorted({bare + tail for bare in wanted.values() for tail in ("", *TAILS)})
    found: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(spellings), BATCH):
        part = spellings[start : start + BATCH]
        for name, key in _rows(kind, part):
            found[plain_name(name)].add(key)
    keys = {next(iter(ids)) for ids in found.values() if len(ids) == 1}
    subjects: dict[int, Subject] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        subjects.update(Subject.objects.in_bulk(ordered[start : start + BATCH]))
    return {
        name: subjects[next(iter(found[bare]))]
        for name, bare in wanted.items()
        if len(found.get(bare, ())) == 1
    }


def subjects_alike(names: Iterable[str]) -> dict[str, Subject]:
    """Find the one living project whose name holds each name, or is held by it; a doubt makes none.

    For names no project bears. The shorter of the two has at least four characters; another phase,
    and an invented project, is another project. Two queries.
    """
    wanted = {name: plain_name(name) for name in names}
    if not wanted:
        return {}
    rows = Project.objects.filter(subject__active=True).values_list("name", "subject_id")
    known = [(plain_name(name), key) for name, key in rows]
    found = {
        name: {key for title, key in known if _is_alike(bare, title)}
        for name, bare in wanted.items()
    }
    sure = {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}
    subjects = Subject.objects.in_bulk(sure.values())
    return {name: subjects[key] for name, key in sure.items()}


def _is_alike(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(short) < ALIKE_SHORTEST or short not in long:
        return False
    return _ANOTHER.search(long.replace(short, " ", 1)) is None


def _rows(kind: SubjectKind, spellings: list[str]) -> list[tuple[str, int]]:
    if kind == SubjectKind.PROJECT:
        projects = Project.objects.filter(name__in=spellings, subject__active=True)
        return list(projects.values_list("name", "subject_id"))
    living = Enterprise.objects.filter(name__in=spellings, subject__active=True)
    borne = EnterpriseName.objects.filter(name__in=spellings, subject__active=True)
    return [
        *living.values_list("name", "subject_id"),
        *borne.values_list("name", "subject_id"),
    ]
