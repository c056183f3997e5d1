"""Propose a task, finish it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from convenir.socle.comptes.models import Utilisateur
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import MissionLocale, Organisation, Structure
from convenir.socle.taches import actes
from convenir.socle.taches.genres import TACHE
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.notifications import Fait, n_attend_plus, prevenir_la_personne


@dataclass(frozen=True)
class Proposition:
    """What there is to do. `code` and `objet` together are its key within an organisation.

    Attributes:
        code: kind of task (« donnees.livraison_attendue »).
        objet: key of what it is about (« fluxiae-2026-11 »).
        libelle: structure, verb, object: « Décider de la suite, l'avenant 2026 n'est pas signé ».
        pourquoi: what happens otherwise, and the article if there is one.
        url: page where it is done.
        destinataire: the person in charge; everyone of the organisation when None.
    """

    code: str
    objet: str
    libelle: str
    organisation: Organisation
    pourquoi: str = ""
    url: str = ""
    echeance: date | None = None
    risque: Risque = Risque.ORDINAIRE
    structure: Structure | None = None
    mission_locale: MissionLocale | None = None
    destinataire: Utilisateur | None = None


@transaction.atomic
def proposer(proposition: Proposition, *, auteur: Auteur, maintenant: datetime) -> Tache:
    """Open a task, or bring the open one of the same key up to date; proposing it twice alike writes nothing."""
    ouverte = _ouverte(proposition.organisation, proposition.code, proposition.objet)
    if ouverte is not None:
        return _mettre_a_jour(ouverte, proposition, auteur)
    try:
        with transaction.atomic():
            tache = Tache.objects.create(**_champs(proposition), proposee_le=maintenant)
    except IntegrityError:
        concurrente = _ouverte(proposition.organisation, proposition.code, proposition.objet)
        if concurrente is None:
            raise
        return _mettre_a_jour(concurrente, proposition, auteur)
    _prevenir_le_destinataire(tache)
    apres = {"code": tache.code, "echeance": tache.echeance, "risque": tache.risque}
    journaliser(actes.TACHE_PROPOSEE, tache, auteur=auteur, apres=apres)
    return tache


def _prevenir_le_destinataire(tache: Tache) -> None:
    """Tell the person in charge of a task, once whatever happens to it."""
    if tache.destinataire is not None:
        fait = Fait(TACHE, f"tache-{tache.pk}", tache.libelle, tache.pourquoi, tache.url)
        prevenir_la_personne(fait, tache.organisation, tache.destinataire)


def _champs(proposition: Proposition) -> dict[str, object]:
    noms = [champ.name for champ in fields(proposition)]
    return {nom: getattr(proposition, nom) for nom in noms}


def _ouverte(organisation: Organisation, code: str, objet: str) -> Tache | None:
    ouvertes = Tache.objects.select_for_update().filter(faite_le=None)
    return ouvertes.filter(organisation=organisation, code=code, objet=objet).first()


def _mettre_a_jour(tache: Tache, proposition: Proposition, auteur: Auteur) -> Tache:
    """Write and journal what changed in an open task; nothing when nothing did."""
    changes = {nom: v for nom, v in _champs(proposition).items() if getattr(tache, nom) != v}
    if not changes:
        return tache
    avant = {nom: _a_journaliser(getattr(tache, nom)) for nom in changes}
    for nom, valeur in changes.items():
        setattr(tache, nom, valeur)
    tache.save(update_fields=list(changes))
    if "destinataire" in changes:
        _prevenir_le_destinataire(tache)
    apres = {nom: _a_journaliser(valeur) for nom, valeur in changes.items()}
    journaliser(actes.TACHE_MODIFIEE, tache, auteur=auteur, avant=avant, apres=apres)
    return tache


def _a_journaliser(valeur: object) -> object:
    return valeur.pk if isinstance(valeur, Model) else valeur


@transaction.atomic
def confier(taches: QuerySet[Tache], destinataire: Utilisateur | None, *, auteur: Auteur) -> int:
    """Hand open tasks over to a person, or to everyone of their organisation; return how many changed hands."""
    nombre = 0
    for tache in taches.filter(faite_le=None).select_for_update(of=("self",)).select_related("organisation"):
        if tache.destinataire_id == (destinataire.pk if destinataire else None):
            continue
        avant, tache.destinataire = tache.destinataire_id, destinataire
        tache.save(update_fields=["destinataire"])
        _prevenir_le_destinataire(tache)
        apres = {"destinataire": tache.destinataire_id}
        journaliser(actes.TACHE_MODIFIEE, tache, auteur=auteur, avant={"destinataire": avant}, apres=apres)
        nombre += 1
    return nombre


@transaction.atomic
def terminer(organisation: Organisation, code: str, objet: str, *, auteur: Auteur, maintenant: datetime) -> bool:
    """Close the open task of this key; return whether there was one."""
    tache = _ouverte(organisation, code, objet)
    if tache is None:
        return False
    tache.faite_le = maintenant
    tache.save(update_fields=["faite_le"])
    n_attend_plus(organisation, {TACHE}, f"tache-{tache.pk}")
    journaliser(actes.TACHE_TERMINEE, tache, auteur=auteur, apres={"faite_le": maintenant})
    return True
