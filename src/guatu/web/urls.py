"""Root URL table: one line a page folder."""

from django.urls import include, path

from guatu.web.accounts.views import home

urlpatterns = [
    path("", home, name="home"),
    path("absences/", include("guatu.web.absences.urls")),
    path("account/", include("guatu.web.accounts.urls")),
    path("account/tokens/", include("guatu.web.tokens.urls")),
    path("blockers/", include("guatu.web.blockers.urls")),
    path("brief/", include("guatu.web.brief.urls")),
    path("calendars/", include("guatu.web.calendars.urls")),
    path("cockpit/", include("guatu.web.cockpit.urls")),
    path("desk/", include("guatu.web.desk.urls")),
    path("duties/", include("guatu.web.duties.urls")),
    path("enterprises/", include("guatu.web.enterprises.urls")),
    path("firms/", include("guatu.web.firms.urls")),
    path("handovers/", include("guatu.web.handovers.urls")),
    path("help/", include("guatu.web.help.urls")),
    path("inbox/", include("guatu.web.inbox.urls")),
    path("intake/", include("guatu.web.intake.urls")),
    path("leads/", include("guatu.web.leads.urls")),
    path("reserve/", include("guatu.web.reserve.urls")),
    path("letters/", include("guatu.web.letters.urls")),
    path("meetings/", include("guatu.web.meetings.urls")),
    path("map/", include("guatu.web.map.urls")),
    path("projects/", include("guatu.web.projects.urls")),
    path("projects/", include("guatu.web.plans.urls")),
    path("reforms/", include("guatu.web.reforms.urls")),
    path("resources/", include("guatu.web.resources.urls")),
    path("search/", include("guatu.web.search.urls")),
    path("targets/", include("guatu.web.targets.urls")),
    path("suggestions/", include("guatu.web.suggestions.urls")),
    path("today/", include("guatu.web.today.urls")),
    path("views/", include("guatu.web.saved.urls")),
    path("visits/", include("guatu.web.visits.urls")),
    path("wall/", include("guatu.web.wall.urls")),
    path("campaign/", include("guatu.web.campaign.urls")),
    path("organisations/", include("guatu.web.organisations.urls")),
    path("officers/", include("guatu.web.people.urls")),
    path("log/", include("guatu.web.audit.urls")),
]
