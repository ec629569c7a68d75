import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from guatu.config import home


def test_locate_when_named_then_that_folder(tmp_path: Path) -> None:
    assert home.locate({"GUATU_HOME": str(tmp_path / "数据")}) == tmp_path / "数据"


def test_locate_when_not_named_then_inside_the_checkout_whatever_the_current_folder() -> None:
    assert home.locate({}) == home.CHECKOUT / ".home"


def test_installation_secret_when_asked_twice_then_the_same_and_private(tmp_path: Path) -> None:
    first = home.installation_secret(tmp_path / "home", "session")
    second = home.installation_secret(tmp_path / "home", "session")

    kept = tmp_path / "home" / "keys" / "session"
    assert second == first
    assert len(first) == 86  # 64 random bytes
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert list(kept.parent.iterdir()) == [kept]


def test_installation_secret_when_two_folders_then_two_secrets(tmp_path: Path) -> None:
    secrets = {home.installation_secret(tmp_path / name, "session") for name in ("甲", "乙")}
    assert len(secrets) == 2


def test_installation_secret_when_many_start_together_then_all_read_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        read = pool.map(lambda _: home.installation_secret(tmp_path, "session"), range(64))
    assert len(set(read)) == 1
