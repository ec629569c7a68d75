"""What the documents lead to is there, and no file names a registry."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUTSIDE = re.compile(r"^[a-z]+:")
REGISTRY = re.compile(
    r"(?:registry\.npm\w+|pypi|npmmirror|pythonhosted|tuna\.tsinghua|mirrors?\.\w+)\.(?:org|com|cn|edu)"
)
TEXT = {".md", ".py", ".html", ".js", ".css", ".toml", ".json", ".lock", ".txt"}
MAX_PICTURE = 250_000


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Return the files of the project as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 -- where git lies is the machine's affair
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: what belongs to the project cannot be told")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def pages(tracked: list[Path]) -> dict[Path, str]:
    """Return the text of every document."""
    return {path: path.read_text(encoding="utf-8") for path in tracked if path.suffix == ".md"}


def anchor(heading: str) -> str:
    """Return the fragment under which a heading is reached.

    >>> anchor("## 出现错误时，怎么办？"), anchor("### Command line")
    ('出现错误时怎么办', 'command-line')
    """
    words = re.sub(r"[^\w\s-]", "", heading.lstrip("#").strip().lower())
    return words.replace(" ", "-")


def test_documents_when_followed_then_every_link_and_picture_is_there(
    pages: dict[Path, str],
) -> None:
    broken = []
    for page, text in pages.items():
        for target in LINK.findall(text):
            name, _, fragment = target.partition("#")
            if OUTSIDE.match(target):
                continue
            file = page if not name else (page.parent / name).resolve()
            headings = (
                re.findall(r"^#+ .+$", file.read_text(encoding="utf-8"), re.MULTILINE)
                if file.suffix == ".md" and file.is_file()
                else []
            )
            if not file.exists() or (fragment and fragment not in map(anchor, headings)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_pictures_when_weighed_then_light_and_all_shown(
    tracked: list[Path], pages: dict[Path, str]
) -> None:
    pictures = [path for path in tracked if path.suffix in {".png", ".jpg", ".svg"}]
    ours = [path for path in pictures if "docs" in path.relative_to(ROOT).parts]
    heavy = [path.name for path in ours if path.stat().st_size > MAX_PICTURE]
    unseen = [path.name for path in ours if not any(path.name in text for text in pages.values())]
    assert (heavy, unseen) == ([], [])


def test_files_when_searched_then_no_address_of_a_registry(tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked
        if path.suffix in TEXT and (hit := REGISTRY.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []
