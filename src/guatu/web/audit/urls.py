"""Addresses of the log."""

from django.urls import path

from guatu.web.audit import listing, views

app_name = "audit"
urlpatterns = [
    path("", listing.EventList.as_view(), name="log"),
    path("verify/", views.check, name="verify"),
    path("head/", views.head, name="head"),
    path("<uuid:key>/", views.event, name="event"),
    path("<uuid:key>/withdraw/", views.withdraw, name="withdraw"),
]
