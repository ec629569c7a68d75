"""Addresses of the inbox."""

from django.urls import path

from guatu.web.inbox import listing, views

app_name = "inbox"
urlpatterns = [
    path("", listing.InboxList.as_view(), name="inbox"),
    path("read/", views.read, name="read"),
    path("digest/", views.digest, name="digest"),
    path("ladder/", views.ladder, name="ladder"),
]
