"""Record the publics that a département holds as priorities, with the share it seeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.reglementation import actes, memoire
from convenir.socle.reglementation.actions.commun import exiger_motif, signer
from convenir.socle.reglementation.actions.locaux import en_journal
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal
from convenir.socle.reglementation.policies import refus_local
from convenir.socle.reglementation.publics import LIBELLES
from convenir.socle.territoires.models import Departement


@dataclass(frozen=True)
class SaisiePriorite:
    """A priority to record: which public, which share of the people present (percent), adopted by whom, when."""

    departement: Departement
    public: str
    part: Decimal
    organe: str
    adopte_le: date
    reference: str
    debut: date
    motif: str
    dernier_jour: date | None = None


def ajouter_priorite(acteur: Acteur, saisie: SaisiePriorite) -> ParametreLocal:
    """Record the share of a public that a territory seeks; no figure changes, each stands beside it.

    Texte source : circulaire du 10 décembre 2008, objectifs « contextualisés en fonction des spécificités du
    territoire et des priorités fixées en CDIAE ».

    Raises:
        ActionRefusee: the person may not, or not for this département.
        EntreeInvalide: the entry is wrong, or a priority for this public already holds on these days.
    """
    if raison := refus_local(acteur, saisie.departement):
        raise ActionRefusee(raison)
    exiger_motif(saisie.motif)
    ligne = ParametreLocal(
        genre=GenreLocal.PUBLIC_PRIORITAIRE,
        departement=saisie.departement,
        elements=[saisie.public, str(saisie.part)],
        libelle=LIBELLES.get(saisie.public, ""),
        organe=saisie.organe.strip(),
        adopte_le=saisie.adopte_le,
        reference=saisie.reference.strip(),
        debut=saisie.debut,
        dernier_jour=saisie.dernier_jour,
        motif=saisie.motif.strip(),
    )
    with transaction.atomic():
        # Two people of the same département wait for each other, so that no day has two priorities for a public.
        Departement.objects.select_for_update().get(pk=saisie.departement.pk)
        _verifier(saisie)
        signer(ligne, acteur).save()
        journaliser(actes.PRIORITE_AJOUTEE, ligne, auteur=acteur.auteur, apres=en_journal(ligne))
    # No figure changes: what this request has read is forgotten, nothing is computed again.
    memoire.oublier()
    return ligne


def _verifier(saisie: SaisiePriorite) -> None:
    if saisie.public not in LIBELLES:
        raise EntreeInvalide("Ce public n'est pas de ceux que la fiche compte. Choisissez-le dans la liste.")
    if not 0 < saisie.part <= 100:
        raise EntreeInvalide("La part visée est un pourcentage, plus grand que 0 et au plus égal à 100.")
    if saisie.dernier_jour and saisie.dernier_jour < saisie.debut:
        raise EntreeInvalide("Le dernier jour précède la date d'effet. Corrigez l'une des deux dates.")
    if saisie.adopte_le > timezone.localdate():
        raise EntreeInvalide("La date d'adoption est dans le futur. Enregistrez la priorité une fois adoptée.")
    if autre := _deja(saisie):
        fin = f" au {en_mots(autre.dernier_jour)}" if autre.dernier_jour else ""
        raise EntreeInvalide(
            f"Une priorité pour ce public vaut déjà du {en_mots(autre.debut)}{fin}. Terminez-la d'abord, puis "
            "enregistrez la nouvelle."
        )


def _deja(saisie: SaisiePriorite) -> ParametreLocal | None:
    """Return the priority for the same public that holds on a day of this one."""
    memes = ParametreLocal.objects.filter(
        Q(dernier_jour=None) | Q(dernier_jour__gte=saisie.debut),
        genre=GenreLocal.PUBLIC_PRIORITAIRE, departement=saisie.departement, retire_le=None,
    )  # fmt: skip
    if saisie.dernier_jour:
        memes = memes.filter(debut__lte=saisie.dernier_jour)
    return next((ligne for ligne in memes.order_by("debut") if ligne.elements[0] == saisie.public), None)
