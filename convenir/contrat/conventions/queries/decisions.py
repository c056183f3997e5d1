"""A decision read on a day: where its appeals stand, what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenir.contrat.conventions import droit
from convenir.contrat.conventions.models import Decision
from convenir.contrat.conventions.policies import refus
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite


@dataclass(frozen=True)
class Etape:
    """A step of a decision: its words, its day, what is said of it."""

    quoi: str
    jour: date | None
    dit: str = ""


def horloge(decision: Decision, jour: date) -> list[Etape]:
    """Return the steps of a decision, past and awaited, in their order."""
    etapes = [Etape("Décision prise", decision.prise_le, f"{decision.signataire}, {decision.qualite}")]
    if decision.notifiee_le is None:
        avant = droit.notification_avant(decision.prise_le)
        return [*etapes, Etape("Notification à enregistrer", None, f"Au plus tard le {en_mots(avant)}.")]
    etapes.append(Etape("Notifiée à la structure", decision.notifiee_le))
    limite = droit.recours_jusquau(decision.notifiee_le)
    if decision.recours_le is None:
        dit = (
            "Un recours est encore possible." if jour <= limite else "Le délai est passé, la décision est définitive."
        )
        return [*etapes, Etape("Recours possible jusqu’au", limite, dit)]
    etapes.append(Etape("Recours gracieux reçu", decision.recours_le, decision.recours_objet))
    silence = droit.silence_jusquau(decision.recours_le)
    if decision.reponse_le is None:
        dit = "Passé ce jour, le silence vaut rejet." if jour <= silence else "Sans réponse, le recours est rejeté."
        return [*etapes, Etape("Réponse attendue avant le", silence, dit)]
    sens = "accueilli" if decision.accueilli else "rejeté"
    return [*etapes, Etape(f"Recours {sens}", decision.reponse_le, decision.reponse)]


def suites_possibles(acteur: Acteur, decision: Decision) -> list[tuple[str, str]]:
    """Return what this person may do next on a decision: (name of the address, words)."""
    instruit = refus(acteur, decision.convention, Capacite.INSTRUIRE_CONVENTION) is None
    decide = refus(acteur, decision.convention, Capacite.DECIDER_CONVENTION) is None
    if decision.notifiee_le is None:
        return [("notifier", "Enregistrer la notification")] if instruit else []
    if decision.recours_le is None:
        return [("recours", "Enregistrer un recours gracieux")] if instruit else []
    if decision.reponse_le is None:
        return [("repondre", "Répondre au recours")] if decide else []
    return []
