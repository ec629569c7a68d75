"""Django's entry for the loop."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """Timetable, targets, duties and lamps; registers its policies when Django starts."""

    name = "guatu.loop"
    label = "loop"
    verbose_name = "三本账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the policies, and draw hand-overs when posts change hands."""
        from guatu.loop import (  # noqa: PLC0415 -- declared once models exist
            blocker_rights,  # noqa: F401 -- declares
            dispatch_policies,  # noqa: F401 -- declares
            handover_rights,  # noqa: F401 -- declares
            letter_policies,  # noqa: F401 -- declares
            policies,  # noqa: F401 -- declares
            target_rights,  # noqa: F401 -- declares
        )
        from guatu.loop.actions.handing_over import follow_hands  # noqa: PLC0415 -- as above

        follow_hands()
