"""Files are kept once under their digest, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from guatu.register import files
from guatu.register.errors import Invalid
from guatu.register.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    """Let no file of another test lie beside."""
    with override_settings(GUATU_HOME=tmp_path):
        yield


def test_store_when_same_bytes_twice_then_one_row_and_one_private_file() -> None:
    first = files.store("示例".encode(), "text/plain")
    second = files.store("示例".encode(), "text/csv")
    place = files.path_of(first.sha256)
    assert (first.pk, second.media_type, first.size) == (second.pk, "text/plain", 6)
    assert (files.read(first), place.stat().st_mode & 0o777) == ("示例".encode(), 0o600)
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_store_when_file_is_gone_from_the_disk_then_it_is_written_again() -> None:
    stored = files.store(b"gone", "text/plain")
    files.path_of(stored.sha256).unlink()
    assert files.read(files.store(b"gone", "text/plain")) == b"gone"


def test_read_when_a_byte_changed_on_the_disk_then_refused() -> None:
    stored = files.store(b"whole", "text/plain")
    files.path_of(stored.sha256).write_bytes(b"whoke")
    with pytest.raises(OSError, match="changed"):
        files.read(stored)


@override_settings(GUATU_FILES_QUOTA=10)
def test_store_when_empty_or_over_the_quota_then_refused() -> None:
    for data in (b"", b"eleven bytes"):
        with pytest.raises(Invalid):
            files.store(data, "text/plain")
    assert StoredFile.objects.count() == 0
