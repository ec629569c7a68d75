"""Addresses of a project's plan, beneath the project's own."""

from django.urls import path

from guatu.web.plans import (
    baselining,
    begin,
    clock,
    comparison,
    editing,
    exchange,
    paper,
    progress,
    views,
)

app_name = "plans"
urlpatterns = [
    path("plan/duties/<uuid:key>/", progress.of_duty, name="of_duty"),
    path("<uuid:key>/plan/", views.plan, name="plan"),
    path("<uuid:key>/plan/preview/", views.preview, name="preview"),
    path("<uuid:key>/plan/repairs/", views.repairs, name="repairs"),
    path("<uuid:key>/plan/slip/", views.slip, name="slip"),
    path("<uuid:key>/plan/compare/", comparison.compare, name="compare"),
    path("<uuid:key>/plan/tries/open/", editing.open_, name="open"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/", editing.scenario, name="scenario"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/do/", editing.do, name="do"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/why/", editing.why, name="why"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/adopt/", editing.adopt, name="adopt"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/steps/<slug:node>/", editing.step, name="step"),
    path("<uuid:key>/plan/tries/<uuid:scenario>/log/<slug:move>/", editing.log, name="log"),
    path("<uuid:key>/plan/steps/<slug:node>/report/", progress.report, name="report"),
    path("<uuid:key>/plan/steps/<slug:node>/clock/", clock.clock, name="clock"),
    path("<uuid:key>/plan/steps/<slug:node>/clock/drop/", clock.drop, name="drop_clock"),
    path("<uuid:key>/plan/paper/", paper.paper, name="paper"),
    path("<uuid:key>/plan/pdf/", paper.pdf, name="pdf"),
    path("<uuid:key>/plan/export/<slug:kind>/", exchange.export, name="export"),
    path("<uuid:key>/plan/import/", exchange.import_, name="import"),
    path("<uuid:key>/plan/baseline/", baselining.rebaseline, name="rebaseline"),
    path("<uuid:key>/plan/begin/", begin.begin, name="begin"),
    path("<uuid:key>/plan/foresee/", begin.foresee, name="foresee"),
]
