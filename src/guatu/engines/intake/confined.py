"""Running a reader of foreign files in a process of its own, bounded in memory and time.

A file from outside may be built to exhaust or crash whatever reads it.  The child gets the bytes
on its standard input and a minimal environment, may neither write files nor outlive its bounds,
and answers with JSON alone, so nothing it returns is executed here.  Every way it can die becomes
one :class:`BadInput`.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import cast

from guatu.engines.intake import BadInput

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Reading = Callable[..., Json]
"""A function ``(data: bytes, filename: str, **arguments) -> Json`` that may raise BadInput."""

_MEGABYTE = 1024 * 1024
_OUT_OF_MEMORY = 3
_KEPT_ENVIRONMENT = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one reading may use: address space in megabytes, CPU seconds, wall seconds."""

    memory_mb: int = 400
    cpu_seconds: int = 5
    wall_seconds: float = 60.0  # a busy machine is no fault of the file; processor time bounds it


STANDARD = Bounds()


def run_confined(
    reading: str,
    data: bytes,
    filename: str,
    *,
    arguments: Mapping[str, Json] | None = None,
    bounds: Bounds = STANDARD,
) -> Json:
    """Run ``reading`` (``"package.module:function"``) on ``data`` in a child process.

    Gives what the function returns, through JSON.  Raises the BadInput the function raised, or
    one of kind ``size`` (memory or time used up) or ``broken`` (the child crashed).
    """
    request = {
        "reading": reading,
        "filename": filename,
        "arguments": dict(arguments or {}),
        "bounds": asdict(bounds),
    }
    message = json.dumps(request, ensure_ascii=True).encode() + b"\n" + data
    environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    # The child may import what this process may import, and looks nowhere else.
    places = os.pathsep.join(place for place in sys.path if place)
    environment |= {"PYTHONPATH": places, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    # The command is this very module under this very interpreter; nothing of it is foreign.
    with subprocess.Popen(  # noqa: S603 -- see above
        [sys.executable, "-P", "-s", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    ) as child:
        try:
            answer, _ = child.communicate(message, timeout=bounds.wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise _too_slow(filename) from None
        except BaseException:
            child.kill()
            raise
    return _answer(answer, child.returncode, filename)


def _answer(answer: bytes, code: int, filename: str) -> Json:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise _too_slow(filename)
    if code == _OUT_OF_MEMORY:
        message = "文件展开后占用内存过多，拒绝读取，请拆分后上传"
        raise BadInput(message, file=filename, kind="size")
    if code != 0:
        message = "文件已损坏或结构异常，无法读取，请另存一份后再上传"
        raise BadInput(message, file=filename, kind="broken")
    result = json.loads(answer)
    if "refusal" in result:
        raise BadInput(**result["refusal"])
    return cast("Json", result["value"])


def _too_slow(filename: str) -> BadInput:
    message = "文件读取超时，可能过大或结构异常，请拆分后上传"
    return BadInput(message, file=filename, kind="size")


def _confine(bounds: Bounds) -> None:
    """Give up, for good, what a reading does not need; called in the child only."""
    memory = bounds.memory_mb * _MEGABYTE
    for kind, limit in (
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # A lower limit of the surrounding system stays in force.
        _, hard = resource.getrlimit(kind)
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (bound, hard if kind == resource.RLIMIT_CPU else bound))


def _serve() -> int:
    """Read one request from standard input, answer on standard output; the child's whole life."""
    request = json.loads(sys.stdin.buffer.readline())
    # This process is over in seconds; looking for cycles in a million cells would double that.
    gc.disable()
    _confine(Bounds(**request["bounds"]))
    module, _, function = request["reading"].partition(":")
    try:
        data = sys.stdin.buffer.read()
        reading: Reading = getattr(importlib.import_module(module), function)
        result: dict[str, Json] = {
            "value": reading(data, request["filename"], **request["arguments"])
        }
        answer = json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()
    except BadInput as refusal:
        answer = json.dumps({"refusal": _parts(refusal)}).encode()
    except MemoryError:
        return _OUT_OF_MEMORY
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    return 0


def _parts(refusal: BadInput) -> dict[str, Json]:
    return {
        "message": refusal.message,
        "file": refusal.file,
        "row": refusal.row,
        "column": refusal.column,
        "kind": refusal.kind,
    }


if __name__ == "__main__":
    raise SystemExit(_serve())
