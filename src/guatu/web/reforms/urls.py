"""Addresses of reforms."""

from django.urls import path

from guatu.web.reforms import bulk, listing, views

app_name = "reforms"
urlpatterns = [
    path("", listing.ReformList.as_view(), name="reforms"),
    path("new/", views.new, name="new"),
    path("bulk/assign/", bulk.assign, name="bulk_assign"),
    path("<uuid:key>/", views.reform, name="reform"),
    path("<uuid:key>/edit/", views.edit, name="edit"),
    path("<uuid:key>/duty/", views.charge, name="charge"),
]
