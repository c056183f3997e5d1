"""The reads of the conventions, their files, their objectives and their follow-up, under the rights of the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries import convention_visible, liste, publication
from convenir.contrat.dossiers import publication as publication_dossier
from convenir.contrat.dossiers import queries as dossiers_lus
from convenir.contrat.objectifs.publication import en_objectifs
from convenir.contrat.objectifs.queries import convention_lisible
from convenir.contrat.suivi.queries.publication import en_suivi
from convenir.restitution.api.communs import REFUS, page_de
from convenir.restitution.api.schemas_contrat import (
    ConventionPubliee,
    DifferencePubliee,
    DossierPublie,
    ObjectifsPublies,
    PageDeConventions,
    PageDeDossiers,
    VersionsPubliees,
)
from convenir.restitution.api.schemas_suivi import SuiviPublie
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete

routes = Router()
ANNEE = Query(None, description="année civile ; toutes par défaut", ge=1990, le=2100)
RANG = Query(None, description="rang d'une version", ge=0, le=10_000)
CONVENTION = "conventions/{reference}"


def _lecteur(request: HttpRequest, capacite: Capacite = Capacite.VOIR_CONVENTIONS) -> Acteur:
    acteur = acteur_de_la_requete(request)
    acteur.exiger(capacite)
    return acteur


def _convention(acteur: Acteur, reference: str) -> Convention:
    return _ou_rien(convention_visible(acteur, reference), reference)


def _ou_rien(trouvee: Convention | None, reference: str) -> Convention:
    if trouvee is None:
        raise EntreeInvalide(f"Aucune convention {reference} dans votre périmètre.")
    return trouvee


@routes.get("conventions", response={200: PageDeConventions, **REFUS}, summary="Conventions du périmètre, une page")
def conventions(
    request: HttpRequest,
    q: str = Query("", description="nom, commune, SIRET, référence ou numéro ASP"),
    vue: str = Query("", description="instruction, avis, a_signer, en_cours ou closes"),
    etat: str = "",
    categorie: str = Query("", description="catégorie de SIAE, ou ML"),
    departement: str = "",
    tri: str = Query("-debut", description="partie, categorie, debut, fin, etat, depuis ou postes ; « - » inverse"),
    annee: int | None = Query(None, description="année de l'annexe dont on lit les postes", ge=1990, le=2100),
    page: int = Query(1, ge=1, le=10_000),
) -> Any:
    """Return one page of the conventions in sight, filtered and sorted as on the screen."""
    retenue = annee or timezone.localdate().year
    demande = {"q": q, "vue": vue, "etat": etat, "categorie": categorie, "departement": departement, "tri": tri}
    trouvees = liste.filtrer(_lecteur(request), liste.Filtre.lire(demande), retenue)
    lignes, place = page_de(liste.avec_parties(trouvees), page)
    return {"annee": retenue, **place, "conventions": publication.en_liste(lignes)}


@routes.get(CONVENTION, response={200: ConventionPubliee, **REFUS}, summary="Une convention, ses termes à une date")
def convention(request: HttpRequest, reference: str, jour: date | None = Query(None, alias="date")) -> Any:  # noqa: B008
    """Return a convention and the terms that apply on a day; today by default."""
    trouvee = _convention(_lecteur(request), reference)
    return publication.en_dictionnaire(trouvee, jour or timezone.localdate())


@routes.get(f"{CONVENTION}/versions", response={200: VersionsPubliees, **REFUS}, summary="Ses versions, entières")
def versions(request: HttpRequest, reference: str) -> Any:
    """Return every version with all its terms and what it changes in the one signed before it."""
    trouvee = _convention(_lecteur(request), reference)
    return {"reference": trouvee.reference, "versions": publication.en_versions(trouvee)}


@routes.get(
    f"{CONVENTION}/difference", response={200: DifferencePubliee, **REFUS}, summary="Ce qui change entre deux versions"
)
def difference(request: HttpRequest, reference: str, de: int | None = RANG, vers: int | None = RANG) -> Any:
    """Return what changes between two versions; by default the last and the one before it."""
    return publication.en_difference(_convention(_lecteur(request), reference), de, vers)


@routes.get(f"{CONVENTION}/objectifs", response={200: ObjectifsPublies, **REFUS}, summary="Ses objectifs négociés")
def objectifs_de_la_convention(request: HttpRequest, reference: str, annee: int | None = ANNEE) -> Any:
    """Return the objectives of a convention with the positions of each party; reading opens no position."""
    acteur = _lecteur(request, Capacite.VOIR_OBJECTIFS)
    trouvee = _ou_rien(convention_lisible(acteur, reference), reference)
    return {"reference": trouvee.reference, "annee": annee, "objectifs": en_objectifs(acteur, trouvee, annee)}


@routes.get(
    f"{CONVENTION}/suivi", response={200: SuiviPublie, **REFUS}, summary="Ses moyens, engagements, bilans et analyses"
)
def suivi_de_la_convention(request: HttpRequest, reference: str, annee: int | None = ANNEE) -> Any:
    """Return the means granted, the commitments of each party, where the bilans stand, what the analyses say."""
    return en_suivi(_convention(_lecteur(request), reference), annee)


@routes.get("dossiers", response={200: PageDeDossiers, **REFUS}, summary="Dossiers du périmètre, une page")
def dossiers(
    request: HttpRequest,
    q: str = Query("", description="nom ou référence"),
    etat: str = "",
    categorie: str = Query("", description="catégorie de SIAE, ou ML"),
    departement: str = "",
    annee: str = Query("", description="première année demandée"),
    page: int = Query(1, ge=1, le=10_000),
) -> Any:
    """Return one page of the files this reader may open, the latest filed first."""
    demande = {"q": q, "etat": etat, "categorie": categorie, "departement": departement, "annee": annee}
    lignes, place = page_de(dossiers_lus.lister(_lecteur(request), dossiers_lus.Filtre.lire(demande)), page)
    return {**place, "dossiers": [publication_dossier.en_resume(d) for d in lignes]}


@routes.get("dossiers/{reference}", response={200: DossierPublie, **REFUS}, summary="Un dossier de demande")
def dossier(request: HttpRequest, reference: str) -> Any:
    """Return a file, whole for those who read it so; a funder reads what it is asked for."""
    acteur = _lecteur(request)
    trouve = dossiers_lus.dossier_visible(acteur, reference)
    if trouve is None:
        raise EntreeInvalide(f"Aucun dossier {reference} dans votre périmètre.")
    return publication_dossier.en_dictionnaire(acteur, trouve)
