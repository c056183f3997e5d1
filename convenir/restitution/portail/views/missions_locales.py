"""Missions locales: list, comparison, and their exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.restitution.fiches_ml import comparaison, export
from convenir.restitution.fiches_ml.assemblage import seuil_du_secret
from convenir.restitution.fiches_ml.comparaison import ComparaisonMl, valeurs_de_lannee
from convenir.restitution.portail import bascule, liste_ml
from convenir.restitution.portail.views.structures import entete
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.documents import tableurs
from convenir.socle.documents.tableurs import Cellule, Feuille
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.territoires.models import Departement, Region

ENTETES = (
    ("nom", "Mission locale", False), ("contact", "Jeunes en contact", True),
    ("entretien", "Reçus en entretien", True), ("jdi", "En demande d’insertion", True),
    ("durable", "Sorties en emploi durable", True),
    ("inconnue", "Sorties sans situation connue", True),
)  # fmt: skip


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the missions locales this person may see."""
    acteur, filtre = acteur_de_la_requete(request), _filtre(request)
    page = Paginator(liste_ml.filtrer(acteur, filtre), liste_ml.PAR_PAGE).get_page(request.GET.get("page"))
    dehors = liste_ml.est_dehors(acteur)
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "filtre": filtre,
        "lignes": _chiffrees(request, list(page), filtre.annee),
        "toutes": liste_ml.visibles(acteur).count(),
        "annees": ml.annees(),
        "instantane": ml.instantane(filtre.annee),
        "dehors": dehors,
        "lit_le_registre": acteur.peut(Capacite.VOIR_TRAVAUX),
        "onglets": bascule.onglets(acteur),
        "entetes": [_entete(filtre.tri, *e, dehors=dehors) for e in ENTETES],
        **_territoires(request),
    }
    return render(request, "portail/ml/liste.html", contexte)


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def exporter(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export every row of the list, whatever their number."""
    _connu(format_export)
    filtre = _filtre(request)
    lignes = liste_ml.filtrer(acteur_de_la_requete(request), filtre)
    feuilles = _classeur(request, lignes, filtre.annee)
    return tableurs.repondre(feuilles, format_export, f"missions-locales-{filtre.annee}")


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def comparer(request: HttpRequest) -> HttpResponse:
    """Compare the missions locales in sight on one indicator."""
    filtre = _filtre(request)
    lue = _comparaison(request, filtre)
    contexte = {
        "filtre": filtre,
        "comparaison": lue,
        "ordre": request.GET.get("ordre", "nom"),
        "ordres": comparaison.ORDRES,
        "annees": ml.annees(),
        "dehors": liste_ml.est_dehors(acteur_de_la_requete(request)),
        **_territoires(request),
    }
    if lue is not None and (fige := ml.instantane(filtre.annee)) is not None:
        contexte["indicateurs"] = comparaison.comparables(ml.catalogue_de(fige, filtre.annee))
    return render(request, "portail/ml/comparaison.html", contexte)


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def exporter_comparaison(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export a comparison with its dictionary."""
    _connu(format_export)
    filtre = _filtre(request)
    lue, fige = _comparaison(request, filtre), ml.instantane(filtre.annee)
    if lue is None or fige is None:
        raise Http404("Aucun chiffre de mission locale n'est calculé.")
    feuilles = export.classeur_compare(lue, ml.catalogue_de(fige, filtre.annee), fige)
    return tableurs.repondre(feuilles, format_export, f"comparaison-{lue.indicateur.code}-{filtre.annee}")


def _entete(tri: str, code: str, libelle: str, numerique: bool, *, dehors: bool) -> dict[str, object]:
    """Describe a column; what may be hidden cannot be sorted by: the order would tell it."""
    if dehors and numerique:
        return {"libelle": libelle, "numerique": True}
    return entete(tri, code, libelle, numerique)


def _connu(format_export: str) -> None:
    if format_export not in tableurs.FORMATS:
        raise Http404


def _filtre(request: HttpRequest) -> liste_ml.FiltreMl:
    """Read the filter; the year asked for, or the last computed."""
    annees = ml.annees()
    demandee = request.GET.get("annee", "")
    annee = int(demandee) if demandee.isdecimal() and int(demandee) in annees else (annees or [0])[0]
    return liste_ml.FiltreMl.lire(request.GET, annee)


def _chiffrees(
    request: HttpRequest, missions_locales: Sequence[MissionLocale], annee: int
) -> list[tuple[MissionLocale, list[tuple[str, Valeur | None]]]]:
    """Return the missions locales with the figures of the columns, in their order."""
    fige = ml.instantane(annee) if annee else None
    if fige is None:
        return [(m, [(libelle, None) for _, libelle, _ in ENTETES[1:]]) for m in missions_locales]
    codes = liste_ml.COLONNES
    dehors = liste_ml.est_dehors(acteur_de_la_requete(request))
    lues = valeurs_de_lannee(missions_locales, annee, codes.values(), dehors=dehors)
    return [
        (m, [(libelle, lues.get(m.pk, {}).get(codes[c])) for c, libelle, _ in ENTETES[1:]]) for m in missions_locales
    ]


def _territoires(request: HttpRequest) -> dict[str, Any]:
    """Return the régions and départements of the missions locales in sight, for the filters."""
    siennes = MissionLocale.objects.visibles_par(acteur_de_la_requete(request).perimetre).order_by()
    departements = list(Departement.objects.filter(pk__in=siennes.values("departement")).order_by("pk"))
    regions = Region.objects.filter(pk__in={d.region_id for d in departements}).order_by("nom")
    return {"departements": departements, "regions": list(regions)}


def _classeur(request: HttpRequest, lignes: QuerySet[MissionLocale], annee: int) -> list[Feuille]:
    fige = ml.instantane(annee) if annee else None
    annexes = export.annexes(ml.catalogue_de(fige, annee), fige, annee, "") if fige else []
    appliques = export.regles_de_plusieurs(fige, liste_ml.COLONNES.values(), annee) if fige else ["", "", ""]
    return [Feuille("Missions locales", _rangs(request, lignes, annee, appliques)), *annexes]


def _rangs(
    request: HttpRequest, lignes: QuerySet[MissionLocale], annee: int, appliques: Sequence[Cellule]
) -> Iterator[list[Cellule]]:
    yield [
        "mission_locale", "nom", "departement", "region", "statut", "module_entreprise", "annee",
        *(f"{c}{fin}" for c in liste_ml.COLONNES.values() for fin in ("", "_numerateur", "_denominateur", "_statut")),
        "ruptures", "parametres", "a_confirmer",
    ]  # fmt: skip
    for m, chiffres in _chiffrees(request, list(lignes), annee):
        cellules: list[Cellule] = []
        for _, v in chiffres:
            nombres = (v.valeur, v.numerateur, v.denominateur) if v else (None, None, None)
            cellules += [*nombres, str(v.statut) if v else "manquant"]
        yield [
            m.code, m.nom, m.departement_id, m.departement.region_id, m.statut,
            "oui" if m.module_entreprise else "non", annee, *cellules, *appliques,
        ]  # fmt: skip


def _comparaison(request: HttpRequest, filtre: liste_ml.FiltreMl) -> ComparaisonMl | None:
    """Return the comparison asked for; a person who sees several régions compares inside one."""
    fige = ml.instantane(filtre.annee) if filtre.annee else None
    if fige is None:
        return None
    code = request.GET.get("indicateur", comparaison.PAR_DEFAUT)
    connus = {i.code for i in ml.publies(ml.catalogue_de(fige, filtre.annee))}
    siennes = liste_ml.filtrer(acteur_de_la_requete(request), filtre)
    ordre = ("departement_id", "nom") if request.GET.get("ordre") == "territoire" else ("nom", "code")
    dehors = liste_ml.est_dehors(acteur_de_la_requete(request))
    return comparaison.comparer(
        fige, filtre.annee, code if code in connus else comparaison.PAR_DEFAUT, siennes.order_by(*ordre),
        dehors=dehors, minimum=seuil_du_secret(filtre.annee) if dehors else 1,
    )  # fmt: skip
