"""Tell people what happened, choose how often, send one grouped mail per person and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation, Structure
from convenir.socle.taches import actes, courriels
from convenir.socle.taches.genres import Rythme, connus
from convenir.socle.taches.models import Envoi, Notification, Preference
from convenir.socle.taches.rules import periode, rythme_de


@dataclass(frozen=True)
class Fait:
    """What is told. `genre` and `cle` together are its key for a person: telling it twice writes nothing.

    Attributes:
        genre: declared kind (« objectifs.position »).
        cle: key of the fact (« objectif-12-3 »).
        libelle: structure, what happened.
        texte: what follows from it.
        url: page where to look.
    """

    genre: str
    cle: str
    libelle: str
    texte: str = ""
    url: str = ""


def prevenir(
    fait: Fait,
    organisation: Organisation,
    roles: Collection[Role],
    *,
    structure: Structure | None = None,
    sauf: Utilisateur | None = None,
) -> int:
    """Tell a fact to the people who hold these roles in an organisation today; return how many were told.

    Nothing is sent here: the mail leaves with `envoyer`, grouped.

    Args:
        fait: what happened.
        organisation: theirs.
        roles: who is concerned.
        structure: those who follow named structures are told of these alone.
        sauf: the author of the act, who knows.
    """
    adhesions = Adhesion.objects.en_vigueur(timezone.localdate()).filter(
        organisation=organisation, role__in=roles, utilisateur__est_actif=True
    )
    if structure is not None:
        adhesions = adhesions.filter(Q(structures=None) | Q(structures=structure))
    cles = set(adhesions.values_list("utilisateur", flat=True)) - {sauf.pk if sauf else None}
    return _inscrire(fait, organisation, cles)


def prevenir_la_personne(fait: Fait, organisation: Organisation, destinataire: Utilisateur) -> int:
    """Tell a fact to one person, for one of their organisations."""
    return _inscrire(fait, organisation, {destinataire.pk})


def _inscrire(fait: Fait, organisation: Organisation, cles: Collection[int]) -> int:
    champs = {nom: getattr(fait, nom) for nom in ("genre", "cle", "libelle", "texte", "url")}
    nouvelles = [
        Notification(destinataire_id=cle, organisation=organisation, instant=timezone.now(), **champs)
        for cle in sorted(cles)
    ]
    Notification.objects.bulk_create(nouvelles, ignore_conflicts=True)
    return len(nouvelles)


def n_attend_plus(organisation: Organisation, genres: Collection[str], cle: str) -> int:
    """Mark as read, for everyone of an organisation, what no longer awaits it; return how many were waiting.

    Args:
        cle: key of what they are about; « objectif-12 » is that of « objectif-12-3 » too, not of « objectif-123 ».
    """
    attendaient = Notification.objects.filter(
        Q(cle=cle) | Q(cle__startswith=f"{cle}-"), organisation=organisation, genre__in=genres, lue_le=None
    )
    return attendaient.update(lue_le=timezone.now())


def notifications_de(acteur: Acteur) -> QuerySet[Notification]:
    """Return what was told to a person for the organisation they act for, the latest first."""
    if acteur.utilisateur is None or acteur.organisation is None:
        return Notification.objects.none()
    return Notification.objects.filter(destinataire=acteur.utilisateur, organisation=acteur.organisation)


def non_lues(acteur: Acteur) -> int:
    """Return how many notifications a person has not read."""
    return notifications_de(acteur).filter(lue_le=None).count()


def tout_lire(acteur: Acteur) -> int:
    """Mark a person's notifications as read; return how many were not."""
    return notifications_de(acteur).filter(lue_le=None).update(lue_le=timezone.now())


def preferences_de(utilisateur: Utilisateur) -> dict[str, str]:
    """Return the rhythm in force of every declared kind for a person."""
    choisies = dict(Preference.objects.filter(utilisateur=utilisateur).values_list("genre", "rythme"))
    return {genre.code: rythme_de(genre.code, choisies) for genre in connus()}


@transaction.atomic
def choisir(acteur: Acteur, rythmes: Mapping[str, str]) -> None:
    """Keep the rhythms a person chose; those equal to what they have write nothing."""
    assert acteur.utilisateur is not None
    avant = preferences_de(acteur.utilisateur)
    changes = {code: rythme for code, rythme in rythmes.items() if avant.get(code) != rythme}
    for code, rythme in changes.items():
        Preference.objects.update_or_create(
            utilisateur=acteur.utilisateur, genre=code, defaults={"rythme": Rythme(rythme)}
        )
    if changes:
        anciens = {code: avant.get(code, "") for code in changes}
        journaliser(actes.PREFERENCES, acteur.utilisateur, auteur=acteur.auteur, avant=anciens, apres=dict(changes))


@dataclass
class Bilan:
    """What a run did: mails sent, notifications they carried, addresses that failed."""

    courriels: int = 0
    notifications: int = 0
    echecs: int = 0

    @property
    def phrase(self) -> str:
        """The whole in one sentence."""
        envoyes = pluriel(self.courriels, "courriel envoyé", "courriels envoyés")
        dedans = pluriel(self.notifications, "notification", "notifications")
        rates = f" {pluriel(self.echecs, 'envoi a échoué et sera repris', 'envois ont échoué et seront repris')}."
        return f"{envoyes}, {dedans}.{rates if self.echecs else ''}"


def envoyer(instant: datetime | None = None, *, essai: bool = False) -> Bilan:
    """Send what is due, grouped: one mail at most per person, rhythm and period; a second run sends nothing more.

    A mail that cannot leave is taken up at the next run, and the others leave.

    Args:
        instant: local time; now by default.
        essai: count without sending or writing.
    """
    instant = instant or timezone.localtime()
    bilan = Bilan()
    for utilisateur, rythme, siennes in _a_envoyer(instant):
        bilan.notifications += len(siennes)
        bilan.courriels += 1
        if essai:
            continue
        try:
            _envoyer_a(utilisateur, rythme, siennes, instant)
        except OSError:
            bilan.courriels -= 1
            bilan.notifications -= len(siennes)
            bilan.echecs += 1
    return bilan


def _a_envoyer(instant: datetime) -> Iterable[tuple[Utilisateur, str, list[Notification]]]:
    """Return, in a fixed number of queries, what is due by person and rhythm."""
    attente = (
        Notification.objects.filter(envoi=None, lue_le=None, destinataire__est_actif=True)
        .select_related("destinataire", "organisation")
        .order_by("instant", "pk")
    )
    choisies: dict[int, dict[str, str]] = defaultdict(dict)
    for cle, code, rythme in Preference.objects.values_list("utilisateur", "genre", "rythme"):
        choisies[cle][code] = rythme
    en_poste = set(Adhesion.objects.en_vigueur(timezone.localdate(instant)).values_list("utilisateur", "organisation"))
    groupes: dict[tuple[int, str], list[Notification]] = defaultdict(list)
    for n in attente:
        rythme = rythme_de(n.genre, choisies[n.destinataire_id])
        if (n.destinataire_id, n.organisation_id) in en_poste and periode(rythme, instant) is not None:
            groupes[n.destinataire_id, rythme].append(n)
    partis = set(Envoi.objects.filter(utilisateur__in={cle for cle, _ in groupes}).values_list(
        "utilisateur", "rythme", "periode"
    ))  # fmt: skip
    for (cle, rythme), siennes in groupes.items():
        if (cle, rythme, periode(rythme, instant)) not in partis:
            yield siennes[0].destinataire, rythme, siennes


@transaction.atomic
def _envoyer_a(utilisateur: Utilisateur, rythme: str, siennes: list[Notification], instant: datetime) -> None:
    """Send one grouped mail and keep that it left; the row comes first, so that two runs at once send one mail.

    Raises:
        OSError: the mail server did not answer; nothing is kept.
    """
    envoi, cree = Envoi.objects.get_or_create(
        utilisateur=utilisateur, rythme=rythme, periode=periode(rythme, instant), defaults={"envoye_le": instant}
    )
    if not cree:
        return
    Notification.objects.filter(pk__in=[n.pk for n in siennes]).update(envoi=envoi)
    contexte = {
        "utilisateur": utilisateur, "parties": courriels.parties(siennes), "adresse": settings.ADRESSE_PUBLIQUE,
        "reste": len(siennes) - len(courriels.a_montrer(siennes)), "fictif": settings.DONNEES_FICTIVES,
    }  # fmt: skip
    corps = render_to_string("taches/courriels/digest.txt", contexte)
    send_mail(courriels.sujet(siennes), corps, None, [utilisateur.email])
