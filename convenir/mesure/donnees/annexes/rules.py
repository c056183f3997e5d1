"""Rules of the annexes financières (décisions, § 4). Pure: no database, no clock. Their SQL twins are in `sql.py`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.commun.montants import montant_annexe
from convenir.socle.commun.periodes import Mois

# From the state that counts first to the last; every other state is history only.
ETATS_RETENUS = ("VALIDE", "PROVISOIRE", "CLOTURE")
# Categories of SIAE; FDI is a fund, not a category: its annexes are kept, never counted.
CATEGORIES = ("EI", "ETTI", "AI", "ACI", "EITI")
_MESURE = re.compile(r"^(ACI|AI|EITI|ETTI|EI)(?:PA)?_(DC|MP)$")


class Version(Protocol):
    """What the choice of a version looks at."""

    id_annexe: int
    id_avenant: int
    etat: str
    avenant: int
    modification: int


def categorie_de(mesure: str) -> str | None:
    """Return the category of SIAE of an ASP measure: `ACI_MP` gives `ACI`; `FDI_DC` and the unknown give None."""
    trouve = _MESURE.match(mesure.strip().upper())
    return trouve[1] if trouve else None


def est_fdi(mesure: str) -> bool:
    """Tell whether the annexe is one of the Fonds départemental d'insertion, never counted."""
    return mesure.strip().upper().startswith("FDI")


def rang_etat(etat: str) -> int:
    """Return the rank of a state in the choice of the version, 0 first; a state of history ranks after all."""
    return ETATS_RETENUS.index(etat) if etat in ETATS_RETENUS else len(ETATS_RETENUS)


def versions_retenues(versions: Iterable[Version]) -> set[tuple[int, int]]:
    """Choose the one version per annexe the indicators use.

    VALIDE, else PROVISOIRE, else CLOTURE; then the highest modification M; then, if still equal, the highest version
    identifier, so that the choice never depends on the order of the lines.

    Returns:
        Keys (`id_annexe`, `id_avenant`); an annexe with states of history only has none.
    """
    par_annexe: dict[int, list[Version]] = defaultdict(list)
    for version in versions:
        if version.etat in ETATS_RETENUS:
            par_annexe[version.id_annexe].append(version)
    retenues = (min(v, key=_preference) for v in par_annexe.values())
    return {(v.id_annexe, v.id_avenant) for v in retenues}


def _preference(version: Version) -> tuple[int, int, int]:
    return rang_etat(version.etat), -version.modification, -version.id_avenant


def mois_de_lannexe(debut: date, fin_incluse: date) -> int:
    """Return the number of months of an annexe, both ends included, as the ASP counts them.

    Raises:
        ValueError: if the end is before the start.
    """
    if fin_incluse < debut:
        raise ValueError(f"L'annexe finit le {fin_incluse} avant de commencer le {debut}.")
    premier, dernier = Mois.de(debut), Mois.de(fin_incluse)
    return (dernier.annee - premier.annee) * 12 + dernier.mois - premier.mois + 1


def ecart_de_total(total: Decimal, etp: Decimal, unitaire: Decimal, mois: int) -> Decimal:
    """Return the total written in the annexe minus the total of the rule, in euros; 0 when they agree."""
    return total - montant_annexe(etp, unitaire, mois)


def objectifs_coherents(dynamique: Decimal, durable: Decimal, transition: Decimal, positives: Decimal) -> bool:
    """Tell whether the dynamic target is the sum of its three parts (all at 0: target not entered, coherent)."""
    return dynamique == durable + transition + positives


def departement_de(numero: str) -> str | None:
    """Return the code of the département written in the number of an annexe, or None if it cannot be read."""
    try:
        return lire_numero_annexe(numero).departement
    except ValueError:
        return None
