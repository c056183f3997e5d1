"""What the acts share: the right on a convention, tasks."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions import policies
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.personnes import charge_pour
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque

AUTEUR = Auteur.systeme("Suivi des conventions")


def exiger(acteur: Acteur, convention: Convention, capacite: Capacite) -> None:
    """Stop a person who may not act on a convention.

    Raises:
        ActionRefusee: with the reason.
    """
    policies.exiger(acteur, convention, capacite)


def ouvrir_tache(
    convention: Convention,
    organisation: Organisation | None,
    code: str,
    objet: str,
    faire: str,
    *,
    pourquoi: str,
    url: str,
    maintenant: datetime,
    echeance: date | None = None,
    risque: Risque = Risque.ORDINAIRE,
) -> None:
    """Open a task about a convention; nothing when nobody is known to do it."""
    if organisation is None:
        return
    proposition = Proposition(
        code=code, objet=objet, libelle=f"{convention.nom_de_la_partie} : {faire}"[:300], pourquoi=pourquoi,
        organisation=organisation, url=url, echeance=echeance, risque=risque, structure=convention.structure,
        mission_locale=convention.mission_locale, destinataire=charge_pour(convention, organisation),
    )  # fmt: skip
    proposer(proposition, auteur=AUTEUR, maintenant=maintenant)


def fermer_tache(organisation: Organisation | None, code: str, objet: str, maintenant: datetime) -> None:
    """Close a task, if it is open."""
    if organisation is not None:
        terminer(organisation, code, objet, auteur=AUTEUR, maintenant=maintenant)
