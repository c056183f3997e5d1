"""Addresses of the objectives, under /objectifs/."""

from django.urls import path

from convenir.contrat.objectifs.views import actes, negociation, objectifs, suivi

app_name = "objectifs"
urlpatterns = [
    path("", negociation.liste, name="liste"),
    path("suivi/", suivi.suivi, name="suivi"),
    path("suivi/export.<str:format_export>", suivi.exporter, name="suivi_export"),
    path("<int:cle>/repondre/", actes.repondre, name="repondre"),
    path("<int:cle>/avis/", actes.donner_avis, name="avis"),
    path("<int:cle>/precisions/", objectifs.preciser, name="preciser"),
    path("<int:cle>/retirer/", objectifs.retirer, name="retirer"),
    path("<int:cle>/juger/", objectifs.juger, name="juger"),
    path("positions/<int:cle>/reprendre/", actes.reprendre, name="reprendre"),
    path("<str:reference>/<int:annee>/", negociation.negociation, name="negociation"),
    path("<str:reference>/<int:annee>/sorties/", objectifs.poser_sorties, name="poser_sorties"),
    path("<str:reference>/<int:annee>/releve/", negociation.etablir_le_releve, name="releve"),
    path("<str:reference>/<int:annee>/nouveau/", objectifs.poser, name="poser"),
]
