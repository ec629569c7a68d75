"""Addresses of absences."""

from django.urls import path

from guatu.web.absences import listing, views

app_name = "absences"
urlpatterns = [
    path("", listing.AbsenceList.as_view(), name="absences"),
    path("new/", views.new, name="new"),
    path("<uuid:key>/end/", views.end, name="end"),
]
