"""The web app: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, lists and components; it has no tables."""

    name = "guatu.web"
    label = "web"
    verbose_name = "页面"
