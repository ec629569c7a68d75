"""Binary project files (.mpp and its kin), turned into XML by MPXJ in a process of its own.

MPXJ is a Java library; the optional extra brings its archives, the machine its Java.  Nothing of
it is loaded here: a file that crashes or exhausts the reader ends that process alone.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.formats.mspdi import read_mspdi
from guatu.engines.schedule.formats.mspdi.document import LARGEST
from guatu.engines.schedule.network import BadNetwork, Network

MEGABYTE = 1024 * 1024
MEMORY_MB = 768
SECONDS = 120
CONVERTER = "org.mpxj.sample.MpxjConvert"
MISSING = (
    "读取.mpp文件需要Java和MPXJ：请安装Java 11以上的运行环境，并运行pip install 'guatu[mpp]'；"
    "也可以在Project里另存为XML后再导入。"
)
_KEPT_ENVIRONMENT = ("PATH", "JAVA_HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TEMP", "TMPDIR")


def mpp_available() -> bool:
    """Tell whether Java and MPXJ are both there."""
    return shutil.which("java") is not None and _archives() is not None


def read_mpp(path: Path, table: DayTable | None = None) -> Network:
    """Return the plan of a binary project file; BadNetwork says what is missing or wrong."""
    return read_mspdi(mpp_as_mspdi(path), table)


def mpp_as_mspdi(path: Path) -> bytes:
    """Return the file as Microsoft Project's XML; BadNetwork as above."""
    java, archives = shutil.which("java"), _archives()
    if java is None or archives is None:
        raise BadNetwork(MISSING)
    _refuse_large(path, path.name)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "plan.xml"
        command = [
            java,
            f"-Xmx{MEMORY_MB}m",
            "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={folder}",
            "-cp",
            str(archives / "*"),
            CONVERTER,
            str(path.resolve()),
            str(target),
        ]
        try:
            done = subprocess.run(  # noqa: S603 -- Java of this machine, on fixed words and two paths
                command,
                check=False,
                timeout=SECONDS,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise BadNetwork(f"文件“{path.name}”{SECONDS}秒还没有读完，已停止。") from None
        if done.returncode != 0 or not target.is_file():
            raise BadNetwork(f"文件“{path.name}”不是MPXJ能读的项目文件，或已损坏。")
        _refuse_large(target, path.name)
        return target.read_bytes()


def _refuse_large(file: Path, name: str) -> None:
    size = file.stat().st_size
    if size > LARGEST:
        raise BadNetwork(f"文件“{name}”有{size // MEGABYTE}MB，超过{LARGEST // MEGABYTE}MB。")


def _archives() -> Path | None:
    """Return the folder of MPXJ's archives, found without importing it: that would start Java."""
    spec = importlib.util.find_spec("mpxj")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "lib"
    return folder if folder.is_dir() else None
