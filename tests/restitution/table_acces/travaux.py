"""Register of works: the mission locale alone writes; the State and the parties read in their perimeter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.contrat.travaux.models import Travail
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.documents.stockage import deposer
from convenir.socle.organisations.models import MissionLocale
from tests.factories_dossiers import PDF
from tests.factories_travaux import PieceDeTravailFactory, TravailFactory
from tests.restitution.fabrique_ml import de
from tests.restitution.table_acces.commun import PERSONNE, VOIENT_AILLEURS, Lieu, Ligne, R

LISENT = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, R.FRANCE_TRAVAIL, R.FINANCEUR}
# Those of a SIAE hold the capability, but have no mission locale in their perimeter.
SIAE = dict.fromkeys(ROLES_STRUCTURE, 404)
HORS = dict.fromkeys(LISENT - VOIENT_AILLEURS, 404)

LIGNES = [
    Ligne("travaux:liste", LISENT | ROLES_STRUCTURE),
    Ligne("travaux:exporter", LISENT | ROLES_STRUCTURE),
    Ligne("travaux:travail", LISENT, cible="dedans", exceptions=SIAE),
    Ligne("travaux:travail", VOIENT_AILLEURS, cible="ailleurs", exceptions=SIAE | HORS),
    Ligne("travaux:piece", LISENT, cible="dedans", exceptions=SIAE),
    Ligne("travaux:piece", VOIENT_AILLEURS, cible="ailleurs", exceptions=SIAE | HORS),
    Ligne("api:api_v1:travaux", LISENT, cible="dedans", anonyme=401, exceptions=SIAE),
    Ligne("api:api_v1:travaux", VOIENT_AILLEURS, cible="ailleurs", anonyme=401, exceptions=SIAE | HORS),
    # No role of the table belongs to a mission locale: tests/contrat/travaux has those who write.
    Ligne("travaux:inscrire", PERSONNE),
    Ligne("travaux:modifier", PERSONNE),
    Ligne("travaux:retirer", PERSONNE),
    Ligne("travaux:piece_retirer", PERSONNE, methode="post"),
]


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about: a work of the mission locale, with a file."""

    def piece() -> list[Any]:
        return [(t := _travail(lieu)).pk, t.pieces.get().pk]

    return {
        "travaux:exporter": lambda: ["csv"],
        "api:api_v1:travaux": lambda: [de(lieu.cible)],
        **{f"travaux:{nom}": lambda: [_travail(lieu).pk] for nom in ("travail", "modifier", "retirer")},
        "travaux:piece": piece,
        "travaux:piece_retirer": piece,
    }


def _travail(lieu: Lieu) -> Travail:
    mission_locale = MissionLocale.objects.get(code=de(lieu.cible))
    existant = Travail.objects.filter(mission_locale=mission_locale).first()
    if existant is not None:
        return existant
    travail = TravailFactory(mission_locale=mission_locale)
    return PieceDeTravailFactory(travail=travail, sha256=deposer(PDF, "piece.pdf").sha256).travail
