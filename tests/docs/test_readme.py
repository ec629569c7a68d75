"""The README names every command and every variable there is."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.cli.commands import parser
from guatu.config import settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "README.zh-CN.md")


def commands(of: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield each command that runs, as it is typed after `guatu`, with its options."""
    nested = [a for a in of._actions if isinstance(a, argparse._SubParsersAction)]  # noqa: SLF001 -- argparse has no public way to list them
    for action in nested:
        for name, made in action.choices.items():
            yield from commands(made, (*words, name))
    if not nested:
        options = [o for a in of._actions for o in a.option_strings if o.startswith("--")]  # noqa: SLF001 -- as above
        yield " ".join([*words, *sorted(set(options) - {"--help"})])


@pytest.mark.parametrize("page", PAGES)
def test_readme_when_compared_with_parser_then_each_command_and_option_stands_there(
    page: str,
) -> None:
    told: dict[str, set[str]] = {}
    for text in re.findall(r"`guatu ([^`]+)`", (ROOT / page).read_text(encoding="utf-8")):
        words = re.match(r"(?:audit |rule |schedule )?[a-z]+", text)
        assert words, text
        told.setdefault(words.group(), set()).update(re.findall(r"--[a-z-]+", text))
    written = {" ".join([name, *sorted(options)]) for name, options in told.items()}
    assert written == set(commands(parser()))


@pytest.mark.parametrize("page", PAGES)
def test_readme_when_compared_with_settings_then_each_variable_stands_there(page: str) -> None:
    read = set(re.findall(r"^([A-Z_]+) {2,}", settings.__doc__ or "", re.MULTILINE))
    assert read
    table = re.findall(
        r"^\| `([A-Z_]+)` \|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert read <= set(table)
