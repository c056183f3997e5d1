"""Conventions: the list, a convention, its acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.models import Convention, Decision, Manquement, Operation
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, fichier
from tests.factories_conventions import AnnexeFinanciereFactory, ConventionFactory, SignatureFactory, VersionFactory
from tests.restitution.table_acces.commun import CORRIGENT, VOIENT_LES_STRUCTURES, Lieu, Ligne, R

VOIENT = VOIENT_LES_STRUCTURES - {R.MEMBRE_CDIAE, R.RESEAU}
SIGNENT = VOIENT - {R.NATIONAL, R.COLLABORATION_STRUCTURE}
ENREGISTRENT = CORRIGENT | {R.DIRECTION_STRUCTURE}  # la signature de la structure : la sienne, ou pour elle
DECIDENT = CORRIGENT | {R.SIGNATAIRE}
PUBLIENT = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, R.FINANCEUR}
LARGE = {R.NATIONAL, R.REGIONAL}


def partout(
    nom: str, qui: set[R] | frozenset[R], dedans: set[R] | frozenset[R] | None = None, **autres: Any
) -> Iterator[Ligne]:
    """An address of a convention: inside the perimeter, for some only, and outside, where it does not exist."""
    yield Ligne(nom, qui if dedans is None else dedans, cible="dedans", **autres)
    yield Ligne(nom, LARGE & set(qui), cible="ailleurs", exceptions=dict.fromkeys(set(qui) - LARGE, 404), **autres)


def partout_du_departement(*noms: str) -> Iterator[Ligne]:
    """Addresses of a département: those who instruct it, and the région for all of its own."""
    for nom in noms:
        yield Ligne(nom, CORRIGENT, cible="dedans")
        yield Ligne(nom, {R.REGIONAL}, cible="ailleurs", exceptions={R.DEPARTEMENTAL: 404})


LIGNES = [
    Ligne("conventions:liste", VOIENT),
    Ligne("conventions:export", VOIENT),
    *partout("conventions:convention", VOIENT),
    *partout("conventions:comparer", VOIENT),
    *partout("conventions:journal", VOIENT),
    Ligne("conventions:piece", set(), cible="dedans", exceptions=dict.fromkeys(VOIENT, 404)),
    Ligne("conventions:page_de_piece", set(), cible="dedans", exceptions=dict.fromkeys(VOIENT, 404)),
    Ligne("conventions:acte", CORRIGENT, cible="dedans"),
    Ligne("conventions:acte", {R.REGIONAL}, cible="ailleurs", exceptions=dict.fromkeys(VOIENT - LARGE, 404)),
    *partout("conventions:ecrits", VOIENT),
    Ligne("conventions:etablir", set(), non=405, sans_adhesion=405, anonyme=302),
    Ligne("conventions:etablir", CORRIGENT, methode="post", oui=302, cible="dedans"),
    *partout("conventions:termes", CORRIGENT),
    *partout("conventions:clauses", CORRIGENT),
    *partout("conventions:periode", CORRIGENT),
    *partout("conventions:signer", SIGNENT, ENREGISTRENT),
    *partout("conventions:comparer_scan", SIGNENT, ENREGISTRENT),
    *partout("conventions:substituer", CORRIGENT),
    *partout("conventions:deliberer", SIGNENT, ENREGISTRENT),
    Ligne("conventions:relancer", set(), non=405, sans_adhesion=405, anonyme=302),
    Ligne("conventions:relancer", CORRIGENT, methode="post", oui=302, cible="dedans"),
    *partout("conventions:observations", VOIENT),
    *partout("conventions:manquement", VOIENT),
    Ligne("conventions:parapheur", set(), non=405, sans_adhesion=405, anonyme=302),
    Ligne("conventions:parapheur", CORRIGENT, methode="post", oui=302, cible="dedans"),
    *partout("conventions:parapheur_retour", CORRIGENT),
    Ligne("conventions:reprendre", CORRIGENT),
    Ligne("conventions:reprises", CORRIGENT),
    Ligne("conventions:reprises_modele", CORRIGENT),
    Ligne("conventions:lots", CORRIGENT, exceptions={R.DEPARTEMENTAL: 302}),
    *partout_du_departement(
        "conventions:lot", "conventions:feuilles", "conventions:lot_export", "conventions:operation"
    ),
    *partout("conventions:annexe", CORRIGENT),
    Ligne("conventions:annexe_annee_entiere", set(), non=405, sans_adhesion=405, anonyme=302),
    Ligne("conventions:annexe_annee_entiere", CORRIGENT, methode="post", oui=302, cible="dedans"),
    Ligne("conventions:essentielles", PUBLIENT),
    Ligne("conventions:essentielles_export", PUBLIENT),
    *partout("conventions:annexe_saisir", CORRIGENT),
    *partout("conventions:decision", VOIENT),
    *partout("conventions:notifier", CORRIGENT),
    *partout("conventions:recours", CORRIGENT),
    *partout("conventions:repondre", DECIDENT),
    *partout("conventions:reprendre_sommes", DECIDENT),
]


def convention(lieu: Lieu, etat: str = EtatConvention.A_SIGNER) -> Convention:
    """A convention of the structure of the line, whose initial version is at signature, in breach procedure too."""
    convention = ConventionFactory(structure=lieu.s, etat=etat, etat_precedent="")
    version = VersionFactory(convention=convention, etat=EtatVersion.A_SIGNER)
    organisation = lieu.s.porteur
    SignatureFactory(version=version, organisation=organisation, remise_le=date(2026, 1, 6))
    Manquement.objects.create(
        convention=convention, faits="Faits", articles="R. 5132-5", lettre_le=date(2026, 1, 5), lettre_numero="1A",
        observations_avant=date(2026, 2, 5),
    )  # fmt: skip
    return convention


def _avec_signature(lieu: Lieu) -> list[Any]:
    trouvee = convention(lieu)
    return [trouvee.reference, trouvee.versions.get().signatures.get().pk]


def _avec_scan(lieu: Lieu) -> list[Any]:
    trouvee = convention(lieu)
    signature = trouvee.versions.get().signatures.get()
    scan = fichier(1)
    signature.piece = joindre(SYSTEME, trouvee, "scan", scan, jour=JOUR, maintenant=INSTANT, version=signature.version)
    signature.save(update_fields=["piece"])
    return [trouvee.reference, signature.pk]


def _avec_decision(lieu: Lieu) -> list[Any]:
    trouvee = convention(lieu)
    decision = Decision.objects.create(
        convention=trouvee, genre="refus", faits="Faits", articles="R. 5132-2", signataire="Camille Fictive",
        qualite="Directrice", voies="Recours", prise_le=date(2026, 2, 2),
    )  # fmt: skip
    return [trouvee.reference, decision.pk]


def _avec_annexe(lieu: Lieu) -> list[Any]:
    trouvee = convention(lieu)
    return [trouvee.reference, AnnexeFinanciereFactory(version=trouvee.versions.get()).pk]


def _operation(lieu: Lieu) -> int:
    maintenant = datetime(2026, 11, 3, 9, tzinfo=UTC)
    return Operation.objects.create(
        genre="lot", departement=lieu.s.departement, annee=2027, demandee_le=maintenant, demandee_par="x"
    ).pk


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    pages = (
        "convention",
        "comparer",
        "journal",
        "termes",
        "clauses",
        "periode",
        "observations",
        "manquement",
        "reprendre_sommes",
        "parapheur",
        "parapheur_retour",
    )
    return {
        **{f"conventions:{nom}": lambda: [convention(lieu).reference] for nom in pages},
        **{
            f"conventions:{nom}": lambda: _avec_signature(lieu)
            for nom in ("signer", "substituer", "deliberer", "relancer")
        },
        **{
            f"conventions:{nom}": lambda: _avec_decision(lieu)
            for nom in ("decision", "notifier", "recours", "repondre")
        },
        "conventions:lot": lambda: [lieu.s.departement_id, 2027],
        "conventions:feuilles": lambda: [lieu.s.departement_id, 2027],
        "conventions:lot_export": lambda: [lieu.s.departement_id, 2027, "csv"],
        "conventions:operation": lambda: [_operation(lieu)],
        **{
            f"conventions:{nom}": lambda: _avec_annexe(lieu)
            for nom in ("annexe", "annexe_saisir", "annexe_annee_entiere")
        },
        "conventions:ecrits": lambda: [convention(lieu).reference],
        "conventions:etablir": lambda: [convention(lieu).reference, "v0"],
        "conventions:piece": lambda: [convention(lieu).reference, 0],
        "conventions:page_de_piece": lambda: [convention(lieu).reference, 0, 1],
        "conventions:comparer_scan": lambda: _avec_scan(lieu),
        "conventions:acte": lambda: [convention(lieu).reference, "retirer_signature"],
        "conventions:export": lambda: ["csv"],
    }
