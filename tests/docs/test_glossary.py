"""The glossary names what the code names, by the words the screens use."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Choices

from guatu.loop import blocker_moves, letter_moves, moves
from guatu.register.policies import POLICIES
from guatu.register.versions import VERSIONS
from guatu.web.history.names import MODELS

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
ROOMS = ("register", "loop", "investment", "attraction", "growth")
ROW = re.compile(
    r"^\| `(?P<code>[A-Za-z_.]+)`(?P<mark> ↻)? \| (?P<chinese>[^|]+) \| (?P<said>.+) \|$"
)


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[str, bool]]:
    """Return the Chinese of each code name, and whether it is marked as versioned."""
    rows = [ROW.match(line) for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    found = [row for row in rows if row]
    names = [row["code"] for row in found]
    assert sorted(names) == sorted(set(names))
    return {row["code"]: (row["chinese"], row["mark"] is not None) for row in found}


def chinese_of(told: dict[str, tuple[str, bool]], shape: str) -> dict[str, str]:
    """Return the Chinese of the code names of one shape."""
    return {name: chinese for name, (chinese, _) in told.items() if re.fullmatch(shape, name)}


def enum_members() -> Iterator[tuple[str, str]]:
    """Yield `Enum.MEMBER` and its label for every vocabulary of the rooms."""
    for room in (*ROOMS, "campaign"):
        package = importlib.import_module(f"guatu.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name:
                importlib.import_module(module.name)
    places = tuple(f"guatu.{room}." for room in ROOMS)
    unread = [Choices]
    while unread:
        vocabulary = unread.pop()
        unread += vocabulary.__subclasses__()
        if vocabulary.__module__.startswith(places):
            for member in vocabulary:
                yield f"{vocabulary.__qualname__}.{member.name}", str(member.label)


def test_glossary_when_compared_with_tables_then_each_is_told(
    told: dict[str, tuple[str, bool]],
) -> None:
    siblings = set(VERSIONS.values())
    tables = {
        model.__name__: model in VERSIONS
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if model not in siblings
    }
    written = {name: mark for name, (_, mark) in told.items() if re.fullmatch(r"[A-Z]\w+", name)}
    assert written == tables


def test_glossary_when_compared_with_history_then_tables_bear_the_same_names(
    told: dict[str, tuple[str, bool]],
) -> None:
    shown = {label.split(".")[1]: chinese for label, chinese in MODELS.items()}
    assert {name: told[name][0] for name in shown} == shown


def test_glossary_when_compared_with_vocabularies_then_each_member_bears_its_label(
    told: dict[str, tuple[str, bool]],
) -> None:
    assert chinese_of(told, r"[A-Za-z.]+\.[A-Z_]+") == dict(enum_members())


def test_glossary_when_compared_with_moves_then_each_step_bears_its_name(
    told: dict[str, tuple[str, bool]],
) -> None:
    steps = [
        (move.action, move.name) for move in (*moves.LIFE, *blocker_moves.LIFE, *letter_moves.LIFE)
    ]
    names = dict(steps)
    assert [name for action, name in steps if names[action] != name] == []
    assert chinese_of(told, "[a-z_]+") == names


def test_glossary_when_compared_with_policies_then_each_right_is_told(
    told: dict[str, tuple[str, bool]],
) -> None:
    assert list(enum_members())  # declares the policies of every room
    assert set(chinese_of(told, r"[a-z_]+\.[a-z_]+")) == set(POLICIES)
