"""What a person types in a short form, kept without being sent; a line is written whole, by the button alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from convenir.contrat.dossiers import actes, cibles, policies
from convenir.contrat.dossiers.actions.projet import refus_d_ecrire_l_action
from convenir.contrat.dossiers.actions.redaction import refus_d_ecrire_la_ligne
from convenir.contrat.dossiers.models import Brouillon, Dossier
from convenir.contrat.dossiers.rules import TEXTE_MAX
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import nombre
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser


@transaction.atomic
def garder(
    acteur: Acteur, dossier: Dossier, cible: str, saisie: Mapping[str, str], *, lue: str, maintenant: datetime
) -> Brouillon:
    """Keep what a person has typed, valid or not; the action or the line itself does not change.

    Args:
        cible: the action or the line (`cibles`); an axis for an action to add, the plan for a funder to add.
        lue: the version of the line that the form has read.

    Raises:
        ActionRefusee: no right, or a thing that is closed.
        EntreeInvalide: a text too long.
    """
    policies.exiger(_refus(acteur, dossier, cible))
    if sum(map(len, saisie.values())) > TEXTE_MAX:
        raise EntreeInvalide(f"Ce brouillon dépasse {nombre(TEXTE_MAX)} signes. Joignez plutôt une pièce.")
    champs = {"saisie": dict(saisie), "lue": lue, "ecrit_le": maintenant}
    garde, _ = Brouillon.objects.update_or_create(
        dossier=dossier, cible=cible, auteur=acteur.utilisateur, defaults=champs
    )
    journaliser(actes.BROUILLON, dossier, auteur=acteur.auteur, apres={"brouillon": cible})
    return garde


@transaction.atomic
def abandonner_brouillon(acteur: Acteur, dossier: Dossier, cible: str) -> None:
    """Drop one's own draft; without one, nothing happens.

    Raises:
        ActionRefusee: the person does not write in this file.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    jetes, _ = dossier.brouillons.filter(cible=cible, auteur=acteur.utilisateur).delete()
    if jetes:
        journaliser(actes.BROUILLON_ABANDONNE, dossier, auteur=acteur.auteur, avant={"brouillon": cible})


def _refus(acteur: Acteur, dossier: Dossier, cible: str) -> str | None:
    """Say why the person may not write what is named, or None."""
    genre = cibles.genre(cible)
    detail = cible.rpartition(".")[2]
    if genre == cibles.AXE:
        return refus_d_ecrire_l_action(acteur, dossier, detail)
    if genre == cibles.ACTION:
        action = cibles.action_visee(dossier, cible)
        return refus_d_ecrire_l_action(acteur, dossier, action.axe, action) if action else "Cette action est retirée."
    if genre in (cibles.LIGNE, cibles.PLAN):
        return refus_d_ecrire_la_ligne(acteur, dossier, int(detail) if detail.isdecimal() else None)
    return "Cela ne s'écrit pas en brouillon."
