"""Addresses of the documents, under /documents/."""

from django.urls import path

from convenir.socle.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:identifiant>/", views.document, name="document"),
    path("<uuid:identifiant>/<str:format_>", views.telecharger, name="telecharger"),
    path("<uuid:identifiant>/versions/<int:cle>/", views.version, name="version"),
    path("<uuid:identifiant>/remplacer/", views.remplacer, name="remplacer"),
    path("<uuid:identifiant>/versions/<int:cle>/revenir/", views.revenir, name="revenir"),
]
