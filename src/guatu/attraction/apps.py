"""Django's entry for the attraction chapter."""

from django.apps import AppConfig


class AttractionConfig(AppConfig):
    """Leads; registers its policies when Django starts."""

    name = "guatu.attraction"
    label = "attraction"
    verbose_name = "抓招商"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies."""
        from guatu.attraction import policies  # noqa: F401, PLC0415 -- declared once models exist
