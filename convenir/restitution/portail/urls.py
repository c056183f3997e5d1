"""URLs of the portal."""

from django.urls import path, re_path

from convenir.restitution.portail.vues import accueil, chiffre, fiche, pages, structures

app_name = "portail"
# « 900002-ACI » : identifiant ASP et catégorie, la clé d'une SIAE.
SIAE = r"(?P<id_asp>[0-9]+)-(?P<categorie>EI|ETTI|AI|ACI|EITI)"

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("structures/", structures.liste, name="structures"),
    path("structures/export.<str:format_export>", structures.exporter, name="structures_export"),
    re_path(rf"^structures/{SIAE}/$", fiche.fiche, name="fiche"),
    re_path(rf"^structures/{SIAE}/fiche\.pdf$", fiche.fiche_pdf, name="fiche_pdf"),
    re_path(rf"^structures/{SIAE}/fiche\.json$", fiche.fiche_json, name="fiche_json"),
    re_path(rf"^structures/{SIAE}/chiffres/(?P<indicateur>[a-z0-9_.]+)/$", chiffre.chiffre, name="chiffre"),
    path("accessibilite/", pages.page, {"nom": "accessibilite"}, name="accessibilite"),
    path("mentions-legales/", pages.page, {"nom": "mentions"}, name="mentions"),
    path("donnees-personnelles/", pages.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("methodes/", pages.methodes, name="methodes"),
]
