"""One service per data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guatu.engines.intake import BadInput

LOCK = "service.lock"


@contextmanager
def sole_user(home: Path) -> Iterator[None]:
    """Hold the data folder for one service or one restore; BadInput when it is held already.

    The kernel drops the lock with the process, so a killed service leaves nothing to clean up.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / LOCK).open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput("数据文件夹正由另一个服务使用，请先停止它。", file=str(home)) from None
        yield
