"""Django's entry for the interface: its templates, and the scopes its kinds declare."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Reading and reporting for programs; it has no tables."""

    name = "guatu.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Declare the scopes, for the pages on which tokens are permitted and made."""
        from guatu.api import service  # noqa: F401, PLC0415 -- declared once models exist
