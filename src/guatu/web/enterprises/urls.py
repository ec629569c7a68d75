"""Addresses of enterprises."""

from django.urls import path

from guatu.web.enterprises import bulk, editing, industries, listing, views

app_name = "enterprises"
urlpatterns = [
    path("", listing.EnterpriseList.as_view(), name="enterprises"),
    path("new/", editing.add, name="add"),
    path("bulk/give/", bulk.give, name="bulk_give"),
    path("bulk/serve/", bulk.serve, name="bulk_serve"),
    path("industries/", industries.IndustryList.as_view(), name="industries"),
    path("industries/load/", industries.load, name="load_industries"),
    path("<uuid:key>/", views.enterprise, name="enterprise"),
    path("<uuid:key>/edit/", editing.edit, name="edit"),
    path("<uuid:key>/rename/", editing.rename, name="rename"),
    path("<uuid:key>/relate/", editing.relation, name="relate"),
    path("<uuid:key>/name/", editing.name, name="name"),
    path("<uuid:key>/place/", editing.place, name="place"),
]
