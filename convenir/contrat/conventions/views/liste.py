"""The list of conventions and its exports."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from convenir.contrat.conventions import mots
from convenir.contrat.conventions.models import Convention, Partie
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.queries import liste as lecture
from convenir.contrat.conventions.states import EtatConvention
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige
from convenir.socle.documents import tableurs
from convenir.socle.organisations.categories import Categorie
from convenir.socle.territoires.models import Departement

ENTETES = (
    ("partie", "Structure", False), ("categorie", "Catégorie", False), ("debut", "Période", False),
    ("postes", "Postes", True), ("etat", "État", False), ("", "À qui le tour", False), ("depuis", "Depuis", False),
)  # fmt: skip
VUES = {"": "Toutes", "instruction": "En instruction", "avis": "À l’avis", "a_signer": "À signer",
        "en_cours": "En cours", "closes": "Closes"}  # fmt: skip


@exige(Capacite.VOIR_CONVENTIONS)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the conventions this person may see."""
    acteur, filtre = acteur_de_la_requete(request), lecture.Filtre.lire(request.GET)
    comptes = lecture.compter(acteur)
    lignes = lecture.filtrer(acteur, filtre, timezone.localdate().year)
    page = Paginator(lignes, lecture.PAR_PAGE).get_page(request.GET.get("page"))
    conventions = list(page.object_list)
    manquants = lecture.signataires_manquants(conventions)
    for convention in conventions:
        convention.tour = _tour(convention, manquants.get(convention.pk, []))  # type: ignore[attr-defined]
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "lignes": conventions,
        "filtre": filtre,
        "vues": [(code, libelle, comptes[code or "toutes"]) for code, libelle in VUES.items()],
        "total": comptes["toutes"],
        "etats": EtatConvention.choices,
        "categories": [*Categorie.choices, ("ML", "Mission locale")],
        "departements": _departements(acteur),
        "entetes": [_entete(filtre.tri, *e) for e in ENTETES],
    }
    return render(request, "conventions/liste.html", contexte)


def _tour(convention: Convention, manquants: list[str]) -> str:
    if manquants:
        return ", ".join(str(Partie(p).label) for p in manquants)
    return mots.A_QUI[mots.partie_du_tour(convention.etat, convention.version_etat)[0]]  # type: ignore[attr-defined]


def _departements(acteur: object) -> list[Departement]:
    visibles = conventions_visibles(acteur).order_by().values("departement")  # type: ignore[arg-type]
    return list(Departement.objects.filter(pk__in=visibles).order_by("pk"))


def _entete(tri: str, code: str, libelle: str, numerique: bool) -> dict[str, object]:
    """Describe a column: where its link leads and how it is sorted now."""
    courant = bool(code) and tri.removeprefix("-") == code
    descendant = tri.startswith("-")
    sens = ("descending" if descendant else "ascending") if courant else ""
    suivant = code if not courant or descendant else f"-{code}"
    return {"libelle": libelle, "tri": suivant if code else "", "sens": sens, "numerique": numerique}


COLONNES = (
    "reference", "dispositif", "partie", "categorie", "identifiant", "departement", "debut", "dernier_jour", "etat",
    "etat_depuis", "version_en_suspens", "numero_asp", "postes", "origine",
)  # fmt: skip


@exige(Capacite.VOIR_CONVENTIONS)
def exporter(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export every row of the list, whatever their number."""
    if format_export not in tableurs.FORMATS:
        raise Http404
    annee = timezone.localdate().year
    lignes = lecture.filtrer(acteur_de_la_requete(request), lecture.Filtre.lire(request.GET), annee)
    feuille = tableurs.Feuille("Conventions", _rangs(lignes.iterator(chunk_size=2000)))
    return tableurs.repondre([feuille], format_export, "conventions")


def _rangs(lignes: Iterator[Convention]) -> Iterator[list[tableurs.Cellule]]:
    yield list(COLONNES)
    for c in lignes:
        identifiant = c.structure.code if c.structure else c.mission_locale.code if c.mission_locale else ""
        yield [
            c.reference, c.get_dispositif_display(), c.nom_de_la_partie, c.categorie or "ML", identifiant,
            c.departement_id, c.debut, c.dernier_jour, str(EtatConvention(c.etat).label), c.etat_depuis,
            c.version_etat or "", c.numero_asp, c.postes, c.get_origine_display(),  # type: ignore[attr-defined]
        ]  # fmt: skip
