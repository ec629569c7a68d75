"""Addresses of blockers."""

from django.urls import path

from guatu.web.blockers import bulk, causes, listing, raising, urging, views

app_name = "blockers"
urlpatterns = [
    path("", listing.BlockerList.as_view(), name="blockers"),
    path("causes/", causes.causes, name="causes"),
    path("raise/duty/<uuid:key>/", raising.on_duty, name="raise_duty"),
    path("raise/subject/<uuid:key>/", raising.on_subject, name="raise_subject"),
    path("raise/subject/<uuid:key>/<slug:node>/", raising.on_node, name="raise_node"),
    path("urge/", bulk.many, name="urge_many"),
    path("urge/duty/<uuid:key>/", urging.urge_duty, name="urge_duty"),
    path("<uuid:key>/", views.blocker, name="blocker"),
    path("<uuid:key>/urge/", urging.urge, name="urge"),
    path("<uuid:key>/<slug:slug>/", views.act, name="act"),
]
