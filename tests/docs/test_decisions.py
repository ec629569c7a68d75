"""Decisions are numbered without gaps, and every dependency has its line."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"


def test_decisions_when_listed_then_numbered_in_order_and_titled_by_their_number() -> None:
    pages = sorted(DECISIONS.glob("*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    numbers = [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert [page.name[:4] for page in pages] == numbers
    assert [title[:9] for title in titles] == [f"# {number} · " for number in numbers]


def test_dependencies_when_listed_then_each_says_what_it_saves() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[\[<>=]", wanted)[0] for wanted in project["dependencies"]]
    page = (DECISIONS / "0002-dependencies.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    assert sorted(told) == sorted(names)
