"""Address of the page of today's pushes."""

from django.urls import path

from guatu.web.today import views

app_name = "today"
urlpatterns = [path("", views.today, name="today")]
