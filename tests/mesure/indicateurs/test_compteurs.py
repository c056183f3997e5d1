"""Packed counters: the same counts as one bit at a time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.compilateur.compteurs import LARGEUR, LOT, Compteurs, extraire_tous
from tests.mesure.donnees.outils import lire_sql


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, (1 << 30) - 1), min_size=1, max_size=50), st.integers(0, 12), st.integers(1, 18))
def test_autant_de_personnes_que_bit_par_bit(cles, premier, nombre):
    compteurs = Compteurs()
    voisins = compteurs.demander("k", premier, nombre)
    espaces = compteurs.demander("k", 0, 4, 3)
    sommes = ", ".join(f"CAST(sum({mot}) AS BIGINT)" for mot in compteurs.mots)
    (ligne,) = lire_sql(f"SELECT {sommes} FROM (SELECT unnest({cles})::BIGINT AS k)")
    lus = extraire_tous(np.array([ligne], dtype=np.int64))[0]
    assert [lus[n] for n in voisins] == [sum(c >> (premier + r) & 1 for c in cles) for r in range(nombre)]
    assert [lus[n] for n in espaces] == [sum(c >> (3 * r) & 1 for c in cles) for r in range(4)]


def test_un_lot_ne_deborde_pas():
    assert 1 << LOT < 1 << LARGEUR
    plein = ((1 << LOT) << (2 * LARGEUR)) + ((1 << LOT) << LARGEUR) + (1 << LOT)
    assert plein < 1 << 63
    assert list(extraire_tous(np.array([[plein]], dtype=np.int64))[0]) == [1 << LOT] * 3
