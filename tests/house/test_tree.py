import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".toml", ".md", ".html", ".css", ".js", ".json", ".lock", ".txt", ".csv", ".rst"}
LONGEST = 400
"""Lines of a module; one that grows beyond is divided by concept."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base"}


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Return the files of the project as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout: what belongs to the project cannot be told")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_tree_when_searched_then_no_path_of_one_machine(tracked: list[Path]) -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|root|Users|home/\w+)/\w")
    found = {
        str(path.relative_to(ROOT))
        for path in tracked
        if path.suffix in TEXT and machine.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_tree_when_searched_then_no_module_is_named_after_nothing(tracked: list[Path]) -> None:
    assert [path for path in tracked if path.stem in FORBIDDEN_NAMES and path.suffix == ".py"] == []


def test_tree_when_searched_then_no_module_is_longer_than_it_may_be(tracked: list[Path]) -> None:
    made = {"migrations", "node_modules"}
    source = [path for path in tracked if path.suffix == ".py" and "src" in path.parts]
    long = {
        path.name: lines
        for path in source
        if not made & set(path.parts)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_tree_when_searched_then_no_script_or_style_of_others(tracked: list[Path]) -> None:
    assert [path for path in tracked if path.name.endswith((".min.js", ".min.css", ".map"))] == []
