"""Addresses of papers, ledgers, their drafts and their source cells."""

from django.urls import path

from guatu.web.intake import drafts, index, ledgers, papers

app_name = "intake"
urlpatterns = [
    path("", index.index, name="index"),
    path("papers/", index.upload_paper, name="upload_paper"),
    path("papers/<uuid:document>/", papers.paper, name="paper"),
    path("papers/<uuid:document>/file/", papers.paper_file, name="paper_file"),
    path("papers/<uuid:document>/accept/", papers.accept_all, name="accept_all"),
    path("papers/<uuid:document>/by-hand/", papers.by_hand, name="by_hand"),
    path("batches/<uuid:batch>/drop/", index.drop, name="drop"),
    path("drafts/<uuid:draft>/", drafts.card, name="draft"),
    path("drafts/<uuid:draft>/edit/", drafts.edit, name="draft_edit"),
    path("drafts/<uuid:draft>/accept/", drafts.accept, name="draft_accept"),
    path("drafts/<uuid:draft>/reject/", drafts.reject, name="draft_reject"),
    path("drafts/<uuid:draft>/reopen/", drafts.reopen, name="draft_reopen"),
    path("ledgers/", index.upload_ledger, name="upload_ledger"),
    path("ledgers/template/", ledgers.template, name="template"),
    path("ledgers/<uuid:batch>/", ledgers.ledger, name="ledger"),
    path("ledgers/<uuid:batch>/file/", ledgers.ledger_file, name="ledger_file"),
    path("ledgers/<uuid:batch>/confirm/", ledgers.confirm, name="ledger_confirm"),
    path("ledgers/<uuid:batch>/errors/", ledgers.errors, name="ledger_errors"),
    path("workbooks/<uuid:workbook>/", ledgers.cells, name="cells"),
    path("subjects/", drafts.subjects, name="subjects"),
]
