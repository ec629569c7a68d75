from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from guatu.config.vendored import NodeModuleFinder


@pytest.fixture
def dist(tmp_path: Path, settings: Settings) -> Path:
    """Return a folder as npm leaves it: the build pages use, and others."""
    folder = tmp_path / "echarts" / "dist"
    folder.mkdir(parents=True)
    for name in ("echarts.esm.min.js", "echarts.js", "echarts.js.map"):
        (folder / name).write_text(name, encoding="utf-8")
    settings.NODE_MODULES = tmp_path
    return folder


def test_find_when_file_is_served_then_its_place(dist: Path) -> None:
    found = NodeModuleFinder().find("vendor/echarts/echarts.esm.min.js")
    assert found == str(dist / "echarts.esm.min.js")


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize(
    "path", ["vendor/echarts/echarts.js", "vendor/echarts/../package.json", "echarts.esm.min.js"]
)
def test_find_when_file_is_not_served_then_nothing(path: str) -> None:
    assert NodeModuleFinder().find(path) == []


@pytest.mark.usefixtures("dist")
def test_list_when_collected_then_only_what_pages_use() -> None:
    collected = [
        (f"{storage.prefix}/{name}", Path(storage.path(name)).read_text(encoding="utf-8"))
        for name, storage in NodeModuleFinder().list(None)
    ]
    assert collected == [("vendor/echarts/echarts.esm.min.js", "echarts.esm.min.js")]


def test_list_when_scripts_are_not_installed_then_empty(tmp_path: Path, settings: Settings) -> None:
    settings.NODE_MODULES = tmp_path
    assert list(NodeModuleFinder().list(None)) == []
