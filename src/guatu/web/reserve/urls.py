"""Addresses of the reserve."""

from django.urls import path

from guatu.web.reserve import acts, bulk, listing, views

app_name = "reserve"
urlpatterns = [
    path("", listing.ReserveList.as_view(), name="list"),
    path("new/", acts.new, name="new"),
    path("bulk/unit/", bulk.assign, name="bulk_unit"),
    path("of/<uuid:key>/", views.of_subject, name="of_subject"),
    path("<uuid:key>/", views.reserve, name="reserve"),
    path("<uuid:key>/do/<slug:slug>/", acts.act, name="act"),
]
