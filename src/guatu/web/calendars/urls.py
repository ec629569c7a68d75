"""Addresses of calendars and holiday notices."""

from django.urls import path

from guatu.web.calendars import meetings, views

app_name = "calendars"
urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("new/", views.new, name="new"),
    path("notices/", views.upload, name="upload"),
    path("notices/confirm/", views.confirm, name="confirm"),
    path("meetings/new/", meetings.new, name="new_meeting"),
    path("meetings/<uuid:key>/", meetings.edit, name="edit_meeting"),
    path("<uuid:key>/", views.edit, name="edit"),
]
