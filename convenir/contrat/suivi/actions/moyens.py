"""Means granted and commitments of the parties."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from convenir.contrat.conventions import policies
from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi import actes, states
from convenir.contrat.suivi.actions.commun import exiger
from convenir.contrat.suivi.models import Engagement, Moyen
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.journal.actions import journaliser


@dataclass(frozen=True)
class MoyenAccorde:
    """A means as granted; `quantite` in `unite` (euros, days, places…)."""

    annee: int
    nature: str
    libelle: str
    fournisseur: str
    quantite: Decimal | None = None
    unite: str = ""
    prevu_le: date | None = None
    objectif_servi: str = ""
    objectif: Objectif | None = None


@transaction.atomic
def accorder(acteur: Acteur, convention: Convention, accorde: MoyenAccorde) -> Moyen:
    """Write a means promised to the structure.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a field is wrong.
    """
    exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    champs = {champ.name: getattr(accorde, champ.name) for champ in fields(accorde)}
    moyen = Moyen(convention=convention, **champs)
    if accorde.objectif is not None:
        if accorde.objectif.convention_id != convention.pk:
            raise EntreeInvalide("Cet objectif est celui d'une autre convention.")
        moyen.objectif_servi = accorde.objectif.libelle
    _valider(moyen)
    moyen.save()
    apres = {
        "moyen": moyen.libelle, "fournisseur": moyen.fournisseur, "quantite": moyen.quantite,
        "objectif": moyen.objectif_id,
    }  # fmt: skip
    journaliser(actes.MOYEN, convention, auteur=acteur.auteur, apres=apres)
    return moyen


def _valider(objet: Moyen | Engagement) -> None:
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(erreur.messages)) from erreur


@transaction.atomic
def passer_moyen(acteur: Acteur, moyen: Moyen, nom: str, *, jour: date, motif: str = "") -> Moyen:
    """Say a means delivered, not delivered and why, or promised again.

    Raises:
        ActionRefusee: right or state.
        EntreeInvalide: no reason given.
    """
    exiger(acteur, moyen.convention, Capacite.INSTRUIRE_CONVENTION)
    transition = states.verifier(states.MOYEN, nom, moyen.etat)
    if transition.motif and not motif.strip():
        raise EntreeInvalide("Dites pourquoi.")
    moyen.etat, moyen.motif = transition.vers, motif.strip()
    moyen.etat_le = None if transition.vers == states.EtatMoyen.PROMIS else jour
    moyen.save()
    apres = {"moyen": moyen.libelle, "etat": moyen.etat, "motif": moyen.motif}
    journaliser(actes.MOYENS[nom], moyen.convention, auteur=acteur.auteur, apres=apres)
    return moyen


@dataclass(frozen=True)
class EngagementPris:
    """A commitment as taken: number and profile of the people, delay in days, who answers for it."""

    annee: int
    nature: str
    partie: str
    nombre: int | None = None
    profil: str = ""
    delai_jours: int | None = None
    referent: str = ""


def refus_de_s_engager(acteur: Acteur, convention: Convention) -> str | None:
    """Say why a person may not write a commitment: each party writes its own, the State for those who are not here."""
    instruire = policies.refus(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    return policies.refus(acteur, convention, Capacite.SIGNER_CONVENTION) if instruire else None


@transaction.atomic
def s_engager(acteur: Acteur, convention: Convention, pris: EngagementPris) -> Engagement:
    """Write a commitment of the person's own organisation; the State writes that of any party.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a field is wrong.
    """
    if raison := refus_de_s_engager(acteur, convention):
        raise ActionRefusee(raison)
    de_la_structure = acteur.role in ROLES_STRUCTURE
    engagement = Engagement(convention=convention, de_la_structure=de_la_structure, **asdict(pris))
    if not acteur.peut(Capacite.INSTRUIRE_CONVENTION) and acteur.organisation is not None:
        engagement.organisation, engagement.partie = acteur.organisation, str(acteur.organisation)
    _valider(engagement)
    engagement.save()
    apres = {"partie": engagement.partie, "nature": engagement.nature, "nombre": engagement.nombre}
    journaliser(actes.ENGAGEMENT, convention, auteur=acteur.auteur, apres=apres)
    return engagement


@transaction.atomic
def constater(acteur: Acteur, engagement: Engagement, realise: int | None, note: str) -> Engagement:
    """Enter what came of a commitment: by the party that took it, or by the State.

    Raises:
        ActionRefusee: no right.
    """
    if raison := refus_de_s_engager(acteur, engagement.convention):
        raise ActionRefusee(raison)
    sien = acteur.organisation is not None and engagement.organisation == acteur.organisation
    if not sien and not acteur.peut(Capacite.INSTRUIRE_CONVENTION):
        raise ActionRefusee("La partie qui s'est engagée, ou le service de l'État, renseigne ce qui a été réalisé.")
    engagement.realise, engagement.realise_note = realise, note.strip()
    engagement.save(update_fields=["realise", "realise_note"])
    apres = {"engagement": str(engagement), "realise": realise}
    journaliser(actes.REALISE, engagement.convention, auteur=acteur.auteur, apres=apres)
    return engagement
