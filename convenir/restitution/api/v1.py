"""Version 1 of the API: structures, conventions, fiches, definitions, parameters. Reads only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from convenir.contrat.objectifs import suivi
from convenir.contrat.travaux import queries as travaux_ml
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs import queries_ml as indicateurs_ml
from convenir.restitution.api.actions import acteur_du_jeton
from convenir.restitution.api.communs import REFUS, page_de
from convenir.restitution.api.contrat import routes as routes_du_contrat
from convenir.restitution.api.schemas import (
    DefinitionPubliee,
    PageDeMissionsLocales,
    PageDeStructures,
    PageDeTravaux,
    ParametrePublie,
)
from convenir.restitution.dictionnaire import documents, lecture
from convenir.restitution.fiches import assemblage, export_json
from convenir.restitution.fiches_ml import assemblage as assemblage_ml
from convenir.restitution.fiches_ml import export_json as export_json_ml
from convenir.restitution.fiches_ml.comparaison import valeurs_de_lannee
from convenir.restitution.portail import liste, liste_ml
from convenir.socle.commun.erreurs import ActionRefusee, ErreurMetier
from convenir.socle.commun.francais import enumeration
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete
from convenir.socle.reglementation import queries as reglementation


class ParJeton(HttpBearer):
    """`Authorization: Bearer …`: the program acts under the membership of its token."""

    def authenticate(self, request: HttpRequest, token: str) -> Acteur | None:
        """Set the actor of the request."""
        acteur = acteur_du_jeton(token, getattr(request, "requete_id", ""))
        if acteur is not None:
            request.acteur = acteur  # type: ignore[attr-defined]
        return acteur


class ParSession(SessionAuth):
    """The person's own browser session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Acteur | None:  # noqa: ARG002
        """Let in a person who is logged in."""
        return acteur_de_la_requete(request) if request.user.is_authenticated else None


api = NinjaAPI(
    title="Convenir",
    version="1",
    description=(
        "Lecture des structures, des fiches, des conventions, des dossiers, des objectifs, des définitions et des "
        "paramètres. Données de gestion."
    ),
    auth=[ParJeton(), ParSession(csrf=False)],
    docs_url=None,
    urls_namespace="api:api_v1",
)


@api.exception_handler(ErreurMetier)
def _erreur_metier(request: HttpRequest, erreur: ErreurMetier) -> HttpResponse:
    statut = 403 if isinstance(erreur, ActionRefusee) else 404
    return api.create_response(request, {"erreur": str(erreur)}, status=statut)


@api.exception_handler(AuthenticationError)
def _sans_jeton(request: HttpRequest, _erreur: AuthenticationError) -> HttpResponse:
    message = "Donnez un jeton en cours de validité dans l'en-tête « Authorization: Bearer … » ; créez-le sur la page "
    return api.create_response(request, {"erreur": f"{message}« Jetons d'accès »."}, status=401)


@api.exception_handler(ValidationError)
def _mal_ecrit(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    noms = sorted({str(e["loc"][-1]) for e in erreur.errors})
    message = f"La valeur de {enumeration([f'« {nom} »' for nom in noms])} n'est pas admise : voyez openapi.json."
    return api.create_response(request, {"erreur": message}, status=422)


api.add_router("", routes_du_contrat)


@api.get("structures", response={200: PageDeStructures, **REFUS}, summary="Structures du périmètre, une page")
def structures(
    request: HttpRequest,
    annee: int | None = Query(None, description="année civile ; la dernière calculée par défaut", ge=1990, le=2100),
    q: str = Query("", description="nom, commune, SIRET ou numéro d'annexe"),
    categorie: str = "",
    departement: str = "",
    alerte: str = "",
    page: int = Query(1, ge=1, le=10_000),
) -> Any:
    """Return one page of the structures in sight, with their figures of the year."""
    acteur_de_la_requete(request).exiger(Capacite.VOIR_STRUCTURES)
    retenue = _annee(annee)
    filtre = liste.Filtre.lire(
        {"q": q, "categorie": categorie, "departement": departement, "alerte": alerte, "tri": "denomination"}, retenue
    )
    lignes, place = page_de(liste.filtrer(acteur_de_la_requete(request), filtre), page)
    return {
        "annee": retenue,
        **place,
        "structures": [
            {**{c: getattr(s, c) for c in liste.CHAMPS}, "code": s.code, "denomination": s.denomination,
             "categorie": s.categorie, "commune": s.commune_id, "departement": s.departement_id}
            for s in lignes
        ],
    }  # fmt: skip


@api.get("structures/{code}/fiche", response={200: dict[str, Any], **REFUS}, summary="Fiche bilan d'une structure")
def fiche(request: HttpRequest, code: str, annee: int | None = None) -> Any:
    """Return the fiche bilan of a structure, `code` being « 900002-ACI »."""
    acteur_de_la_requete(request).exiger(Capacite.VOIR_STRUCTURES)
    id_asp, _, categorie = code.partition("-")
    identifiant = int(id_asp) if id_asp.isdecimal() and len(id_asp) < 19 else -1
    structure = assemblage.trouver(acteur_de_la_requete(request), identifiant, categorie or None)
    return export_json.en_dictionnaire(assemblage.assembler(acteur_de_la_requete(request), structure, _annee(annee)))


@api.get(
    "missions-locales",
    response={200: PageDeMissionsLocales, **REFUS},
    summary="Missions locales, une page",
)
def missions_locales(
    request: HttpRequest,
    annee: int | None = Query(None, description="année civile ; la dernière calculée par défaut", ge=1990, le=2100),
    q: str = Query("", description="nom ou identifiant"),
    departement: str = "",
    page: int = Query(1, ge=1, le=10_000),
) -> Any:
    """Return one page of the missions locales in sight, with their main figures, hidden where they must be."""
    acteur = acteur_de_la_requete(request)
    acteur.exiger(Capacite.VOIR_MISSIONS_LOCALES)
    retenue = _annee_ml(annee)
    filtre = liste_ml.FiltreMl.lire({"q": q, "departement": departement}, retenue)
    lignes, place = page_de(liste_ml.filtrer(acteur, filtre), page)
    valeurs = valeurs_de_lannee(lignes, retenue, liste_ml.COLONNES.values(), dehors=liste_ml.est_dehors(acteur))
    return {
        "annee": retenue,
        **place,
        "missions_locales": [
            {"code": m.code, "nom": m.nom, "departement": m.departement_id, "statut": m.statut,
             "module_entreprise": m.module_entreprise,
             "indicateurs": [
                 {"code": v.indicateur, "periode": v.periode, "numerateur": v.numerateur,
                  "denominateur": v.denominateur, "valeur": v.valeur, "statut": str(v.statut)}
                 for v in valeurs.get(m.pk, {}).values()
             ]}
            for m in lignes
        ],
    }  # fmt: skip


@api.get(
    "missions-locales/{code}/fiche", response={200: dict[str, Any], **REFUS}, summary="Fiche d'une mission locale"
)
def fiche_mission_locale(request: HttpRequest, code: str, annee: int | None = None) -> Any:
    """Return the fiche of a mission locale, as its reader may see it."""
    acteur = acteur_de_la_requete(request)
    acteur.exiger(Capacite.VOIR_MISSIONS_LOCALES)
    lue = assemblage_ml.assembler(acteur, assemblage_ml.trouver(acteur, code), _annee_ml(annee))
    return export_json_ml.en_dictionnaire(lue)


@api.get(
    "missions-locales/{code}/travaux",
    response={200: PageDeTravaux, **REFUS},
    summary="Registre des travaux d'une mission locale (axes 4 et 5), une page",
)
def travaux(
    request: HttpRequest,
    code: str,
    annee: int | None = Query(None, description="année où le travail a eu lieu ; toutes par défaut", ge=1990, le=2100),
    genre: str = Query("", description="partenariat, etude, diagnostic ou projet"),
    page: int = Query(1, ge=1, le=10_000),
) -> Any:
    """Return one page of the works a mission locale has described; withdrawn ones are not there."""
    acteur = acteur_de_la_requete(request)
    acteur.exiger(Capacite.VOIR_TRAVAUX)
    mission_locale = assemblage_ml.trouver(acteur, code)
    filtre = travaux_ml.Filtre.lire({"ml": mission_locale.code, "genre": genre, "annee": str(annee or "")})
    lignes, place = page_de(travaux_ml.lister(acteur, filtre), page)
    return {**place, "travaux": [travaux_ml.en_dictionnaire(t) for t in lignes]}


@api.get("objectifs", response={200: dict[str, Any], **REFUS}, summary="Suivi des objectifs négociés d'une année")
def objectifs(
    request: HttpRequest,
    annee: int = Query(..., description="année civile", ge=1990, le=2100),
    taux: str = Query("dynamique", description="dynamique, durable, transition ou positive"),
    categorie: str = "",
    departement: str = "",
    region: str = "",
) -> Any:
    """Return what became of the negotiated objectives in sight: counts, answers of 2011, a line per structure."""
    acteur = acteur_de_la_requete(request)
    acteur.exiger(Capacite.VOIR_OBJECTIFS)
    retenu = taux if taux in suivi.TAUX else suivi.DYNAMIQUE
    filtre = suivi.Filtre(annee, retenu, categorie, departement, region)
    return suivi.en_dictionnaire(suivi.lignes(acteur, filtre), filtre)


@api.get("indicateurs", response={200: list[DefinitionPubliee], **REFUS}, summary="Dictionnaire des indicateurs")
def dictionnaire(request: HttpRequest, dispositif: str = Query("iae", description="iae ou ml")) -> Any:
    """Return every definition of a scheme, in short; `dictionnaire/{dispositif}` says all of each."""
    acteur_de_la_requete(request).exiger(Capacite.VOIR_PARAMETRES)
    return lecture.dictionnaire(dispositif, reglementation.a_jour(), timezone.localdate())


@api.get(
    "dictionnaire/{dispositif}",
    response={200: dict[str, Any], **REFUS},
    summary="Dictionnaire d'un dispositif, entier",
)
def dictionnaire_entier(
    request: HttpRequest,
    dispositif: str,
    jour: date | None = Query(None, alias="date", description="date des paramètres"),  # noqa: B008
) -> Any:
    """Return what `convenir dictionnaire --format json` writes for a scheme, `iae` or `ml`."""
    acteur_de_la_requete(request).exiger(Capacite.VOIR_PARAMETRES)
    return documents.en_dictionnaire(dispositif, reglementation.a_jour(), jour or timezone.localdate())


@api.get("parametres/{code}", response={200: ParametrePublie, **REFUS}, summary="Valeur d'un paramètre à une date")
def parametre(request: HttpRequest, code: str, jour: date | None = Query(None, alias="date")) -> Any:  # noqa: B008
    """Return a value of the law at a date, with its text, its source and its history."""
    acteur_de_la_requete(request).exiger(Capacite.VOIR_PARAMETRES)
    return reglementation.parametre(code, jour or timezone.localdate())


def _annee_ml(demandee: int | None) -> int:
    return demandee if demandee is not None else (indicateurs_ml.annees() or [0])[0]


def _annee(demandee: int | None) -> int:
    annees = indicateurs.annees_calculees()
    return demandee if demandee is not None else (annees or [0])[0]
