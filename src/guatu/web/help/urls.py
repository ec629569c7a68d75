"""Addresses of the help."""

from django.urls import path

from guatu.web.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="help"),
    path("<slug:name>/", views.guide, name="guide"),
]
