"""Who must sign a version, in what order of authority (instruction DGEFP 2014-2, point 2): the State signs last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convenir.contrat.conventions.rules.termes import Cofinancement, Termes

STRUCTURE, FRANCE_TRAVAIL, FINANCEUR, ETAT = "structure", "france_travail", "financeur", "etat"
FAITES = frozenset({"signee", "substituee"})


@dataclass(frozen=True)
class Attendue:
    """A signature that the texts ask for; `cle` is the organisation of a co-funder."""

    partie: str
    ordre: int
    cle: str = ""


def signent(termes: Termes, *, france_travail: bool) -> list[Attendue]:
    """Return who signs: the structure, France Travail for the IAE, each funder of posts, then the State.

    Args:
        termes: those to sign; a funder that pays for posts or an amount becomes a signatory.
        france_travail: whether the text of the dispositif makes it a party.
    """
    parties = [Attendue(STRUCTURE, 1)]
    if france_travail:
        parties.append(Attendue(FRANCE_TRAVAIL, 2))
    cles = [c.cle for c in termes.cofinancements if cofinance(c)]
    parties += [Attendue(FINANCEUR, 3 + rang, cle) for rang, cle in enumerate(cles)]
    return [*parties, Attendue(ETAT, 3 + len(cles))]


def cofinance(financement: Cofinancement) -> bool:
    """Tell whether a funder really pays: it then becomes a signatory."""
    return bool(financement.postes or financement.montant)


@dataclass(frozen=True)
class EtatDePartie:
    """What has become of one expected signature."""

    partie: str
    ordre: int
    etat: str


def a_son_tour(signatures: Sequence[EtatDePartie]) -> list[EtatDePartie]:
    """Return those whose turn it is: the first order still awaited. Copies of one act may circulate apart, so the
    parties before the State never wait for each other; the State waits for all."""
    attendues = [s for s in signatures if s.etat not in FAITES]
    autres = [s for s in attendues if s.partie != ETAT]
    return autres or attendues


def peut_signer(partie: str, signatures: Sequence[EtatDePartie]) -> bool:
    """Tell whether a party may sign now."""
    return any(s.partie == partie for s in a_son_tour(signatures))
