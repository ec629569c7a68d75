"""Addresses of the wall."""

from django.urls import path

from guatu.web.wall import printed, views

app_name = "wall"
urlpatterns = [
    path("", views.wall, name="wall"),
    path("data/", views.data, name="data"),
    path("print/", printed.sheets, name="sheets"),
    path("print.pdf", printed.pdf, name="pdf"),
]
