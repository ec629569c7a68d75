"""Addresses of leads."""

from django.urls import path

from guatu.web.leads import acts, bulk, funnel, handing, listing, views

app_name = "leads"
urlpatterns = [
    path("", listing.LeadList.as_view(), name="list"),
    path("funnel/", funnel.funnel, name="funnel"),
    path("new/", acts.new, name="new"),
    path("bulk/assign/", bulk.assign, name="bulk_assign"),
    path("<uuid:key>/", views.lead, name="lead"),
    path("<uuid:key>/follow/", acts.follow, name="follow"),
    path("<uuid:key>/hand-over/", handing.hand_over, name="hand_over"),
    path("<uuid:key>/steps/<uuid:step>/<slug:slug>/", acts.step, name="step"),
    path("<uuid:key>/do/<slug:slug>/", acts.act, name="act"),
]
