"""Addresses of the campaign's settings."""

from django.urls import path

from guatu.web.campaign import views

app_name = "campaign"
urlpatterns = [
    path("", views.campaign, name="campaign"),
    path("pin/", views.pin, name="pin"),
    path("release/", views.release, name="release"),
]
