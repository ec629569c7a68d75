"""Django's entry for the investment chapter."""

from django.apps import AppConfig


class InvestmentConfig(AppConfig):
    """Projects; registers its policies and what of it changes hands when Django starts."""

    name = "guatu.investment"
    label = "investment"
    verbose_name = "扩投资"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies and what a hand-over lists."""
        from guatu.investment import policies  # noqa: F401, PLC0415 -- declared once models exist
        from guatu.investment.handing import reserve_of_post  # noqa: PLC0415 -- as above
        from guatu.loop.handover_things import list_also  # noqa: PLC0415 -- as above

        list_also(reserve_of_post)
