"""Means granted and commitments of the prescribers: what they say of an objective missed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from convenir.socle.commun.francais import enumeration, nombre, pluriel

PROMIS, LIVRE, NON_LIVRE = "promis", "livre", "non_livre"


@dataclass(frozen=True)
class MoyenLu:
    """A means as read: what, who provides it, its state, why it was not delivered."""

    libelle: str
    fournisseur: str
    etat: str
    motif: str = ""


def mise_en_garde(moyens: Iterable[MoyenLu], *, en_partie: bool = False) -> str:
    """Say, of an objective missed (or reached `en_partie`), which of its means did not come; nothing when all did."""
    manquants = [m for m in moyens if m.etat != LIVRE]
    if not manquants:
        return ""
    dits = [f"{m.libelle} ({m.fournisseur}{', ' + m.motif if m.motif else ''})" for m in manquants]
    verbe = "n'a pas été livré" if len(manquants) == 1 else "n'ont pas été livrés"
    sujet = "un moyen promis" if len(manquants) == 1 else f"{len(manquants)} moyens promis"
    debut = "Objectif atteint en partie seulement" if en_partie else "Objectif non atteint"
    return f"{debut}, mais {sujet} {verbe} : {enumeration(dits)}."


def tenu(promis: int | None, realise: int | None) -> str:
    """Write what came of a commitment: « 14 orientations sur 20 promises », « n. d. » when nothing was entered."""
    if realise is None:
        return "réalisé non renseigné"
    if promis is None:
        return f"{nombre(realise)} réalisées, sans nombre promis"
    return f"{nombre(realise)} sur {nombre(promis)}"


def ecart_financier(prevu: Decimal, realise: Decimal) -> tuple[Decimal, str]:
    """Return the gap to the financing plan, in euros, and its words; a plan of zero has no percentage."""
    ecart = realise - prevu
    if not ecart:
        return ecart, "conforme au plan de financement"
    part = "" if not prevu else f", soit {nombre(ecart * 100 / prevu, 1, signe=True)}\u00a0% du prévu"
    return ecart, f"{nombre(ecart, 2, signe=True)}\u00a0€{part}"


def resume(moyens: Iterable[MoyenLu]) -> str:
    """Write the whole: « 4 moyens : 2 livrés, 1 promis, 1 non livré »."""
    lus = list(moyens)
    comptes = {e: sum(m.etat == e for m in lus) for e in (LIVRE, PROMIS, NON_LIVRE)}
    mots = {LIVRE: "livré", PROMIS: "promis", NON_LIVRE: "non livré"}
    dits = [f"{n}\u00a0{_accorder(mots[e], n)}" for e, n in comptes.items() if n]
    return f"{pluriel(len(lus), 'moyen')}{' : ' + ', '.join(dits) if dits else ''}"


def _accorder(mot: str, compte: int) -> str:
    return mot if compte < 2 or mot.endswith("s") else f"{mot}s"
