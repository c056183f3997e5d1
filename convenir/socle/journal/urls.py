"""URLs of the journal."""

from django.urls import path

from convenir.socle.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("export.csv", views.exporter, name="export"),
]
