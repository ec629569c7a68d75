"""Addresses of firms' figures, service and plans."""

from django.urls import path

from guatu.web.firms import acts, figures, listing, plans, reporting, sheets, views

app_name = "firms"
urlpatterns = [
    path("", figures.FigureList.as_view(), name="figures"),
    path("sheet/", sheets.sheet, name="sheet"),
    path("plans/", listing.PlanList.as_view(), name="plans"),
    path("plans/<uuid:plan>/", plans.plan, name="plan"),
    path("plans/<uuid:plan>/edit/", plans.edit, name="edit_plan"),
    path("plans/<uuid:plan>/measure/", plans.measure, name="measure"),
    path("papers/<uuid:key>/", acts.paper, name="paper"),
    path("<uuid:key>/", views.firm, name="firm"),
    path("<uuid:key>/report/", reporting.report, name="report"),
    path("<uuid:key>/figures/<uuid:figure>/", views.figure, name="figure"),
    path("<uuid:key>/consent/", acts.consent, name="consent"),
    path("<uuid:key>/consents/<uuid:consent>/show/", acts.show, name="show_consent"),
    path("<uuid:key>/consents/<uuid:consent>/withdraw/", acts.withdraw, name="withdraw"),
    path("<uuid:key>/specialist/", acts.specialist, name="specialist"),
    path("<uuid:key>/specialist/end/", acts.dismiss, name="dismiss"),
    path("<uuid:key>/account/", acts.account, name="account"),
    path("<uuid:key>/accounts/<int:number>/end/", acts.end_account, name="end_account"),
    path("<uuid:key>/mark/", acts.mark, name="mark"),
    path("<uuid:key>/marks/<uuid:mark>/end/", acts.unmark, name="unmark"),
    path("<uuid:key>/plan/", plans.make, name="make_plan"),
]
