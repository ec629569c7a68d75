"""Addresses of the holder's tokens."""

from django.urls import path

from guatu.web.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("new/", views.new, name="new"),
    path("<uuid:key>/revoke/", views.revoke, name="revoke"),
]
