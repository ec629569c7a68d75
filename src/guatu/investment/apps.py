"""Django's entry for the investment chapter."""

from django.apps import AppConfig


class InvestmentConfig(AppConfig):
    """Projects; registers its policies when Django starts."""

    name = "guatu.investment"
    label = "investment"
    verbose_name = "扩投资"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies."""
        from guatu.investment import policies  # noqa: F401, PLC0415 -- declared once models exist
