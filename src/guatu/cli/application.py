"""Starting Django inside a command."""

import os
from pathlib import Path


def application() -> Path:
    """Set Django up and return the data folder; models may be imported afterwards."""
    os.umask(0o077)  # whatever lands in the data folder is its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.config.settings")
    import django  # noqa: PLC0415 -- the engines' commands start without Django

    django.setup()
    from django.conf import settings  # noqa: PLC0415 -- as above

    return Path(settings.GUATU_HOME)
