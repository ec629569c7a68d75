"""Django's entry for the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The app every other domain app stands on."""

    name = "guatu.register"
    label = "register"
    verbose_name = "登记"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies."""
        from guatu.register import intake, rights  # noqa: F401, PLC0415 -- declared once models exist
