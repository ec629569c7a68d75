import os
import signal
import time

import pytest

from guatu.engines.intake import BadInput
from guatu.engines.intake.confined import Bounds, Json, run_confined

HERE = __name__


def echo(data: bytes, filename: str, *, word: str) -> Json:
    return [data.decode(), filename, word, dict(os.environ).get("SECRET_OF_THE_PARENT")]


def refuse(data: bytes, filename: str) -> Json:
    raise BadInput("不行", file=filename, row=len(data), column="C", kind="secret")


def hoard(_data: bytes, _filename: str) -> Json:
    return len(bytes(2_000_000_000))


def spin(_data: bytes, _filename: str) -> Json:
    while True:
        pass


def sleep(_data: bytes, _filename: str) -> Json:
    time.sleep(60)
    return None


def crash(_data: bytes, _filename: str) -> Json:
    os.kill(os.getpid(), signal.SIGSEGV)
    return None


def fail(_data: bytes, _filename: str) -> Json:
    raise RuntimeError("unforeseen")


def write(_data: bytes, _filename: str) -> Json:
    with open("/tmp/guatu-confined-test", "wb") as target:  # noqa: PTH123, S108 -- must fail
        target.write(b"x" * 10_000)
    return None


def test_reading_when_it_returns_then_its_value_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    value = run_confined(f"{HERE}:echo", "文".encode(), "表.xlsx", arguments={"word": "字"})
    assert value == ["文", "表.xlsx", "字", None]


def test_reading_when_it_refuses_then_every_part_of_the_refusal_crosses() -> None:
    with pytest.raises(BadInput) as caught:
        run_confined(f"{HERE}:refuse", b"abc", "表.xlsx")
    refusal = caught.value
    assert (refusal.message, refusal.file, refusal.row, refusal.column, refusal.kind) == (
        "不行", "表.xlsx", 3, "C", "secret",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "kind", "words"),
    [
        ("hoard", "size", "内存"),
        ("spin", "size", "超时"),
        ("sleep", "size", "超时"),
        ("crash", "broken", "损坏"),
        ("fail", "broken", "损坏"),
        ("write", "broken", "损坏"),
        ("missing", "broken", "损坏"),
    ],
)
def test_reading_when_it_dies_then_one_sentence(reading: str, kind: str, words: str) -> None:
    bounds = Bounds(memory_mb=300, cpu_seconds=1, wall_seconds=4)
    with pytest.raises(BadInput) as caught:
        run_confined(f"{HERE}:{reading}", b"", "表.xlsx", bounds=bounds)
    assert (caught.value.kind, caught.value.file) == (kind, "表.xlsx")
    assert words in caught.value.message
