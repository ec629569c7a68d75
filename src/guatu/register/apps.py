"""Django's entry for the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The app every other domain app stands on."""

    name = "guatu.register"
    label = "register"
    verbose_name = "登记"
    default_auto_field = "django.db.models.BigAutoField"
