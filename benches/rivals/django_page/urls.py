"""The addresses of the three pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("home", views.home),
    path("referrals", views.referrals),
    path("referrals/<str:reference>/offers/compare", views.compare),
]
