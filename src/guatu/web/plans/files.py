"""Plan files from outside: read in processes of their own, Java for one of them at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from guatu.engines.calendars import DayTable
    from guatu.engines.schedule import Network

LARGEST = 5 * 1024 * 1024
LOCK = "conversion.lock"
OURS = "或由本系统导出后修改的 .xlsx；不超过 5 MB。"
HELP = f"Microsoft Project 的 .mpp 或 XML，{OURS}"
HELP_WITHOUT = f"Microsoft Project 的 XML（本机没有读 .mpp 的组件，请先另存为 XML），{OURS}"


class FileForm(forms.Form):
    """A plan file; the help says whether .mpp can be read here."""

    file = forms.FileField(label="计划文件")

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files)
        from guatu.engines.schedule.formats.mpp import (  # noqa: PLC0415 -- numpy, as needed
            mpp_available,
        )

        self.fields["file"].help_text = HELP if mpp_available() else HELP_WITHOUT

    def clean_file(self) -> object:
        """Refuse what is too large to be one plan."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 5 MB。")
        return file


def network_from_file(name: str, content: bytes, table: "DayTable") -> "Network":
    """Read a plan file by its kind; Invalid with the engine's sentence."""
    from guatu.engines.schedule import BadNetwork  # noqa: PLC0415 -- numpy, as needed
    from guatu.engines.schedule.formats.crossing import (  # noqa: PLC0415 -- as above
        read_plan_confined,
    )
    from guatu.engines.schedule.formats.mpp import KINDS  # noqa: PLC0415 -- as above

    try:
        if name.rpartition(".")[2].lower() in KINDS:
            with _sole_conversion():
                return read_plan_confined(content, name, table)
        return read_plan_confined(content, name, table)
    except BadNetwork as bad:
        raise Invalid(str(bad), "file") from bad


@contextmanager
def _sole_conversion() -> Iterator[None]:
    """Run one Java at a time on this machine; one that dies lets go by itself."""
    settings.GUATU_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.GUATU_HOME / LOCK).open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Invalid("正在读取另一个 .mpp 文件，请过一分钟再试。", "file") from None
        yield
