"""Packed counters: the same counts as one bit at a time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.compilateur.compteurs import (
    LARGEUR,
    LOT,
    PETIT_LOT,
    PETITS_PAR_MOT,
    Compteurs,
    extraire_tous,
    separer,
)
from tests.mesure.donnees.outils import lire_sql


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, (1 << 30) - 1), min_size=1, max_size=50), st.integers(0, 12), st.integers(1, 18))
def test_autant_de_personnes_que_bit_par_bit(cles, premier, nombre):
    compteurs = Compteurs()
    voisins = compteurs.demander("k", premier, nombre)
    espaces = compteurs.demander("k", 0, 4, 3)
    petites = ", ".join(f"CAST(sum({mot}) AS BIGINT) AS m{n}" for n, mot in enumerate(compteurs.mots))
    grandes = ", ".join(grand for n in range(len(compteurs.mots)) for grand in separer(f"m{n}"))
    (ligne,) = lire_sql(f"SELECT {grandes} FROM (SELECT {petites} FROM (SELECT unnest({cles})::BIGINT AS k))")
    lus = extraire_tous(np.array([ligne], dtype=np.int64))[0]
    assert [lus[n] for n in voisins] == [sum(c >> (premier + r) & 1 for c in cles) for r in range(nombre)]
    assert [lus[n] for n in espaces] == [sum(c >> (3 * r) & 1 for c in cles) for r in range(4)]


def test_un_petit_lot_ne_deborde_pas():
    """A lot of 2**10 numbers, one in two given at most: a file is even or odd, a company is even."""
    compteurs = Compteurs()
    demandes = compteurs.demander("k", 0, PETITS_PAR_MOT)
    personnes = (1 << PETIT_LOT) // 2
    (ligne,) = lire_sql(f"SELECT CAST({personnes} * {compteurs.mots[0]} AS BIGINT) AS m FROM (SELECT 63::BIGINT AS k)")
    (grands,) = lire_sql(f"SELECT {', '.join(separer('m'))} FROM (SELECT {ligne[0]}::BIGINT AS m)")
    assert [extraire_tous(np.array([grands], dtype=np.int64))[0][n] for n in demandes] == [personnes] * PETITS_PAR_MOT


def test_un_lot_ne_deborde_pas():
    personnes = (1 << LOT) // 2
    assert personnes < 1 << LARGEUR
    plein = (personnes << (2 * LARGEUR)) + (personnes << LARGEUR) + personnes
    assert plein < 1 << 63
    assert list(extraire_tous(np.array([[plein]], dtype=np.int64))[0]) == [personnes] * 3
