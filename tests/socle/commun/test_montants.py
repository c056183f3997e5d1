"""Amounts: the rounding rule of the annexes financières, on hand-checked cases."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.etp import etp_annuels, etp_mensuels
from convenir.socle.commun.montants import arrondir, montant_annexe


@pytest.mark.parametrize(
    ("etp", "unitaire", "mois", "attendu"),
    [
        # Extrait de l'ASP, ACI, 12 mois : 8,15 × 19 897 = 162 160,55.
        ("8.15", "19897", 12, "162160.55"),
        ("7.56", "19897", 12, "150421.32"),
        # Six mois : 1,5 × 20 441 / 12 = 2 555,125, arrondi au centime supérieur, puis six fois.
        ("1.5", "20441", 6, "15330.78"),
        ("0", "20441", 3, "0.00"),
    ],
)
def test_montant_annexe_arrondit_l_annee_ou_le_mois(etp: str, unitaire: str, mois: int, attendu: str) -> None:
    assert montant_annexe(Decimal(etp), Decimal(unitaire), mois) == Decimal(attendu)


def test_montant_annexe_refuse_zero_mois() -> None:
    with pytest.raises(ValueError, match="au moins un mois"):
        montant_annexe(Decimal(1), Decimal(1), 0)


def test_arrondir_monte_a_la_demie() -> None:
    assert arrondir(Decimal("2.675")) == Decimal("2.68")
    assert arrondir(Decimal("-2.675")) == Decimal("-2.68")
    assert arrondir(Decimal("54.25"), 1) == Decimal("54.3")


@given(st.decimals("0", "2000", places=2), st.integers(1, 11), st.decimals("1", "30000", places=2))
def test_un_total_partiel_est_un_multiple_de_son_mois(etp: Decimal, mois: int, unitaire: Decimal) -> None:
    total = montant_annexe(etp, unitaire, mois)
    assert total == montant_annexe(etp, unitaire, 1) * mois
    assert abs(total - etp * unitaire * mois / 12) <= Decimal("0.005") * mois


def test_etp_realises() -> None:
    assert etp_annuels(Decimal(19944), Decimal(1820)).quantize(Decimal("0.01")) == Decimal("10.96")
    assert etp_mensuels(Decimal("151.67"), Decimal(1820)).quantize(Decimal("0.01")) == Decimal("1.00")
    with pytest.raises(ValueError, match="positif"):
        etp_annuels(Decimal(1), Decimal(0))
