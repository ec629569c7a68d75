"""Addresses of letters."""

from django.urls import path

from guatu.web.blockers.urging import urge_letter
from guatu.web.letters import drafting, listing, paper, suggested, urging, views

app_name = "letters"
urlpatterns = [
    path("", listing.LetterList.as_view(), name="letters"),
    path("new/", drafting.start, name="start"),
    path("new/<uuid:key>/", drafting.new, name="new"),
    path("new/blocker/<uuid:key>/", drafting.new_blocker, name="new_blocker"),
    path("suggested/", suggested.SuggestionList.as_view(), name="suggested"),
    path("evidence/<uuid:key>/", views.evidence, name="evidence"),
    path("urge/", urging.many, name="urge_many"),
    path("<uuid:key>/", views.letter, name="letter"),
    path("<uuid:key>/paper/", paper.paper, name="paper"),
    path("<uuid:key>/paper.pdf", paper.pdf, name="pdf"),
    path("<uuid:key>/paper.docx", paper.docx, name="docx"),
    path("<uuid:key>/urge/", urge_letter, name="urge"),
    path("<uuid:key>/<slug:slug>/", views.act, name="act"),
]
