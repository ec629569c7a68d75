"""Addresses of the organisation tree and its posts."""

from django.urls import path

from guatu.web.organisations import posts, units, views

app_name = "organisations"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("<uuid:key>/", views.unit, name="unit"),
    path("<uuid:key>/add/", units.add, name="add"),
    path("<uuid:key>/edit/", units.edit, name="edit"),
    path("<uuid:key>/move/", units.move, name="move"),
    path("<uuid:key>/close/", units.close, name="close"),
    path("<uuid:key>/posts/add/", posts.add, name="post_add"),
    path("posts/<uuid:key>/edit/", posts.edit, name="post_edit"),
    path("posts/<uuid:key>/close/", posts.close, name="post_close"),
    path("posts/<uuid:key>/hold/", posts.hold, name="hold"),
    path("holdings/<int:key>/release/", posts.release, name="release"),
]
