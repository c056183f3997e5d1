"""Record the sorties positives that a département defined, end them, withdraw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import enumeration
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.reglementation import actes
from convenir.socle.reglementation.actions.commun import annoncer, exiger_motif, retirer, signer
from convenir.socle.reglementation.droit import MOTIF
from convenir.socle.reglementation.models import ParametreLocal
from convenir.socle.reglementation.policies import refus_local
from convenir.socle.reglementation.queries import charger
from convenir.socle.territoires.models import Departement

RECLASSABLES = ("autre", "inconnu")


@dataclass(frozen=True)
class SaisieLocale:
    """Local sorties positives to record: which reasons, adopted by whom, when, for which period."""

    departement: Departement
    motifs: tuple[str, ...]
    libelle: str
    organe: str
    adopte_le: date
    reference: str
    debut: date
    motif: str
    dernier_jour: date | None = None


def ajouter_local(acteur: Acteur, saisie: SaisieLocale) -> ParametreLocal:
    """Record the sorties positives that a territory defined for itself.

    Only reasons that are nationally « autre » (or of unknown category) may become positive: those that leave the
    denominator, and those already dynamic, are not the territory's to change.

    Raises:
        ActionRefusee: the person may not, or not for this département.
        EntreeInvalide: the entry is wrong.
    """
    if raison := refus_local(acteur, saisie.departement):
        raise ActionRefusee(raison)
    _verifier_local(saisie)
    ligne = ParametreLocal(
        departement=saisie.departement,
        elements=sorted(saisie.motifs, key=int),
        libelle=saisie.libelle.strip(),
        organe=saisie.organe.strip(),
        adopte_le=saisie.adopte_le,
        reference=saisie.reference.strip(),
        debut=saisie.debut,
        dernier_jour=saisie.dernier_jour,
        motif=saisie.motif.strip(),
    )
    with transaction.atomic():
        signer(ligne, acteur).save()
        journaliser(actes.LOCAL_AJOUTE, ligne, auteur=acteur.auteur, apres=en_journal(ligne))
    annoncer()
    return ligne


def _verifier_local(saisie: SaisieLocale) -> None:
    permis = motifs_reclassables(saisie.debut)
    if not saisie.motifs:
        raise EntreeInvalide("Choisissez au moins un motif de sortie.")
    if autres := [m for m in saisie.motifs if m not in permis]:
        raise EntreeInvalide(
            f"Ces motifs ne peuvent pas devenir positifs par décision locale : {enumeration(autres)}. "
            "Seuls les motifs classés « autre » ou sans catégorie connue le peuvent."
        )
    if saisie.dernier_jour and saisie.dernier_jour < saisie.debut:
        raise EntreeInvalide("Le dernier jour précède la date d'effet. Corrigez l'une des deux dates.")
    if saisie.adopte_le > timezone.localdate():
        raise EntreeInvalide("La date d'adoption est dans le futur. Enregistrez la définition une fois adoptée.")


def motifs_reclassables(jour: date) -> dict[str, str]:
    """Return the reasons (code, label) that a territory may hold as positive."""
    droit, trouves = charger(), {}
    for code in (c for c in droit.catalogue.parametres if c.startswith(MOTIF)):
        valeur = droit.valeur_ou_rien(code, jour)
        if valeur is not None and valeur.valeur in RECLASSABLES:
            trouves[code.removeprefix(MOTIF)] = valeur.libelle
    return trouves


def terminer_local(acteur: Acteur, cle: int, dernier_jour: date, motif: str) -> ParametreLocal:
    """End a local parameter: exits up to that day, that day included, keep the reading it gave.

    Raises:
        ActionRefusee: the person may not.
        EntreeInvalide: no reason, no such parameter, already withdrawn, or the day precedes its date of effect.
    """
    with transaction.atomic():
        ligne = _local_a_changer(acteur, cle)
        exiger_motif(motif)
        if dernier_jour < ligne.debut:
            raise EntreeInvalide("Ce jour précède la date d'effet. Si la saisie est une erreur, retirez-la plutôt.")
        avant = en_journal(ligne)
        ligne.dernier_jour = dernier_jour
        ligne.save(update_fields=["dernier_jour"])
        apres = {**en_journal(ligne), "motif": motif.strip()}
        journaliser(actes.LOCAL_TERMINE, ligne, auteur=acteur.auteur, avant=avant, apres=apres)
    annoncer()
    return ligne


def retirer_local(acteur: Acteur, cle: int, motif: str) -> ParametreLocal:
    """Withdraw a local parameter entered by mistake: it never counts, and stays in the history.

    Raises:
        ActionRefusee, EntreeInvalide: as `terminer_local`.
    """
    with transaction.atomic():
        ligne = _local_a_changer(acteur, cle)
        retirer(ligne, acteur, motif, actes.LOCAL_RETIRE)
    return ligne


def _local_a_changer(acteur: Acteur, cle: int) -> ParametreLocal:
    lignes = ParametreLocal.objects.select_for_update(of=("self",)).select_related("departement")
    ligne = lignes.filter(pk=cle).first()
    if ligne is None:
        raise EntreeInvalide("Ce paramètre local n'existe pas.")
    if raison := refus_local(acteur, ligne.departement):
        raise ActionRefusee(raison)
    if ligne.est_retire:
        raise EntreeInvalide("Ce paramètre local est déjà retiré.")
    return ligne


def en_journal(ligne: ParametreLocal) -> dict[str, Any]:
    """Return what the journal keeps of a local parameter."""
    return {
        "departement": ligne.departement_id,
        "elements": ligne.elements,
        "organe": ligne.organe,
        "adopte_le": ligne.adopte_le.isoformat(),
        "reference": ligne.reference,
        "debut": ligne.debut.isoformat(),
        "dernier_jour": ligne.dernier_jour.isoformat() if ligne.dernier_jour else None,
    }
