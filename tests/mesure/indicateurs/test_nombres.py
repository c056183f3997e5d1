"""Exact rounding in SQL, on both sides of what 64 bits can hold."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from convenir.mesure.indicateurs.compilateur.nombres import COURT, arrondir
from tests.mesure.donnees.outils import lire_sql

EXACTS = (
    0, 1, 499_999, 500_000, 500_001, 1_499_999_500_000, COURT - 1, COURT, COURT + 500_000, 2**63, 10**30 + 500_000,
)  # fmt: skip


@pytest.mark.parametrize("nombre", [s * n for n in EXACTS for s in (1, -1)])
def test_larrondi_est_exact_et_au_demi_superieur(nombre):
    attendu = int(Decimal(nombre).scaleb(-6).quantize(Decimal(1), ROUND_HALF_UP))
    (lu,) = lire_sql(f"SELECT {arrondir('x', 12, 6)} FROM (SELECT CAST('{nombre}' AS HUGEINT) AS x)")
    assert lu == (attendu,)


def test_larrondi_de_rien_est_rien():
    assert lire_sql(f"SELECT {arrondir('x', 12, 6)} FROM (SELECT CAST(NULL AS HUGEINT) AS x)") == [(None,)]
