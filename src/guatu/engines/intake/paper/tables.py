"""The reader's tables: domains, stages and terms, as committed JSON."""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


def _load(name: str) -> str:
    return (files(__package__) / "tables" / name).read_text(encoding="utf-8")


@cache
def terms(kind: str) -> tuple[str, ...]:
    """The terms of one kind, as ``tables/terms.json`` lists them."""
    loaded: dict[str, list[str]] = json.loads(_load("terms.json"))
    return tuple(loaded[kind])


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """One expression for all terms of a kind, longer ones first."""
    return any_of(terms(kind))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """An expression that matches any of the words, longer ones first."""
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))))


@cache
def domains() -> dict[str, dict[str, tuple[str, ...]]]:
    """Domain key → its words in headings and in content."""
    loaded = json.loads(_load("domains.json"))
    return {
        key: {part: tuple(row[part]) for part in ("heading", "content")}
        for key, row in loaded.items()
    }


@cache
def domain_labels() -> dict[str, str]:
    """Domain key → its Chinese name."""
    return {key: str(row["label"]) for key, row in json.loads(_load("domains.json")).items()}


@cache
def modal() -> dict[str, str]:
    """Modal word → strength."""
    return dict(json.loads(_load("stages.json"))["modal"])


@cache
def strengths() -> tuple[str, ...]:
    """Strengths, strongest first."""
    return tuple(json.loads(_load("stages.json"))["strength_order"])


@cache
def stages_by_word(part: str) -> tuple[tuple[str, str], ...]:
    """(word, stage) of ``reached`` predicates or governing ``verbs``; stage ``""`` is none."""
    rows = json.loads(_load("stages.json"))[part]
    return tuple((word, stage) for stage, listed in rows for word in listed)


@cache
def unreached() -> dict[str, str]:
    """Stage hoped for → the stage a project stands in while it is only hoped for."""
    return dict(json.loads(_load("stages.json"))["unreached"])


@cache
def department() -> re.Pattern[str]:
    """A government department by its usual short name, such as 区住建局."""
    names = any_of(terms("department")).pattern
    return re.compile(rf"[省市区县]?(?:{names})(?:局|委员会|委|厅|办公室|办)")
