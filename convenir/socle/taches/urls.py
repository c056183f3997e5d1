"""Addresses of the notifications, under /notifications/."""

from django.urls import path

from convenir.socle.taches import views

app_name = "taches"
urlpatterns = [
    path("", views.notifications, name="notifications"),
    path("lues/", views.marquer_lues, name="marquer_lues"),
    path("preferences/", views.preferences, name="preferences"),
]
