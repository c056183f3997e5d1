"""Who reads and writes the register, and why not: a mission locale writes its own, the State and the parties read."""

from __future__ import annotations

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.organisations.models import MissionLocale


def refus_d_ecrire(acteur: Acteur, mission_locale: MissionLocale) -> str | None:
    """Say why the person may not write in the register of a mission locale, or None."""
    if raison := raison_du_refus(acteur, Capacite.ECRIRE_TRAVAUX):
        return raison
    if not MissionLocale.objects.visibles_par(acteur.perimetre).filter(pk=mission_locale.pk).exists():
        return "Ce registre est celui d'une autre mission locale. Chacune n'écrit que dans le sien."
    return None


def exiger_d_ecrire(acteur: Acteur, mission_locale: MissionLocale) -> None:
    """Stop a person who may not write there.

    Raises:
        ActionRefusee: with the reason.
    """
    if raison := refus_d_ecrire(acteur, mission_locale):
        raise ActionRefusee(raison)
