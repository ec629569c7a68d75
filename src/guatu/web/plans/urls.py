"""Addresses of a project's plan, beneath the project's own."""

from django.urls import path

from guatu.web.plans import begin, views

app_name = "plans"
urlpatterns = [
    path("<uuid:key>/plan/", views.plan, name="plan"),
    path("<uuid:key>/plan/preview/", views.preview, name="preview"),
    path("<uuid:key>/plan/begin/", begin.begin, name="begin"),
    path("<uuid:key>/plan/foresee/", begin.foresee, name="foresee"),
]
