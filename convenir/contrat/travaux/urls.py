"""Addresses of the register, under /travaux/."""

from django.urls import path

from convenir.contrat.travaux import views

app_name = "travaux"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("export.<str:format_export>", views.exporter, name="exporter"),
    path("inscrire/", views.inscrire, name="inscrire"),
    path("<int:cle>/", views.travail, name="travail"),
    path("<int:cle>/modifier/", views.modifier, name="modifier"),
    path("<int:cle>/retirer/", views.retirer, name="retirer"),
    path("<int:cle>/pieces/<int:piece>/", views.piece, name="piece"),
    path("<int:cle>/pieces/<int:piece>/retirer/", views.piece_retirer, name="piece_retirer"),
]
