"""Addresses of the target account."""

from django.urls import path

from guatu.web.targets import giving, promising, rows, scores, sheets, views

app_name = "targets"
urlpatterns = [
    path("", views.targets, name="targets"),
    path("scores/", scores.scores, name="scores"),
    path("scores/<uuid:unit>/", scores.score, name="score"),
    path("set/<slug:kind>/", promising.promised, name="set"),
    path("parts/<uuid:key>/", views.part, name="part"),
    path("parts/<uuid:key>/report/", promising.report, name="report"),
    path("parts/<uuid:key>/figures/<slug:place>/", rows.figure, name="figure"),
    path("sheets/<uuid:batch>/", sheets.sheet, name="sheet"),
    path("sheets/<uuid:batch>/confirm/", sheets.confirm, name="sheet_confirm"),
    path("sheets/<uuid:batch>/errors/", sheets.errors, name="sheet_errors"),
    path("<uuid:key>/", views.target, name="target"),
    path("<uuid:key>/rows/", rows.rows, name="rows"),
    path("<uuid:key>/units/", giving.give, name="give"),
    path("<uuid:key>/units/upload/", sheets.upload, name="upload"),
    path("<uuid:key>/units/sheet.xlsx", sheets.workbook, name="workbook"),
]
