"""Root URL table: one line a page folder."""

from django.urls import include, path

from guatu.web.accounts.views import home

urlpatterns = [
    path("", home, name="home"),
    path("account/", include("guatu.web.accounts.urls")),
    path("desk/", include("guatu.web.desk.urls")),
    path("duties/", include("guatu.web.duties.urls")),
    path("enterprises/", include("guatu.web.enterprises.urls")),
    path("intake/", include("guatu.web.intake.urls")),
    path("projects/", include("guatu.web.projects.urls")),
    path("wall/", include("guatu.web.wall.urls")),
]
