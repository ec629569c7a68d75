"""Addresses of projects."""

from django.urls import path

from guatu.web.projects import acts, bulk, lamp, listing, views

app_name = "projects"
urlpatterns = [
    path("", listing.ProjectList.as_view(), name="list"),
    path("new/", acts.new, name="new"),
    path("bulk/unit/", bulk.assign, name="bulk_unit"),
    path("<uuid:key>/", views.project, name="project"),
    path("<uuid:key>/lamp/", lamp.lamp, name="lamp"),
    path("<uuid:key>/sources/<str:field>/", views.source, name="source"),
    path("<uuid:key>/nodes/<slug:node>/<slug:slug>/", acts.node, name="node"),
    path("<uuid:key>/do/<slug:slug>/", acts.act, name="act"),
]
