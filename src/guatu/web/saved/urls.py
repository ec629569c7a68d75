"""Addresses of saved views."""

from django.urls import path

from guatu.web.saved import views

app_name = "saved"
urlpatterns = [
    path("", views.index, name="views"),
    path("new/<slug:page>/", views.new, name="new"),
    path("<uuid:key>/edit/", views.edit, name="edit"),
    path("<uuid:key>/renew/", views.renew, name="renew"),
    path("<uuid:key>/remove/", views.remove, name="remove"),
    path("<uuid:key>/mark/", views.mark, name="mark"),
]
