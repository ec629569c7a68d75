"""Browser scripts installed by npm, served file by file.

A package's folder holds some fifty megabytes of builds and maps; only what a page asks for
becomes public.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

# Folder in node_modules → prefix under /static/ and the files served from it.
SERVED: dict[str, tuple[str, tuple[str, ...]]] = {
    "echarts/dist": ("vendor/echarts", ("echarts.esm.min.js",)),
}


class NodeModuleFinder(BaseFinder):
    """Finds exactly the files of SERVED under settings.NODE_MODULES."""

    def check(self, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401 -- Django's signature
        """Report nothing: a script that is absent is reported by the page that needs it."""
        return []

    def find(self, path: str, find_all: bool = False, **_old: Any) -> Any:  # noqa: ANN401, FBT001, FBT002 -- Django's signature
        """Return where the file of a static path lies, as Django's finders do."""
        for folder, (prefix, names) in SERVED.items():
            for name in names:
                file = Path(settings.NODE_MODULES, folder, name)
                if path == f"{prefix}/{name}" and file.is_file():
                    return [str(file)] if find_all else str(file)
        return []

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each served file with the storage it is read from."""
        for folder, (prefix, names) in SERVED.items():
            location = Path(settings.NODE_MODULES, folder)
            storage = FileSystemStorage(location=location)
            storage.prefix = prefix  # type: ignore[attr-defined]  # collectstatic reads it there
            for name in names:
                if (location / name).is_file():
                    yield name, storage
