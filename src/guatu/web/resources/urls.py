"""Addresses of resources and levellings."""

from django.urls import path

from guatu.web.resources import runs, views

app_name = "resources"
urlpatterns = [
    path("", views.resources, name="resources"),
    path("new/", views.new, name="new"),
    path("level/", runs.level, name="level"),
    path("levellings/<uuid:key>/", runs.levelling, name="levelling"),
    path("levellings/<uuid:key>/adopt/", runs.adopt, name="adopt"),
    path("levellings/<uuid:key>/drop/", runs.drop, name="drop"),
    path("<uuid:key>/", views.edit, name="edit"),
]
