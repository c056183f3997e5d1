"""Means granted and commitments of the parties."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from convenir.contrat.conventions import policies
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.financeurs import prescripteurs_possibles
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi import actes, states
from convenir.contrat.suivi.actions.commun import exiger
from convenir.contrat.suivi.annonces import dire, dire_du_moyen
from convenir.contrat.suivi.models import Engagement, Moyen
from convenir.contrat.suivi.queries.prescripteurs import conventions_a_prescrire
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation


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
    dire_du_moyen("moyen_accorder", moyen, acteur)
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
    moyen.refresh_from_db(fields=["etat"], from_queryset=Moyen.objects.select_for_update())
    transition = states.verifier(states.MOYEN, nom, moyen.etat)
    if transition.motif and not motif.strip():
        raise EntreeInvalide("Dites pourquoi.")
    moyen.etat, moyen.motif = transition.vers, motif.strip()
    moyen.etat_le = None if transition.vers == states.EtatMoyen.PROMIS else jour
    moyen.save()
    apres = {"moyen": moyen.libelle, "etat": moyen.etat, "motif": moyen.motif}
    journaliser(actes.MOYENS[nom], moyen.convention, auteur=acteur.auteur, apres=apres)
    dire_du_moyen(f"moyen_{nom}", moyen, acteur)
    return moyen


@dataclass(frozen=True)
class EngagementPris:
    """A commitment as taken: number and profile of the people, delay in days, who answers for it."""

    annee: int
    nature: str
    partie: str = ""
    nombre: int | None = None
    profil: str = ""
    delai_jours: int | None = None
    referent: str = ""
    organisation: Organisation | None = None


def refus_de_s_engager(acteur: Acteur, convention: Convention) -> str | None:
    """Say why a person may not write a commitment: each party writes its own, the State that of any party.

    A mission locale prescribes to the SIAE of its département, whose conventions it does not read otherwise.
    """
    if acteur.peut(Capacite.SIGNER_CONVENTION) and conventions_a_prescrire(acteur).filter(pk=convention.pk).exists():
        return None
    instruire = policies.refus(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    return policies.refus(acteur, convention, Capacite.SIGNER_CONVENTION) if instruire else None


@transaction.atomic
def s_engager(acteur: Acteur, convention: Convention, pris: EngagementPris) -> Engagement:
    """Write a commitment of the person's own organisation; the State writes that of any party.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a field is wrong, or the State names a party of elsewhere.
    """
    if raison := refus_de_s_engager(acteur, convention):
        raise ActionRefusee(raison)
    champs = {champ.name: getattr(pris, champ.name) for champ in fields(pris)}
    engagement = Engagement(convention=convention, **champs)
    if not acteur.peut(Capacite.INSTRUIRE_CONVENTION):
        engagement.organisation = acteur.organisation
    elif pris.organisation and not prescripteurs_possibles(convention).filter(pk=pris.organisation.pk).exists():
        raise EntreeInvalide(f"{pris.organisation} n'est pas une partie de ce territoire : choisissez dans la liste.")
    if engagement.organisation is not None:
        engagement.partie = str(engagement.organisation)[:200]
        engagement.de_la_structure = engagement.organisation == convention.organisation
    _valider(engagement)
    engagement.save()
    apres = {"partie": engagement.partie, "nature": engagement.nature, "nombre": engagement.nombre}
    journaliser(actes.ENGAGEMENT, convention, auteur=acteur.auteur, apres=apres)
    dire("engagement", convention, acteur, cle=engagement.pk, details=f"{engagement}.")
    return engagement


@transaction.atomic
def constater(acteur: Acteur, engagement: Engagement, realise: int | None, note: str) -> Engagement:
    """Enter what came of a commitment: by the party that took it, or by the State.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a number too large.
    """
    if raison := refus_de_s_engager(acteur, engagement.convention):
        raise ActionRefusee(raison)
    sien = acteur.organisation is not None and engagement.organisation == acteur.organisation
    if not sien and not acteur.peut(Capacite.INSTRUIRE_CONVENTION):
        raise ActionRefusee("La partie qui s'est engagée, ou le service de l'État, renseigne ce qui a été réalisé.")
    engagement.realise, engagement.realise_note = realise, note.strip()
    _valider(engagement)
    engagement.save(update_fields=["realise", "realise_note"])
    apres = {"engagement": str(engagement), "realise": realise}
    journaliser(actes.REALISE, engagement.convention, auteur=acteur.auteur, apres=apres)
    cle = f"{engagement.pk}-{realise}"
    dire("engagement_realise", engagement.convention, acteur, cle=cle, details=f"{engagement} : {engagement.tenu}.")
    return engagement
