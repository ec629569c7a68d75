"""Addresses of hand-overs."""

from django.urls import path

from guatu.web.handovers import acts, listing, paper, views

app_name = "handovers"
urlpatterns = [
    path("", listing.HandoverList.as_view(), name="handovers"),
    path("<uuid:key>/", views.handover, name="handover"),
    path("<uuid:key>/give/", acts.give, name="give"),
    path("<uuid:key>/accept/", acts.accept, name="accept"),
    path("<uuid:key>/query/<uuid:item>/", acts.query, name="query"),
    path("<uuid:key>/paper/", paper.paper, name="paper"),
    path("<uuid:key>/docx/", paper.docx, name="docx"),
]
