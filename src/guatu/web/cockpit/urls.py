"""Addresses of the cockpit."""

from django.urls import path

from guatu.web.cockpit import views

app_name = "cockpit"

urlpatterns = [
    path("", views.show, name="show"),
    path("places/", views.OpenPlaces.as_view(), name="places"),
]
