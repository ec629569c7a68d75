"""Addresses of signing in and of one's own account."""

from django.urls import path

from guatu.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", views.LogOut.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
]
