"""Addresses of enterprises."""

from django.urls import path

from guatu.web.enterprises import editing, listing, views

app_name = "enterprises"
urlpatterns = [
    path("", listing.EnterpriseList.as_view(), name="enterprises"),
    path("new/", editing.add, name="add"),
    path("industries/", editing.industries, name="industries"),
    path("<uuid:key>/", views.enterprise, name="enterprise"),
    path("<uuid:key>/edit/", editing.edit, name="edit"),
    path("<uuid:key>/rename/", editing.rename, name="rename"),
    path("<uuid:key>/relate/", editing.relation, name="relate"),
]
