"""Addresses of duties."""

from django.urls import path

from guatu.web.duties import assigning, bulk, listing, views

app_name = "duties"
urlpatterns = [
    path("", listing.DutyList.as_view(), name="duties"),
    path("new/", assigning.new, name="new"),
    path("bulk/<slug:step>/", bulk.bulk, name="bulk"),
    path("evidence/<uuid:key>/", views.evidence, name="evidence"),
    path("claims/<uuid:claim>/accept/", views.judge, {"verdict": "accept"}, name="accept"),
    path("claims/<uuid:claim>/refuse/", views.judge, {"verdict": "refuse"}, name="refuse"),
    path(
        "extensions/<uuid:extension>/approve/", views.decide, {"verdict": "approve"}, name="extend"
    ),
    path("extensions/<uuid:extension>/refuse/", views.decide, {"verdict": "refuse"}, name="hold"),
    path("<uuid:key>/", views.duty, name="duty"),
    path("<uuid:key>/places/<int:number>/", assigning.fill, name="fill"),
    path("<uuid:key>/helpers/<int:helper>/", assigning.end_helper, name="end_helper"),
    path("<uuid:key>/<slug:slug>/", views.act, name="act"),
]
