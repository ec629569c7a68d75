"""Addresses of dispatch meetings."""

from django.urls import path

from guatu.web.meetings import left, listing, paper, views

app_name = "meetings"
urlpatterns = [
    path("", listing.MeetingList.as_view(), name="meetings"),
    path("new/", views.new, name="new"),
    path("items/<uuid:key>/<slug:slug>/", views.item_act, name="item_act"),
    path("<uuid:key>/", views.meeting, name="meeting"),
    path("<uuid:key>/paper/", paper.paper, name="paper"),
    path("<uuid:key>/paper.docx", paper.docx, name="docx"),
    path("<uuid:key>/left/", left.left, name="left"),
    path("<uuid:key>/minutes/", views.minutes, name="minutes"),
    path("<uuid:key>/<slug:slug>/", views.act, name="act"),
]
