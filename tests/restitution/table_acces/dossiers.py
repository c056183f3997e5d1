"""Files: what the structure writes, what the service instructs, what a funder reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers.models import Accuse, ActionProjet, Commentaire, DemandeDePiece, Dossier
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.documents.stockage import deposer
from convenir.socle.organisations.models import Structure
from tests.factories_conventions import convention_en_preparation
from tests.factories_dossiers import INSTANT, JOUR, PDF, PieceJointeFactory, dossier_rempli
from tests.restitution.table_acces.commun import Lieu, Ligne, R

STRUCTURE = set(ROLES_STRUCTURE)
LISENT = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, R.FRANCE_TRAVAIL} | STRUCTURE
CONVENTIONS = LISENT | {R.FINANCEUR}
INSTRUISENT = {R.REGIONAL, R.DEPARTEMENTAL}
PAS_SOLLICITE = {R.FINANCEUR: 404}


def _lues(*noms: str) -> Iterator[Ligne]:
    for nom in noms:
        yield Ligne(f"dossiers:{nom}", LISENT, exceptions=PAS_SOLLICITE)


def _ecrites(*noms: str, **autres: Any) -> Iterator[Ligne]:
    for nom in noms:
        yield Ligne(f"dossiers:{nom}", STRUCTURE, **autres)


def _instruites(*noms: str, **autres: Any) -> Iterator[Ligne]:
    for nom in noms:
        yield Ligne(f"dossiers:{nom}", INSTRUISENT, **autres)


LIGNES = [
    Ligne("dossiers:liste", CONVENTIONS),
    Ligne("dossiers:exporter", CONVENTIONS),
    Ligne("dossiers:referentiel", CONVENTIONS),
    Ligne("dossiers:referentiel_exporter", CONVENTIONS),
    Ligne("dossiers:nouveau", {R.DIRECTION_STRUCTURE}),
    Ligne("dossiers:ouvrir", CONVENTIONS, methode="post", oui=302),
    *_lues("dossier", "section", "financements", "pieces", "piece", "projet", "projection", "accuse"),
    Ligne("dossiers:dossier", {R.NATIONAL, R.REGIONAL}, cible="ailleurs", exceptions=dict.fromkeys(
        CONVENTIONS - {R.NATIONAL, R.REGIONAL}, 404)),
    Ligne("dossiers:section", STRUCTURE, methode="post", requete={"q-suivi-suivi": "x"}, oui=302,
          exceptions=PAS_SOLLICITE),
    Ligne("dossiers:projet", STRUCTURE, methode="post", oui=400, exceptions=PAS_SOLLICITE),
    *_ecrites("action_ajouter", "action", "deposer"),
    *_ecrites("financement_retirer", "piece_retirer", "action_retirer", methode="post", oui=302),
    Ligne("dossiers:repondre", STRUCTURE, methode="post", oui=302, exceptions=PAS_SOLLICITE),
    *_instruites("demander", "rendre"),
    Ligne("dossiers:rejeter", INSTRUISENT | {R.SIGNATAIRE}),
    *_instruites("abandonner_demande", "complet", "commenter", "retirer_commentaire", methode="post", oui=302),
]  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about: a filed file of the structure, one of each of its parts."""

    def de(*lire: Callable[[Dossier], Any]) -> Callable[[], list[Any]]:
        def valeurs() -> list[Any]:
            trouve = dossier(lieu.s)
            return [trouve.convention.reference, *(f(trouve) for f in lire)]

        return valeurs

    rien = (
        "dossier",
        "ouvrir",
        "financements",
        "pieces",
        "projet",
        "deposer",
        "demander",
        "complet",
        "rendre",
        "rejeter",
    )
    return {
        **{f"dossiers:{nom}": de() for nom in rien},
        "dossiers:section": de(lambda d: "suivi"),
        "dossiers:financement_retirer": de(lambda d: d.financements.get().pk),
        "dossiers:projection": de(lambda d: d.financements.get().pk),
        "dossiers:piece": de(_piece),
        "dossiers:piece_retirer": de(_piece),
        "dossiers:action_ajouter": de(_axe_rouvert),
        "dossiers:action": de(_axe_rouvert, lambda d: ActionProjet.objects.get(dossier=d).pk),
        "dossiers:action_retirer": de(lambda d: ActionProjet.objects.get(dossier=d).pk),
        "dossiers:abandonner_demande": de(_demande),
        "dossiers:commenter": de(lambda d: "suivi.suivi"),
        "dossiers:repondre": de(_commentaire),
        "dossiers:retirer_commentaire": de(_commentaire),
        "dossiers:accuse": de(_accuse),
    }


def dossier(structure: Structure) -> Dossier:
    existant = Dossier.objects.filter(convention__structure=structure).first()
    if existant is not None:
        return existant
    convention = convention_en_preparation(structure=structure, debut=date(2027, 1, 1), fin=date(2030, 1, 1))
    rempli = dossier_rempli(convention, pieces=False)
    Convention.objects.filter(pk=convention.pk).update(etat=EtatConvention.DEPOSE)
    Dossier.objects.filter(pk=rempli.pk).update(depose_le=JOUR)
    return Dossier.objects.get(pk=rempli.pk)


def _piece(dossier: Dossier) -> int:
    return PieceJointeFactory(dossier=dossier, sha256=deposer(PDF, "piece.pdf").sha256).pk


def _demande(dossier: Dossier) -> int:
    return DemandeDePiece.objects.create(
        dossier=dossier, genre="autre", precision="x", echeance=date(2027, 1, 1), demandee_le=INSTANT, demandee_par="x"
    ).pk


def _commentaire(dossier: Dossier, champ: str = "suivi.suivi") -> int:
    return Commentaire.objects.create(dossier=dossier, champ=champ, texte="x", auteur_nom="x", ecrit_le=INSTANT).pk


def _axe_rouvert(dossier: Dossier) -> str:
    """The axis of its action: the file is filed, the form of a closed axis says so to everyone."""
    _commentaire(dossier, "projet.accueil")
    return "accueil"


def _accuse(dossier: Dossier) -> int:
    depot = deposer(PDF, "accuse.pdf")
    return Accuse.objects.create(
        dossier=dossier,
        rang=1,
        recu_le=JOUR,
        delai_mois=2,
        limite_le=date(2027, 1, 2),
        sha256=depot.sha256,
        emis_le=INSTANT,
    ).rang
