"""The last version of each monthly entry, against a count in plain Python over rows drawn at random."""

import random

import duckdb
import pytest

from convenir.mesure.donnees.requetes_sql import mensuel_retenu


def tirer(graine: int) -> list[tuple[int | None, ...]]:
    """Rows (annexe, year, month, person, contract, version, entry): months entered again, ties, shared contracts."""
    hasard = random.Random(graine)
    return [
        (
            hasard.randint(1, 2), hasard.choice((2023, 2025)), hasard.randint(1, 12), hasard.randint(1, 2),
            hasard.choice((None, 1, 2, 3, 4, 5)), hasard.choice((None, 0, 1, 1, 1, 2)), entree,
        )
        for entree in range(1, 120)
    ]  # fmt: skip


@pytest.mark.parametrize("graine", range(8))
def test_chaque_mois_garde_sa_derniere_version(graine):
    lignes = tirer(graine)
    par_cle: dict[tuple[int | None, ...], tuple[int, int]] = {}
    for *cle, version, entree in lignes:
        # A row that names no contract is not compared with another.
        seule = tuple(cle) if cle[4] is not None else (*cle, entree)
        par_cle[seule] = max(par_cle.get(seule, (-1, 0)), (version or 0, entree))
    attendues = sorted(entree for _, entree in par_cle.values())
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE lues (emi_afi_id BIGINT, emi_sme_annee BIGINT, emi_sme_mois BIGINT, emi_pph_id BIGINT, "
        "emi_ctr_id BIGINT, emi_sme_version BIGINT, emi_dsm_id BIGINT)"
    )
    base.executemany("INSERT INTO lues VALUES (?, ?, ?, ?, ?, ?, ?)", lignes)
    lues = base.execute(f"SELECT emi_dsm_id FROM {mensuel_retenu('lues')} ORDER BY 1").fetchall()
    assert [entree for (entree,) in lues] == attendues
    assert len(attendues) < len(lignes)
