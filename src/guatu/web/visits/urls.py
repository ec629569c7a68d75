"""Addresses of visits."""

from django.urls import path

from guatu.web.visits import listing, views

app_name = "visits"
urlpatterns = [
    path("", listing.VisitList.as_view(), name="visits"),
    path("new/", views.new, name="new"),
    path("unvisited/", listing.UnvisitedList.as_view(), name="unvisited"),
    path("of/<uuid:key>/", views.of_subject, name="of_subject"),
    path("evidence/<uuid:key>/", views.evidence, name="evidence"),
    path("findings/<uuid:key>/edit/", views.retell, name="retell"),
    path("findings/<uuid:key>/duty/", views.charge, name="charge"),
    path("findings/<uuid:key>/blocker/", views.block, name="block"),
    path("<uuid:key>/", views.visit, name="visit"),
    path("<uuid:key>/edit/", views.edit, name="edit"),
    path("<uuid:key>/add/", views.add, name="add"),
    path("<uuid:key>/withdraw/", views.withdraw, name="withdraw"),
]
