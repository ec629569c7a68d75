"""Project files of other tools (.mpp and its kin), turned into XML by MPXJ in its own process.

MPXJ is a Java library; the optional extra brings its archives, the machine its Java.  Nothing of
it is loaded here: a file that crashes or exhausts the reader ends that process alone.
"""

import contextlib
import importlib.util
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.formats.mspdi import read_mspdi
from guatu.engines.schedule.formats.mspdi.document import LARGEST
from guatu.engines.schedule.network import BadNetwork, Network

MEGABYTE = 1024 * 1024
KINDS = ("mpp", "mpx", "xer", "pmxml")
"""Endings of what is read here: Microsoft Project, its old exchange format, Primavera's two."""
MEMORY_MB = 512
SECONDS = 60
CONVERTER = "org.mpxj.sample.MpxjConvert"
MISSING = (
    "读取.mpp等项目文件需要Java和MPXJ：请安装Java 11以上，并运行pip install 'guatu[mpp]'；"
    "也可以在Project里另存为XML后再导入。"
)
_KEPT_ENVIRONMENT = ("PATH", "JAVA_HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TEMP", "TMPDIR")


def mpp_available() -> bool:
    """Tell whether Java and MPXJ are both there."""
    return shutil.which("java") is not None and _archives() is not None


def read_mpp(path: Path, table: DayTable | None = None) -> Network:
    """Return the plan of such a file; BadNetwork says what is missing or wrong."""
    _refuse_large(path.stat().st_size)
    return read_mspdi(mpp_as_mspdi(path.read_bytes()), table)


def mpp_as_mspdi(data: bytes) -> bytes:
    """Return a file's bytes as Microsoft Project's XML; BadNetwork as above."""
    java, archives = shutil.which("java"), _archives()
    if java is None or archives is None:
        raise BadNetwork(MISSING)
    _refuse_large(len(data))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "given", Path(folder) / "plan.xml"
        source.write_bytes(data)
        command = [
            java,
            f"-Xmx{MEMORY_MB}m",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=128m",
            "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={folder}",
            "-cp",
            str(archives / "*"),
            CONVERTER,
            str(source),
            str(target),
        ]
        if _run(command, folder) != 0 or not target.is_file():
            raise BadNetwork("文件不是MPXJ能读的项目文件，或已损坏。")
        _refuse_large(target.stat().st_size)
        return target.read_bytes()


def _run(command: list[str], folder: str) -> int:
    """Run Java within its time and return how it ended; no file it writes can fill the disk."""
    with subprocess.Popen(  # noqa: S603 -- Java of this machine, on fixed words and two paths
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ},
        start_new_session=True,
    ) as child:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (2 * LARGEST, 2 * LARGEST))
        try:
            return child.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise BadNetwork(f"文件{SECONDS}秒还没有读完，已停止。") from None
        finally:
            child.kill()


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise BadNetwork(f"文件有{size // MEGABYTE}MB，超过{LARGEST // MEGABYTE}MB。")


def _archives() -> Path | None:
    """Return the folder of MPXJ's archives, found without importing it: that would start Java."""
    spec = importlib.util.find_spec("mpxj")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "lib"
    return folder if folder.is_dir() else None
