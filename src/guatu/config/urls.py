"""All addresses of the application."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("guatu.api.urls")),
    path("", include("guatu.web.urls")),
]
