import json
import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, str]:
    """Return package → its lines in a lock file."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {re.match(r"[\w.-]+", block).group(): block for block in blocks if block}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_when_read_then_every_package_has_one_version_and_its_hashes(lock: str) -> None:
    loose = [
        name
        for name, block in pinned(lock).items()
        if not re.match(rf"{name}(\[.+\])?==\S+ ", block) or "--hash=sha256:" not in block
    ]
    assert loose == []


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json", ".npmrc"])
def test_lock_when_read_then_it_names_no_address(lock: str) -> None:
    assert re.findall(r"\w+://\S+", (ROOT / lock).read_text(encoding="utf-8")) == []


def test_package_lock_when_read_then_every_script_has_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    loose = [name for name, entry in packages.items() if name and "integrity" not in entry]
    assert loose == []


def test_requirements_when_compared_then_tests_run_on_what_is_served() -> None:
    served, tested = pinned("requirements.lock"), pinned("requirements-dev.lock")
    version = re.compile(r"==\S+")
    differing = [
        name
        for name, block in served.items()
        if version.search(block)[0] != version.search(tested.get(name, "==absent"))[0]
    ]
    assert differing == []


def test_requirements_when_licences_are_read_then_none_is_affero() -> None:
    licences = {
        distribution.name: " ".join(
            [
                distribution.metadata.get("License-Expression", ""),
                distribution.metadata.get("License", "")[:200],
                *(distribution.metadata.get_all("Classifier") or []),
            ]
        )
        for distribution in metadata.distributions()
    }
    assert [name for name, text in licences.items() if re.search("AGPL|Affero", text)] == []
