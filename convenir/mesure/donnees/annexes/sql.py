"""SQL twins of the rules of the annexes, for DuckDB. `tests/mesure/donnees/annexes` proves them equal."""

from __future__ import annotations

from convenir.mesure.donnees.annexes.rules import CATEGORIES, ETATS_RETENUS

RANG_ETAT = "CASE {etat} " + " ".join(f"WHEN '{e}' THEN {r}" for r, e in enumerate(ETATS_RETENUS)) + " END"


def rang_etat(etat: str) -> str:
    """Return the expression of the rank of a state, NULL for a state of history."""
    return RANG_ETAT.format(etat=etat)


def mois_de_lannexe(debut: str, fin_incluse: str) -> str:
    """Return the expression of the number of months of an annexe."""
    return f"(datediff('month', {debut}, {fin_incluse}) + 1)"


def total_de_la_regle(etp: str, unitaire: str, mois: str) -> str:
    """Return the expression of the total of an annexe, DECIMAL(18,2), exact: integers only, no float.

    Twin of `montant_annexe`: the product is held in millionths of a euro (ETP × 10⁴, euros × 10²).
    """
    produit = f"(CAST({etp} * 10000 AS HUGEINT) * CAST({unitaire} * 100 AS HUGEINT))"
    annuel = f"(({produit} * 2 + 10000) // 20000)"
    mensuel = f"(({produit} * 2 + 120000) // 240000)"
    centimes = f"(CASE WHEN {mois} = 12 THEN {annuel} ELSE {mensuel} * {mois} END)"
    return f"CAST(CAST({centimes} AS DECIMAL(20,0)) * 0.01 AS DECIMAL(18,2))"


def categorie(mesure: str) -> str:
    """Return the expression of the category of SIAE of a measure; NULL for FDI and unknown measures."""
    noms = "|".join(sorted(CATEGORIES, key=len, reverse=True))
    return f"NULLIF(regexp_extract(upper(trim({mesure})), '^({noms})(?:PA)?_(?:DC|MP)$', 1), '')"
