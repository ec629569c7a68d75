"""Addresses of the map."""

from django.urls import path

from guatu.web.map import views

app_name = "map"
urlpatterns = [
    path("", views.show, name="map"),
    path("outline.json", views.outline, name="outline"),
    path("outline/", views.bring, name="bring"),
    path("outline/drop/", views.drop, name="drop"),
    path("<uuid:key>/", views.locate_project, name="locate"),
]
