"""The application's settings for tests: a data folder of the process's own, and speed."""

import os
import tempfile
from pathlib import Path

# Before the settings are read: no test may ever see the data of a real installation.
os.environ["GUATU_HOME"] = tempfile.mkdtemp(prefix="guatu-test-")

from guatu.config import database
from guatu.config.settings import *  # noqa: F403 -- these are the settings under test
from guatu.config.settings import DATABASES, GUATU_HOME, STORAGES

if "DATABASE_URL" not in os.environ:
    # A file, because tests with threads need what memory cannot share; not flushed to disk,
    # because nobody keeps it.
    DATABASES["default"] = database.sqlite(
        Path(GUATU_HOME, "guatu.sqlite3"),
        pragmas=("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF"),
    ) | {"TEST": {"NAME": Path(GUATU_HOME, "test.sqlite3")}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The real storage names files by their content and needs them collected; the browser tests do.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LOGGING_CONFIG = None
# Starting a browser takes seconds; the tests of printing ask for it.
CHROMIUM = "none"
# Where collected files would lie; the middleware warns when it is absent.
Path(GUATU_HOME, "static").mkdir()
# Tests ask faster than any program may; the tests of the bounds set their own.
API_REQUESTS_A_MINUTE = API_WRONG_TOKENS_A_MINUTE = 1_000_000
