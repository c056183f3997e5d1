"""Lire et écrire une valeur : espaces et virgule françaises, jamais de flottant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.francais import FINE, INSECABLE, euros, pourcent
from convenir.socle.reglementation.scalaires import dire_scalaire, ecrire_scalaire, lire_scalaire


@pytest.mark.parametrize(
    ("type_", "ecrit", "lu"),
    [
        ("montant", f"13{FINE}304,50", Decimal("13304.50")),
        ("montant", "13 304", Decimal(13304)),
        ("pourcentage", "12,5", Decimal("12.5")),
        ("entier", "1 505", 1505),
        ("jour_annuel", "05-31", "05-31"),
        ("texte", " 1/12 ", "1/12"),
        ("choix", "durable", "durable"),
        ("liste", "transition,durable", "transition, durable"),
    ],
)
def test_une_valeur_se_lit_comme_on_l_ecrit(type_: str, ecrit: str, lu: object) -> None:
    assert lire_scalaire(type_, ecrit, ("durable", "transition")) == lu


@pytest.mark.parametrize(
    ("type_", "ecrit"),
    [
        ("montant", "NaN"), ("montant", "Infinity"), ("montant", "-1"), ("entier", "1,5"), ("jour_annuel", "02-30"),
        ("jour_annuel", "31/05"), ("texte", "  "), ("choix", "positive"), ("nombre", "mille"),
        ("liste", "durable, positive"), ("liste", "durable,"),
    ],
)  # fmt: skip
def test_une_valeur_fausse_est_refusee_en_francais(type_: str, ecrit: str) -> None:
    with pytest.raises(ValueError, match="attendu"):
        lire_scalaire(type_, ecrit, ("durable",))


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_ecrire_puis_relire_rend_la_valeur(valeur: Decimal) -> None:
    assert lire_scalaire("montant", ecrire_scalaire(valeur)) == valeur


def test_une_valeur_se_dit_en_francais() -> None:
    assert dire_scalaire(Decimal(13304), "montant", "€") == euros(Decimal(13304))
    assert dire_scalaire(Decimal("13304.50"), "montant", "€") == euros(Decimal("13304.5"), 2)
    assert dire_scalaire(Decimal("12.50"), "pourcentage", "%") == pourcent(Decimal("12.5"), 1)
    assert dire_scalaire(Decimal(10), "pourcentage", "%") == pourcent(Decimal(10), 0)
    assert dire_scalaire(Decimal(1505), "nombre", "h") == f"1{FINE}505{INSECABLE}h"
    assert dire_scalaire("05-31", "jour_annuel", "") == f"31{INSECABLE}mai"
    assert dire_scalaire("01-01", "jour_annuel", "") == f"1er{INSECABLE}janvier"
