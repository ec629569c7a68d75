"""Addresses of suggestions."""

from django.urls import path

from guatu.web.suggestions import listing, views

app_name = "suggestions"
urlpatterns = [
    path("", listing.SuggestionList.as_view(), name="suggestions"),
    path("new/", views.new, name="new"),
    path("<uuid:key>/", views.suggestion, name="suggestion"),
    path("<uuid:key>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:key>/answer/", views.answer, name="answer"),
]
