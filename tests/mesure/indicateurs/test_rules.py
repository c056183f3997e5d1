"""Reading aids: intervals, bounds, quartiles, secrecy."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.rules import (
    Z_95,
    appliquer_secret,
    bornes_du_taux,
    intervalle_wilson,
    masquer_serie,
    rang_proche,
)
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_bornes_racines_de_lequation(tirage):
    """Both ends p solve (p̂ − p)² = z² p (1 − p) / n, which is what the interval means."""
    succes, n = tirage
    bornes = intervalle_wilson(succes, n)
    assert bornes is not None
    taux = Decimal(succes) / n
    assert bornes[0] <= taux * 100 + Decimal("1e-6")
    assert bornes[1] >= taux * 100 - Decimal("1e-6")
    for borne in bornes:
        p = borne / 100
        assert abs((taux - p) ** 2 - Z_95 * Z_95 * p * (1 - p) / n) < Decimal("1e-6")


def test_wilson_cas_connus():
    # 19 of 35, the example of the mock-up: 38 % to 70 %.
    bas, haut = intervalle_wilson(19, 35) or (0, 0)
    assert (round(bas), round(haut)) == (38, 70)
    assert intervalle_wilson(0, 0) is None
    assert (intervalle_wilson(0, 10) or (1, 0))[0] == 0
    with pytest.raises(ValueError, match="entre 0"):
        intervalle_wilson(3, 2)


def test_bornes_du_taux_avec_un_motif_inconnu():
    assert bornes_du_taux(19, 1, 35) == (Decimal("54.285714"), Decimal("57.142857"))
    assert bornes_du_taux(0, 0, 0) is None


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=60), st.sampled_from([25, 50, 75]))
def test_rang_proche_est_une_valeur_et_en_laisse_assez_dessous(valeurs, centieme):
    choisi = rang_proche(valeurs, centieme)
    assert choisi in valeurs
    dessous = sum(v <= choisi for v in valeurs)
    assert dessous * 100 >= centieme * len(valeurs)
    assert sum(v < choisi for v in valeurs) * 100 < centieme * len(valeurs)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 30), max_size=8), st.integers(2, 6))
def test_le_secret_ne_se_retrouve_pas_par_difference(comptes, seuil):
    caches = masquer_serie(comptes, seuil)
    assert {c for c, n in comptes.items() if 0 < n < seuil} <= caches
    positifs = [c for c, n in comptes.items() if n > 0]
    assert len(caches) != 1 or len(positifs) == 1


def test_les_marques_sensibles_et_leur_part_sont_masquees():
    def valeur(indicateur, ventilation, n, d=None):
        return Valeur(
            indicateur, ventilation, "oui" if ventilation else "", "2025", Decimal(n), d and Decimal(d), Decimal(n),
            "disponible",
        )  # fmt: skip

    lues = Valeurs.de(
        "siae", "1-ACI",
        [
            valeur("iae.publics.presents", "", 40), valeur("iae.publics.presents", "rqth", 3),
            valeur("iae.publics.presents", "aah", 7), valeur("iae.publics.presents", "rsa", 2),
            valeur("iae.publics.part", "rqth", 3, 40), valeur("iae.publics.embauches", "rqth", 9),
        ],
    )  # fmt: skip
    masquees = appliquer_secret(lues, catalogue().ventilations.values(), 5)
    assert masquees.get("iae.publics.presents", "2025", "rqth", "oui").texte == "s.\u202fs."
    assert masquees.get("iae.publics.part", "2025", "rqth", "oui").numerateur is None
    assert masquees.get("iae.publics.presents", "2025", "aah", "oui").valeur == 7
    assert masquees.get("iae.publics.presents", "2025", "rsa", "oui").valeur == 2
    assert lues.get("iae.publics.presents", "2025", "rqth", "oui").valeur == 3
