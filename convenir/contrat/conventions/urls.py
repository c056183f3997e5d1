"""URLs of the conventions."""

from django.urls import path

from convenir.contrat.conventions.views import (
    actes,
    decisions,
    ecrits,
    liste,
    lots,
    page,
    reprises,
    signatures,
    termes,
)

app_name = "conventions"

urlpatterns = [
    path("", liste.liste, name="liste"),
    path("export/<str:format_export>/", liste.exporter, name="export"),
    path("reprendre/", reprises.reprendre, name="reprendre"),
    path("reprendre/plusieurs/", reprises.en_masse, name="reprises"),
    path("reprendre/modele.csv", reprises.modele, name="reprises_modele"),
    path("lots/", lots.lots, name="lots"),
    path("lots/<str:departement>/<int:annee>/", lots.lot, name="lot"),
    path("lots/<str:departement>/<int:annee>/feuilles/", lots.feuilles, name="feuilles"),
    path("lots/<str:departement>/<int:annee>/export/<str:format_export>/", lots.exporter, name="lot_export"),
    path("operations/<int:cle>/", lots.operation, name="operation"),
    path("<str:reference>/", page.convention, name="convention"),
    path("<str:reference>/comparer/", page.comparaison, name="comparer"),
    path("<str:reference>/journal/", page.journal, name="journal"),
    path("<str:reference>/pieces/<int:cle>/", page.piece, name="piece"),
    path("<str:reference>/actes/<str:nom>/", actes.acte, name="acte"),
    path("<str:reference>/ecrits/", ecrits.ecrits, name="ecrits"),
    path("<str:reference>/ecrits/<str:cle>/", ecrits.etablir, name="etablir"),
    path("<str:reference>/termes/", termes.modifier, name="termes"),
    path("<str:reference>/clauses/", termes.clauses, name="clauses"),
    path("<str:reference>/periode/", termes.periode, name="periode"),
    path("<str:reference>/signatures/<int:cle>/", signatures.signer, name="signer"),
    path("<str:reference>/signatures/<int:cle>/substituer/", signatures.substituer, name="substituer"),
    path("<str:reference>/signatures/<int:cle>/deliberer/", signatures.deliberer, name="deliberer"),
    path("<str:reference>/signatures/<int:cle>/relancer/", signatures.relancer, name="relancer"),
    path("<str:reference>/observations/", signatures.observations, name="observations"),
    path("<str:reference>/parapheur/", signatures.remettre_au_parapheur, name="parapheur"),
    path("<str:reference>/parapheur/retour/", signatures.revenir_du_parapheur, name="parapheur_retour"),
    path("<str:reference>/annexes/<int:cle>/", lots.annexe, name="annexe"),
    path("<str:reference>/annexes/<int:cle>/saisir/", lots.saisir, name="annexe_saisir"),
    path("<str:reference>/manquement/", decisions.manquement, name="manquement"),
    path("<str:reference>/reprendre-sommes/", decisions.reprendre_sommes, name="reprendre_sommes"),
    path("<str:reference>/decisions/<int:cle>/", decisions.decision, name="decision"),
    path("<str:reference>/decisions/<int:cle>/notifier/", decisions.notifier, name="notifier"),
    path("<str:reference>/decisions/<int:cle>/recours/", decisions.recours, name="recours"),
    path("<str:reference>/decisions/<int:cle>/repondre/", decisions.repondre, name="repondre"),
]
