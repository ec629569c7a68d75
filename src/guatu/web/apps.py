"""The web app: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, lists and components; it has no tables."""

    name = "guatu.web"
    label = "web"
    verbose_name = "页面"

    def ready(self) -> None:
        """Give forms the words of the house before the first is made."""
        from guatu.web.fields import speak_plainly  # noqa: PLC0415 -- it needs the models

        speak_plainly()
