"""Django's entry for the attraction chapter."""

from django.apps import AppConfig


class AttractionConfig(AppConfig):
    """Leads; registers its policies and what of it changes hands when Django starts."""

    name = "guatu.attraction"
    label = "attraction"
    verbose_name = "抓招商"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies and what a hand-over lists."""
        from guatu.attraction import policies  # noqa: F401, PLC0415 -- declared once models exist
        from guatu.attraction.handing import (  # noqa: PLC0415 -- as above
            leads_of_post,
            steps_of_post,
        )
        from guatu.loop.handover_things import list_also  # noqa: PLC0415 -- as above

        list_also(leads_of_post)
        list_also(steps_of_post)
