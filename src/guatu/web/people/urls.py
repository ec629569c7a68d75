"""Addresses of accounts."""

from django.urls import path

from guatu.web.people import access, listing, views

app_name = "people"
urlpatterns = [
    path("", listing.OfficerList.as_view(), name="officers"),
    path("add/", views.add, name="add"),
    path("<uuid:key>/", views.officer, name="officer"),
    path("<uuid:key>/access/", access.permit, name="permit"),
    path("<uuid:key>/reset/", views.reset, name="reset"),
    path("<uuid:key>/deactivate/", views.deactivate, name="deactivate"),
    path("<uuid:key>/reactivate/", views.reactivate, name="reactivate"),
]
