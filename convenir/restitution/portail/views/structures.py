"""The list of structures and its exports."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from convenir.mesure.indicateurs import queries as indicateurs
from convenir.restitution.portail import bascule, exports
from convenir.restitution.portail import liste as liste_structures
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.documents import tableurs
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour
from convenir.socle.territoires.models import Departement, Region, Zonage

ENTETES = (
    ("denomination", "Structure", False), ("categorie", "Catégorie", False), ("etp", "ETP conventionnés", True),
    ("realisation", "Activité réalisée", False), ("dynamique", "Sorties dynamiques", True),
    ("alerte", "Alerte", False), ("fin", "Fin d’annexe", False),
)  # fmt: skip


@exige(Capacite.VOIR_STRUCTURES)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the structures this person may see."""
    filtre, departements = _filtre(request), _departements(request)
    lignes = liste_structures.filtrer(acteur_de_la_requete(request), filtre)
    page = Paginator(lignes, liste_structures.PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portail/structures.html",
        {
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "filtre": filtre,
            "comptes": liste_structures.compter(acteur_de_la_requete(request), filtre.annee),
            "categories": Categorie.choices,
            "departements": departements,
            "regions": _regions(departements),
            "zones": _zones(request),
            "motifs": liste_structures.MOTIFS_ALERTE,
            "niveaux": liste_structures.NIVEAUX_ALERTE,
            "seuil_effectif": _seuil_effectif(filtre.annee),
            "annees": indicateurs.annees_calculees(),
            "onglets": bascule.onglets(acteur_de_la_requete(request)),
            "entetes": [entete(filtre.tri, *e) for e in ENTETES],
        },
    )


@exige(Capacite.VOIR_STRUCTURES)
def exporter(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export every row of the list, whatever their number."""
    if format_export not in tableurs.FORMATS:
        raise Http404
    filtre = _filtre(request)
    lignes = liste_structures.filtrer(acteur_de_la_requete(request), filtre)
    return tableurs.repondre([exports.feuille(lignes)], format_export, f"structures-{filtre.annee}")


def _filtre(request: HttpRequest) -> liste_structures.Filtre:
    """Read the filter; the year asked for, or the last computed."""
    annees = indicateurs.annees_calculees()
    demandee = request.GET.get("annee", "")
    annee = int(demandee) if demandee.isdecimal() and int(demandee) in annees else (annees or [0])[0]
    return liste_structures.Filtre.lire(request.GET, annee)


def _departements(request: HttpRequest) -> list[Departement]:
    """Départements of the structures in sight."""
    visibles = Structure.objects.visibles_par(acteur_de_la_requete(request).perimetre).order_by().values("departement")
    return list(Departement.objects.filter(pk__in=visibles).order_by("pk"))


def _regions(departements: list[Departement]) -> list[Region]:
    """Régions of these départements."""
    return list(Region.objects.filter(pk__in={d.region_id for d in departements}).order_by("nom"))


def _zones(request: HttpRequest) -> list[Zonage]:
    """Employment zones of the structures in sight; none when no zoning is loaded."""
    visibles = Structure.objects.visibles_par(acteur_de_la_requete(request).perimetre).order_by().values("commune")
    return list(liste_structures.zones_demploi().filter(communes__in=visibles).distinct().order_by("nom"))


def _seuil_effectif(annee: int) -> int:
    """Exits under which a rate says nothing."""
    fin = date(annee or timezone.localdate().year, 12, 31)
    return int(a_jour().nombre("iae.sorties.seuil_effectif_taux", fin))


def entete(tri: str, code: str, libelle: str, numerique: bool) -> dict[str, object]:
    """Describe a sortable column: where its link leads and how it is sorted now."""
    courant = tri.removeprefix("-") == code
    descendant = tri.startswith("-")
    suivant = code if (courant and descendant) or (not courant and not numerique and code != "alerte") else f"-{code}"
    sens = ("descending" if descendant else "ascending") if courant else ""
    return {"libelle": libelle, "tri": suivant, "sens": sens, "numerique": numerique}
