"""What the acts share: the lock, the conflict of two writers, telling people, the tasks, the terms agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.actions import modifier_termes
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.personnes import charge, charge_pour, prevenir_le_service
from convenir.contrat.objectifs import policies, rules
from convenir.contrat.objectifs.models import CODES_SORTIES, Objectif, Position
from convenir.contrat.objectifs.states import NEGOCIATEURS, TOUR, Partie
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Organisation
from convenir.socle.reglementation.queries import a_jour
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.notifications import Fait, prevenir
from convenir.socle.taches.portee import reserver

CODE_TACHE = reserver("objectifs.repondre", Capacite.NEGOCIER_OBJECTIFS)


class ObjectifChange(ErreurMetier):
    """Someone wrote on this objective since the person read it.

    Attributes:
        objectif: as it is now.
        depuis: positions sent meanwhile, in order: the page shows them beside what the person typed.
    """

    def __init__(self, objectif: Objectif, depuis: list[Position]) -> None:
        super().__init__(
            "Cet objectif a changé pendant que vous écriviez. Rien n’est envoyé et votre texte est gardé : "
            "lisez ce qui vient d’être écrit, puis envoyez, corrigez ou renoncez."
        )
        self.objectif, self.depuis = objectif, depuis


def verrouiller(objectif: Objectif, revision: int | None) -> Objectif:
    """Return the objective as the database has it, locked.

    Raises:
        ObjectifChange: it moved since `revision` was read (None: the caller does not compare).
    """
    frais = Objectif.objects.select_for_update().get(pk=objectif.pk)
    frais.convention = objectif.convention
    if revision is not None and frais.revision != revision:
        depuis = frais.positions.tenues().filter(rang__gt=revision).select_related("auteur", "organisation")
        raise ObjectifChange(frais, list(depuis))
    return frais


def a_journaliser(objet: Any, *champs: str) -> dict[str, Any]:
    """Return some fields, as the journal writes them."""
    return {nom: getattr(objet, nom) for nom in champs}


def dire(objectif: Objectif, partie: str, genre: str, libelle: str, texte: str, acteur: Acteur, cle: str = "") -> None:
    """Tell a fact to a negotiating party."""
    organisation, roles = policies.interlocuteur(objectif.convention, partie)
    if organisation is None:
        return
    convention = objectif.convention
    fait = Fait(
        genre, cle or f"objectif-{objectif.pk}-{objectif.revision}",
        f"{objectif.convention.nom_de_la_partie} : {libelle}"[:300], texte[:500], objectif.get_absolute_url(),
    )  # fmt: skip
    if organisation.pk == convention.service_id and charge(convention) is not None:
        prevenir_le_service(fait, convention, acteur.utilisateur)
        return
    prevenir(fait, organisation, roles, structure=convention.structure, sauf=acteur.utilisateur)


def tenir_les_taches(convention: Convention, annee: int, acteur: Acteur, maintenant: datetime) -> None:
    """Keep one task per party and year while at least one of its objectives waits for its answer."""
    etats = list(convention.objectifs.filter(annee=annee).values_list("etat", flat=True))
    delai = timedelta(days=int(a_jour().nombre("objectifs.delai_reponse_jours", timezone.localdate(maintenant))))
    for partie in NEGOCIATEURS:
        organisation, _ = policies.interlocuteur(convention, partie)
        attendus = sum(TOUR.get(etat) == partie for etat in etats)
        if organisation is None:
            continue
        objet = f"{convention.reference}-{annee}"
        if not attendus:
            terminer(organisation, CODE_TACHE, objet, auteur=acteur.auteur, maintenant=maintenant)
            continue
        proposition = _tache(convention, annee, organisation, attendus, objet)
        proposer(_avec_echeance(proposition, maintenant, delai), auteur=acteur.auteur, maintenant=maintenant)


def _tache(convention: Convention, annee: int, organisation: Organisation, attendus: int, objet: str) -> Proposition:
    return Proposition(
        code=CODE_TACHE,
        objet=objet,
        libelle=f"{convention.nom_de_la_partie} : répondre sur {pluriel(attendus, 'objectif')} {annee}",
        pourquoi="Tant que la négociation n’est pas close, la convention ne part pas à l’avis de la commission.",
        organisation=organisation,
        structure=convention.structure,
        mission_locale=convention.mission_locale,
        url=reverse("objectifs:negociation", args=[convention.reference, annee]),
        risque=Risque.ELEVE,
        destinataire=charge_pour(convention, organisation),
    )


def _avec_echeance(proposition: Proposition, maintenant: datetime, delai: timedelta) -> Proposition:
    """Date a task when it opens; one already open keeps its date: answering late does not move it."""
    ouverte = Tache.objects.filter(
        organisation=proposition.organisation, code=proposition.code, objet=proposition.objet, faite_le=None
    ).first()
    echeance = ouverte.echeance if ouverte else timezone.localdate(maintenant + delai)
    return replace(proposition, echeance=echeance)


def reporter_les_taux(convention: Convention, annee: int, maintenant: datetime) -> None:
    """Write the agreed rates in the terms of the version in preparation, from which the annexe financière is made.

    Nothing is written while one of the three is open, or when no version of that year is in preparation.
    """
    version = convention.versions.en_suspens().order_by("-rang").first()
    if version is None or not version.modifiable or version.effet.year != annee:
        return
    taux = taux_convenus(convention, annee)
    if rules.somme_dynamique(taux) is None:
        return
    termes = replace(
        version.termes, taux_durable=taux["durable"], taux_transition=taux["transition"],
        taux_positives=taux["positive"],
    )  # fmt: skip
    modifier_termes(Acteur.systeme("Objectifs convenus"), version, termes, jeton=version.jeton, maintenant=maintenant)


def taux_convenus(convention: Convention, annee: int) -> dict[str, Any]:
    """Return the agreed rates of exit of a year, by type, in percent; a type not agreed is None."""
    lus = convention.objectifs.filter(annee=annee, indicateur__in=CODES_SORTIES).values_list("indicateur", "cible")
    return dict.fromkeys(rules.SORTIES) | {CODES_SORTIES[code]: cible for code, cible in lus}


__all__ = [
    "ObjectifChange", "Partie", "a_journaliser", "dire", "reporter_les_taux", "taux_convenus", "tenir_les_taches",
    "verrouiller",
]  # fmt: skip
