"""Answer in turn, give an opinion, take one's last position back before the other party opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs import actes, policies, rules
from convenir.contrat.objectifs.actions.commun import (
    a_journaliser,
    dire,
    reporter_les_taux,
    taux_convenus,
    tenir_les_taches,
    verrouiller,
)
from convenir.contrat.objectifs.models import CODES_SORTIES, Nature, Objectif, Position
from convenir.contrat.objectifs.states import AVEC_VALEUR, CLOS, NEGOCIATEURS, Etat, Genre, Partie, autre
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.notifications import n_attend_plus


@dataclass(frozen=True)
class Reponse:
    """What a party sends: the kind of position, its value or words, its reasons."""

    genre: str
    valeur: Decimal | None = None
    attendu: str = ""
    raisons: str = ""


@transaction.atomic
def repondre(acteur: Acteur, objectif: Objectif, reponse: Reponse, *, revision: int, maintenant: datetime) -> Position:
    """Send a position for one's party, if nobody wrote since `revision` was read.

    Raises:
        ActionRefusee: no right, not this party's turn, nothing to accept.
        EntreeInvalide: value or reasons missing, rate or value out of bounds, sum above 100 %.
        ObjectifChange: someone wrote meanwhile; carries what they wrote.
    """
    policies.exiger(policies.refus_de_negocier(acteur, objectif.convention, objectif.annee))
    partie = policies.partie_de(acteur)
    if partie not in NEGOCIATEURS:
        raise ActionRefusee("Une position se dépose au nom de l’État ou de la structure.")
    frais = verrouiller(objectif, revision)
    _verifier(frais, reponse)
    coups = [p.coup for p in frais.positions.tenues()]
    ou = rules.rejouer(coups)
    coup = rules.Coup(reponse.genre, partie, reponse.valeur, reponse.attendu.strip())
    suite = rules.suivant(ou, coups, coup)
    _verifier_la_somme(frais, reponse, suite)
    position = _inscrire(acteur, frais, partie, reponse, maintenant)
    _situer(frais, suite)
    journaliser(
        actes.POSITIONS[Genre(reponse.genre)], frais, auteur=acteur.auteur, avant={"etat": ou.etat},
        apres={"etat": frais.etat, **a_journaliser(position, "partie", "valeur", "attendu", "raisons", "rang")},
    )  # fmt: skip
    n_attend_plus(position.organisation, {actes.NOTIF_POSITION}, f"objectif-{frais.pk}")
    _annoncer(acteur, frais, position, autre(partie))
    _suites(acteur, frais.convention, frais.annee, maintenant)
    return position


def _verifier(objectif: Objectif, reponse: Reponse) -> None:
    rules.verifier_contenu(
        reponse.genre, reponse.valeur, reponse.attendu, reponse.raisons, qualitatif=objectif.est_qualitatif
    )
    if objectif.nature == Nature.INDICATEUR and objectif.unite == "%":
        rules.verifier_part(reponse.valeur)
    if reponse.genre in AVEC_VALEUR:
        rules.verifier_cible_bornee(objectif.borne_basse, reponse.valeur, objectif.borne_haute)


def _verifier_la_somme(objectif: Objectif, reponse: Reponse, suite: rules.Situation) -> None:
    """Refuse a value that would bring the three rates above the whole of the exits."""
    if not objectif.type_de_sortie:
        return
    valeur = suite.cible if suite.etat == Etat.CONVENU else reponse.valeur
    taux = taux_convenus(objectif.convention, objectif.annee) | {objectif.type_de_sortie: valeur}
    rules.verifier_somme(taux)


def _inscrire(acteur: Acteur, objectif: Objectif, partie: str, reponse: Reponse, maintenant: datetime) -> Position:
    """Write the position at the rank after the revision: two writers cannot both hold it."""
    if acteur.organisation is None or acteur.utilisateur is None:
        raise ActionRefusee("Une position se dépose au nom d’une organisation, par une personne.")
    chiffree = reponse.genre in AVEC_VALEUR or reponse.genre in (Genre.DESACCORD, Genre.AVIS)
    objectif.revision += 1
    return Position.objects.create(
        objectif=objectif, rang=objectif.revision, partie=partie, genre=reponse.genre,
        valeur=reponse.valeur if chiffree and not objectif.est_qualitatif else None,
        attendu=reponse.attendu.strip() if chiffree and objectif.est_qualitatif else "",
        raisons=reponse.raisons.strip(), organisation=acteur.organisation, auteur=acteur.utilisateur,
        deposee_le=maintenant,
    )  # fmt: skip


def _situer(objectif: Objectif, ou: rules.Situation) -> None:
    """Write where the replay leads.

    Raises:
        EntreeInvalide: the bounds written meanwhile leave the target out.
    """
    rules.verifier_cible_bornee(objectif.borne_basse, ou.cible, objectif.borne_haute)
    objectif.etat, objectif.cible, objectif.attendu = ou.etat, ou.cible, ou.attendu
    objectif.convenu_le = _convenu_le(objectif) if ou.etat == Etat.CONVENU else None
    if ou.etat != Etat.CONVENU:
        objectif.resultat, objectif.issue, objectif.explication, objectif.juge_le = None, "", "", None
    objectif.save()


def _convenu_le(objectif: Objectif) -> date | None:
    """Return the day of the agreement that holds: a later view, or a reopening taken back, does not move it."""
    accord = objectif.positions.tenues().filter(genre=Genre.ACCORD).last()
    return timezone.localdate(accord.deposee_le) if accord is not None else None


def _annoncer(acteur: Acteur, objectif: Objectif, position: Position, destinataire: str) -> None:
    genre = actes.NOTIF_SUITE if objectif.etat in CLOS or position.genre == Genre.REOUVERTURE else actes.NOTIF_POSITION
    libelle = f"{position.get_genre_display().lower()} sur « {objectif.libelle} » {objectif.annee}"
    dire(objectif, destinataire, genre, libelle, position.raisons, acteur)


def _suites(acteur: Acteur, convention: Convention, annee: int, maintenant: datetime) -> None:
    tenir_les_taches(convention, annee, acteur, maintenant)
    reporter_les_taux(convention, annee, maintenant)


@transaction.atomic
def donner_avis(
    acteur: Acteur, objectif: Objectif, reponse: Reponse, *, revision: int, maintenant: datetime
) -> Position:
    """Give the view of an organisation that does not negotiate: it changes neither the turn nor the target.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: no reasons.
        ObjectifChange: someone wrote meanwhile.
    """
    policies.exiger(policies.refus_de_donner_avis(acteur, objectif))
    partie = policies.partie_de(acteur)
    if partie is None:
        raise ActionRefusee("Un avis se donne au nom d’une organisation, par une personne.")
    frais = verrouiller(objectif, revision)
    avis = Reponse(Genre.AVIS, reponse.valeur, reponse.attendu, reponse.raisons)
    _verifier(frais, avis)
    position = _inscrire(acteur, frais, partie, avis, maintenant)
    frais.save(update_fields=["revision"])
    apres = a_journaliser(position, "partie", "valeur", "raisons", "rang")
    journaliser(actes.POSITIONS[Genre.AVIS], frais, auteur=acteur.auteur, apres=apres)
    for negociateur in NEGOCIATEURS:
        libelle = f"avis de {acteur.organisation} sur « {frais.libelle} » {frais.annee}"
        dire(frais, negociateur, actes.NOTIF_AVIS, libelle, position.raisons, acteur)
    return position


@transaction.atomic
def reprendre(acteur: Acteur, position: Position, *, maintenant: datetime) -> Objectif:
    """Take back the last position of one's party, before the other has opened it: the objective is as it was before.

    Raises:
        ActionRefusee: not of this party, opened already, or not the last.
        EntreeInvalide: the target it brings back is out of the bounds written since.
    """
    objectif = position.objectif
    est_avis = position.genre == Genre.AVIS
    refus = (
        policies.refus_de_donner_avis(acteur, objectif)
        if est_avis
        else policies.refus_de_negocier(acteur, objectif.convention, objectif.annee)
    )
    policies.exiger(refus)
    frais = verrouiller(objectif, None)
    derniere = frais.positions.tenues().last()
    if position.organisation_id != (acteur.organisation.pk if acteur.organisation else None):
        raise ActionRefusee("Vous reprenez les positions de votre organisation seulement.")
    if derniere is None or derniere.pk != position.pk:
        raise ActionRefusee("On reprend seulement la dernière position écrite.")
    if derniere.ouverte_le is not None:
        raise ActionRefusee("L’autre partie a déjà ouvert cette position : répondez plutôt à votre tour.")
    derniere.reprise_le = maintenant
    derniere.save(update_fields=["reprise_le"])
    frais.revision += 1
    _situer(frais, rules.rejouer(p.coup for p in frais.positions.tenues()))
    apres = {"etat": frais.etat, **a_journaliser(derniere, "rang", "genre", "valeur", "raisons")}
    journaliser(actes.REPRISE, frais, auteur=acteur.auteur, apres=apres)
    _suites(acteur, frais.convention, frais.annee, maintenant)
    return frais


@transaction.atomic
def ouvrir(acteur: Acteur, objectifs: Iterable[Objectif], *, maintenant: datetime) -> int:
    """Mark as opened the positions that the other side wrote, when a negotiator reads them; return how many."""
    moi = policies.partie_de(acteur)
    if moi not in NEGOCIATEURS:
        return 0
    cles = [o.pk for o in objectifs]
    fermees = Position.objects.filter(objectif__in=cles, ouverte_le=None, reprise_le=None).exclude(partie=moi)
    lues = list(fermees.select_related("objectif__convention"))
    if not lues:
        return 0
    fermees.filter(pk__in=[p.pk for p in lues]).update(ouverte_le=maintenant)
    convention = lues[0].objectif.convention
    apres = {"partie": moi, "positions": [f"{p.objectif_id}-{p.rang}" for p in lues]}
    journaliser(actes.OUVERTE, convention, auteur=acteur.auteur, apres=apres)
    return len(lues)


__all__ = ["CODES_SORTIES", "EntreeInvalide", "Partie", "Reponse", "donner_avis", "ouvrir", "repondre", "reprendre"]
