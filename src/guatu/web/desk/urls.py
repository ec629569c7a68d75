"""Addresses of the desk."""

from django.urls import path

from guatu.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("no-change/", views.no_change, name="no_change"),
    path("<uuid:key>/report/", views.report, name="report"),
]
