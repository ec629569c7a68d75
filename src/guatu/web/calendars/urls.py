"""Addresses of calendars and holiday notices."""

from django.urls import path

from guatu.web.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("new/", views.new, name="new"),
    path("notices/", views.upload, name="upload"),
    path("notices/confirm/", views.confirm, name="confirm"),
    path("<uuid:key>/", views.edit, name="edit"),
]
