"""Django's entry for the chapter of steady growth."""

from django.apps import AppConfig


class GrowthConfig(AppConfig):
    """Firms; registers its policies and who may see a firm's figures when Django starts."""

    name = "guatu.growth"
    label = "growth"
    verbose_name = "稳增长"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies and the ground on which figures of firms are shown."""
        from guatu.growth import policies  # noqa: F401, PLC0415 -- declared once models exist
        from guatu.growth.grounds import permitted  # noqa: PLC0415 -- as above
        from guatu.register.observations import show_firm_figures_by  # noqa: PLC0415 -- as above

        show_firm_figures_by(permitted)
