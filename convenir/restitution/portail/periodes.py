"""A period code in words."""

from __future__ import annotations

from datetime import date

from convenir.socle.commun import francais


def en_mots(periode: str) -> str:
    """Write a period: « en 2025 », « au 2e trimestre 2025 », « de janvier à mars 2025 », « au 31 mars 2025 »."""
    annee = periode[:4]
    if len(periode) == 4:
        return f"en {annee}"
    if periode[5:6] == "T":
        return f"au {periode[6]}{'er' if periode[6] == '1' else 'e'} trimestre {annee}"
    if len(periode) == 10:
        return f"au {francais.jour(date.fromisoformat(periode))}"
    mois = francais.MOIS[int(periode[5:7]) - 1]
    if periode.endswith("-cumul"):
        return f"de janvier à {mois} {annee}"
    return f"en {mois} {annee}"
