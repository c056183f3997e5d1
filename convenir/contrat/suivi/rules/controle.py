"""A-posteriori control of eligibility (R. 5132-1-12 to -16): a sample anyone can draw again, and two delays. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from convenir.socle.commun.erreurs import EntreeInvalide


def tirer(graine: str, population: Iterable[str], taille: int) -> list[str]:
    """Draw a sample that whoever knows the seed and the list draws again: the smallest SHA-256 of « graine|clé ».

    Args:
        graine: published seed, chosen before the list is closed.
        population: keys of what may be drawn; a key listed twice counts once.
        taille: how many are drawn; the whole list when it is shorter.

    Raises:
        EntreeInvalide: empty seed or size below one.
    """
    if not graine.strip():
        raise EntreeInvalide("Publiez une graine : c'est elle qui permet à chacun de refaire le tirage.")
    if taille < 1:
        raise EntreeInvalide("L'échantillon compte au moins une ligne.")
    rangs = sorted(set(population), key=lambda cle: (sha256(f"{graine}|{cle}".encode()).hexdigest(), cle))
    return rangs[:taille]


def tirer_embauches(graine: str, structure: str, effectif: int, taille: int) -> list[int]:
    """Draw ranks in the list of self-prescribed hires that a structure sorts by date, in rising order.

    Args:
        graine: published seed of the campaign.
        structure: code of the structure, so that two structures do not draw the same ranks.
        effectif: length of the list; no name is needed to draw.
        taille: how many are drawn; the whole list when it is shorter.

    Raises:
        EntreeInvalide: empty seed, empty list or size below one.
    """
    if effectif < 1:
        raise EntreeInvalide("La liste ne compte aucune auto-prescription : il n'y a rien à tirer.")
    rangs = tirer(graine, (f"{structure}/{rang}" for rang in range(1, effectif + 1)), taille)
    return sorted(int(cle.rpartition("/")[2]) for cle in rangs)


def empreinte_population(population: Iterable[str]) -> str:
    """Return the SHA-256 of the list drawn from, published with the seed."""
    return sha256("\n".join(sorted(set(population))).encode()).hexdigest()


class Etape(StrEnum):
    """Where the control of a structure stands."""

    JUSTIFICATIFS = "justificatifs"
    OBSERVATIONS = "observations"
    DECISION = "decision"
    CLOS = "clos"


def echeance(depart: date, semaines: int) -> date:
    """Return the last day of a delay counted in weeks."""
    return depart + timedelta(weeks=semaines)


def refus_de_conclure(etape: str, fin: date, aujourdhui: date, *, repondu: bool) -> str:
    """Say why a step may not be closed yet: its delay is still running and the structure has not answered."""
    if etape in (Etape.JUSTIFICATIFS, Etape.OBSERVATIONS) and not repondu and aujourdhui <= fin:
        return f"La structure a jusqu'au {fin:%d/%m/%Y} pour répondre."
    return ""
