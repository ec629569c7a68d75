"""Root URL table: one line a page folder."""

from django.urls import include, path

from guatu.web.accounts.views import home

urlpatterns = [
    path("", home, name="home"),
    path("account/", include("guatu.web.accounts.urls")),
]
