"""URLs of the portal."""

from django.urls import path, re_path

from convenir.restitution.portail.views import (
    accueil,
    chiffre,
    dictionnaire,
    fiche,
    fiche_ml,
    missions_locales,
    pages,
    qualite,
    structures,
)

app_name = "portail"
# « 900002-ACI » : identifiant ASP et catégorie, la clé d'une SIAE.
SIAE = r"(?P<id_asp>[0-9]+)-(?P<categorie>EI|ETTI|AI|ACI|EITI)"

# L'identifiant d'une mission locale, tel que ses enregistrements le portent (`ml_id`).
ML = r"(?P<code>[A-Za-z0-9_-]{1,40})"

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("structures/", structures.liste, name="structures"),
    path("structures/export.<str:format_export>", structures.exporter, name="structures_export"),
    re_path(rf"^structures/{SIAE}/$", fiche.fiche, name="fiche"),
    re_path(rf"^structures/{SIAE}/fiche\.pdf$", fiche.fiche_pdf, name="fiche_pdf"),
    re_path(rf"^structures/{SIAE}/fiche\.json$", fiche.fiche_json, name="fiche_json"),
    re_path(rf"^structures/{SIAE}/chiffres/(?P<indicateur>[a-z0-9_.]+)/$", chiffre.chiffre, name="chiffre"),
    re_path(
        rf"^structures/{SIAE}/reperes/(?P<niveau>departement|region|france)/(?P<indicateur>[a-z0-9_.]+)/$",
        chiffre.repere,
        name="repere",
    ),
    path("missions-locales/", missions_locales.liste, name="missions_locales"),
    path("missions-locales/export.<str:format_export>", missions_locales.exporter, name="missions_locales_export"),
    path("missions-locales/comparaison/", missions_locales.comparer, name="comparaison_ml"),
    path(
        "missions-locales/comparaison/export.<str:format_export>",
        missions_locales.exporter_comparaison,
        name="comparaison_ml_export",
    ),
    re_path(rf"^missions-locales/{ML}/$", fiche_ml.fiche, name="fiche_ml"),
    re_path(rf"^missions-locales/{ML}/mois/$", fiche_ml.mois, name="mois_ml"),
    re_path(rf"^missions-locales/{ML}/fiche\.pdf$", fiche_ml.fiche_pdf, name="fiche_ml_pdf"),
    re_path(rf"^missions-locales/{ML}/fiche\.json$", fiche_ml.fiche_json, name="fiche_ml_json"),
    re_path(rf"^missions-locales/{ML}/export\.(?P<format_export>[a-z]+)$", fiche_ml.exporter, name="fiche_ml_export"),
    re_path(rf"^missions-locales/{ML}/chiffres/(?P<indicateur>[A-Za-z0-9]+)/$", fiche_ml.chiffre, name="chiffre_ml"),
    re_path(rf"^missions-locales/{ML}/qualite/$", qualite.qualite, name="qualite"),
    re_path(rf"^missions-locales/{ML}/qualite\.csv$", qualite.qualite_csv, name="qualite_csv"),
    path("donnees/<uuid:identifiant>/qualite/", qualite.qualite_depot, name="qualite_depot"),
    path("accessibilite/", pages.page, {"nom": "accessibilite"}, name="accessibilite"),
    path("mentions-legales/", pages.page, {"nom": "mentions"}, name="mentions"),
    path("donnees-personnelles/", pages.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("charte-de-saisie/", qualite.charte_de_saisie, name="charte"),
    path("charte-de-saisie.pdf", qualite.charte_pdf, name="charte_pdf"),
    path("dictionnaire/", dictionnaire.index, name="dictionnaire"),
    path("dictionnaire/<str:dispositif>.<str:format_export>", dictionnaire.exporter, name="dictionnaire_export"),
    path("dictionnaire/<str:dispositif>/<str:code>/", dictionnaire.indicateur, name="dictionnaire_indicateur"),
    path("methodes/", pages.methodes, name="methodes"),
]
