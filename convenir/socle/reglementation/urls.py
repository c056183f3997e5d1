"""URLs of « Textes et paramètres »."""

from django.urls import path

from convenir.socle.reglementation import views
from convenir.socle.reglementation.models import GenreLocal

SORTIES = {"genre": GenreLocal.SORTIES_POSITIVES.value}
PRIORITES = {"genre": GenreLocal.PUBLIC_PRIORITAIRE.value}

app_name = "reglementation"
urlpatterns = [
    path("", views.index, name="index"),
    path("textes/", views.textes, name="textes"),
    path("textes/<str:code>/", views.texte, name="texte"),
    path("institutions/", views.institutions, name="institutions"),
    path("listes/<str:code>/", views.referentiel, name="referentiel"),
    path("sorties-positives/", views.locaux, SORTIES, name="locaux"),
    path("sorties-positives/ajouter/", views.ajouter_local, SORTIES, name="ajouter_local"),
    path("sorties-positives/<int:pk>/fin/", views.terminer_local, name="terminer_local"),
    path("publics-prioritaires/", views.locaux, PRIORITES, name="priorites"),
    path("publics-prioritaires/ajouter/", views.ajouter_local, PRIORITES, name="ajouter_priorite"),
    path("valeurs/ajouter/", views.ajouter_valeur, name="ajouter_valeur"),
    path("valeurs/<int:pk>/retirer/", views.retirer_valeur, name="retirer_valeur"),
    path("parametres/<str:code>/", views.parametre, name="parametre"),
    path("parametres/<str:code>/historique.csv", views.historique, name="historique"),
]
