"""On PostgreSQL a backup is every table by COPY; restored, it is the same database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guatu.engines.intake import BadInput
from guatu.register import backup
from guatu.register.models import Event, Organisation
from guatu.register.sealing import seal, verify
from tests.factories import NOON, make_district, make_unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def _empty_database(tmp_path: Path, settings: Any) -> Iterator[None]:  # noqa: ANN401 -- pytest-django's settings
    """Back up a small register, then point this process at an empty database and folder."""
    settings.GUATU_HOME = tmp_path / "home"
    settings.GUATU_HOME.mkdir()
    make_unit(make_district(), "示例一局\t二\\局")
    seal(NOON)
    backup.write(tmp_path / "backup.zip")
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE guatu_restored")
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "guatu_restored"
    settings.GUATU_HOME = tmp_path / "other"
    settings.GUATU_HOME.mkdir()
    yield
    connection.close()
    connection.settings_dict["NAME"] = before
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE guatu_restored")


@pytest.mark.usefixtures("_empty_database")
def test_restore_when_database_is_empty_then_rows_log_and_next_keys_are_the_same(
    tmp_path: Path,
) -> None:
    backup.restore(tmp_path / "backup.zip")
    names = list(Organisation.objects.values_list("name", flat=True))
    assert names == ["示例区", "示例一局\t二\\局"]
    assert (verify().faults, verify().sealed) == ([], 4)
    last = Event.objects.latest("pk").pk
    make_unit(Organisation.objects.get(name="示例区"))
    assert Event.objects.latest("pk").pk == last + 2
    with pytest.raises(BadInput, match="只能恢复到空的"):
        backup.restore(tmp_path / "backup.zip")
