"""Addresses of the weekly brief."""

from django.urls import path, register_converter

from guatu.web.brief import lists, paper, views
from guatu.web.brief.days import DayConverter

register_converter(DayConverter, "day")

app_name = "brief"
urlpatterns = [
    path("", views.index, name="index"),
    path("scopes/", views.scopes, name="scopes"),
    path("<day:monday>/<slug:scope>/", views.brief, name="brief"),
    path("<day:monday>/<slug:scope>/remark/", views.remark, name="remark"),
    path("<day:monday>/<slug:scope>/paper/", paper.paper, name="paper"),
    path("<day:monday>/<slug:scope>/docx/", paper.docx, name="docx"),
    path("<day:monday>/<slug:scope>/pdf/", paper.pdf, name="pdf"),
    path(
        "<day:monday>/<slug:scope>/duties/<slug:figure>/",
        lists.BriefDuties.as_view(),
        name="duties",
    ),
    path(
        "<day:monday>/<slug:scope>/projects/<slug:figure>/",
        lists.BriefProjects.as_view(),
        name="projects",
    ),
    path(
        "<day:monday>/<slug:scope>/blockers/<slug:figure>/",
        lists.BriefBlockers.as_view(),
        name="blockers",
    ),
    path(
        "<day:monday>/<slug:scope>/letters/<slug:figure>/",
        lists.BriefLetters.as_view(),
        name="letters",
    ),
]
