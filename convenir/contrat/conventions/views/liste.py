"""The list of conventions and its exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions import mots
from convenir.contrat.conventions.actions.operations import par_lots
from convenir.contrat.conventions.models import Convention, Partie
from convenir.contrat.conventions.queries import liste as lecture
from convenir.contrat.conventions.queries.essentielles import peut_publier
from convenir.contrat.conventions.states import SANS_SUSPENS, EtatConvention
from convenir.socle.commun import francais
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.documents import tableurs
from convenir.socle.organisations.categories import Categorie

ENTETES = (
    ("partie", "Structure", False), ("categorie", "Catégorie", False), ("debut", "Période", False),
    ("postes", "Postes", True), ("etat", "État", False), ("", "À qui le tour", False), ("depuis", "Depuis", False),
)  # fmt: skip
UN_JOUR, REFERENCE = timedelta(days=1), "CONV-REFERENCE"
VUES = {"": "Toutes", "instruction": "En instruction", "avis": "À l’avis", "a_signer": "À signer",
        "en_cours": "En cours", "closes": "Closes"}  # fmt: skip


@exige(Capacite.VOIR_CONVENTIONS)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the conventions this person may see."""
    acteur, filtre = acteur_de_la_requete(request), lecture.Filtre.lire(request.GET)
    comptes = lecture.compter(acteur)
    vues = comptes.vues
    lignes = lecture.lignes_de_page(lecture.filtrer(acteur, filtre, timezone.localdate().year))
    pagination = Paginator(lignes, lecture.PAR_PAGE)
    # Compter sans ce que chaque ligne écrit ; sans mot cherché, les groupes déjà lus suffisent.
    pagination.count = lecture.retenues(acteur, filtre).count() if filtre.q else comptes.retenues(filtre)
    page = pagination.get_page(request.GET.get("page"))
    lues = list(page.object_list)
    suspens = lecture.en_suspens(c["pk"] for c in lues if c["etat"] not in SANS_SUSPENS)
    suivies = lecture.suivies(c["pk"] for c in lues if c["etat"] == EtatConvention.EN_RENOUVELLEMENT)
    adresse = reverse("conventions:convention", args=[REFERENCE])  # cherchée une fois, complétée à chaque ligne
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "lignes": [_ligne(c, suspens.get(c["pk"]), c["pk"] in suivies, adresse) for c in lues],
        "filtre": filtre,
        "vues": [(code, libelle, vues[code or "toutes"]) for code, libelle in VUES.items()],
        "total": vues["toutes"],
        "etats": EtatConvention.choices,
        "categories": [*Categorie.choices, ("ML", "Mission locale")],
        "departements": list(comptes.departements.items()),
        "instruit": acteur.peut(Capacite.INSTRUIRE_CONVENTION),
        "publie": peut_publier(acteur),
        "entetes": [_entete(filtre.tri, *e) for e in ENTETES],
    }
    return render(request, "conventions/liste.html", contexte)


def _ligne(c: Mapping[str, Any], suspens: lecture.EnSuspens | None, suivie: bool, adresse: str) -> dict[str, str]:
    """Write a line of the list."""
    debut, fin, postes = c["debut"].year, (c["fin"] - UN_JOUR).year, c["postes"]
    return {
        "adresse": adresse.replace(REFERENCE, c["reference"]),
        "partie": c["partie_nom"],
        "reference": c["reference"],
        "categorie": c["categorie"] or "ML",
        "periode": f"{debut} à {fin}" if fin != debut else str(fin),
        "postes": "–" if postes is None else francais.etp(postes),
        "etat": str(EtatConvention(c["etat"]).label),
        "tour": _tour(c["etat"], suspens, suivie),
        "depuis": francais.jour(c["etat_depuis"]),
    }


def _tour(etat: str, suspens: lecture.EnSuspens | None, suivie: bool) -> str:
    if suspens and suspens.attendus:
        return ", ".join(str(Partie(p).label) for p in suspens.attendus)
    return mots.A_QUI[mots.partie_du_tour(etat, suspens.etat if suspens else None, suivie=suivie)[0]]


def _entete(tri: str, code: str, libelle: str, numerique: bool) -> dict[str, object]:
    """Describe a column: where its link leads and how it is sorted now."""
    courant = bool(code) and tri.removeprefix("-") == code
    descendant = tri.startswith("-")
    sens = ("descending" if descendant else "ascending") if courant else ""
    suivant = code if not courant or descendant else f"-{code}"
    return {"libelle": libelle, "tri": suivant if code else "", "sens": sens, "numerique": numerique}


PAR_LOT = 2000
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
    feuille = tableurs.Feuille("Conventions", _rangs(lecture.avec_parties(lignes)))
    return tableurs.repondre([feuille], format_export, "conventions")


def _rangs(lignes: QuerySet[Convention]) -> Iterator[list[tableurs.Cellule]]:
    """Write every row; the pending versions are read a batch at a time."""
    yield list(COLONNES)
    for lot in par_lots(lignes.iterator(chunk_size=PAR_LOT), PAR_LOT):
        suspens = lecture.en_suspens(c.pk for c in lot)
        for c in lot:
            identifiant = c.structure.code if c.structure else c.mission_locale.code if c.mission_locale else ""
            version = suspens.get(c.pk)
            yield [
                c.reference, c.get_dispositif_display(), c.nom_de_la_partie, c.categorie or "ML", identifiant,
                c.departement_id, c.debut, c.dernier_jour, str(EtatConvention(c.etat).label), c.etat_depuis,
                version.etat if version else "", c.numero_asp, c.postes,  # type: ignore[attr-defined]
                c.get_origine_display(),
            ]  # fmt: skip
