"""French wording: thin spaces, true minus sign, dates in words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun import francais as f

FINE, INSECABLE = f.FINE, f.INSECABLE


def test_nombres() -> None:
    assert f.nombre(Decimal("12345.678"), 1) == f"12{FINE}345,7"
    assert f.nombre(-3, signe=True) == "−3"
    assert f.nombre(Decimal("-0.04"), 1) == "0,0"
    assert f.nombre(None) == f"n.{FINE}d."
    assert f.pourcent(Decimal("54.285714")) == f"54,3{INSECABLE}%"
    assert f.points(Decimal("-3.7")) == f"−3,7{INSECABLE}points"
    assert f.points(Decimal("1.2")) == f"+1,2{INSECABLE}point"
    assert f.euros(430578) == f"430{FINE}578{INSECABLE}€"
    assert f.etp(Decimal("12.08")) == f"12,08{INSECABLE}ETP"


@pytest.mark.parametrize(("texte", "attendu"), [
    ("57,5", "57.5"), ("57.5", "57.5"), ("1 250", "1250"), ("12\u202f500,50\u00a0€", "12500.50"), ("24 %", "24"),
    ("−3", "-3"), ("0", "0"),
])  # fmt: skip
def test_un_nombre_se_lit_comme_on_l_ecrit(texte: str, attendu: str) -> None:
    assert f.lire_nombre(texte) == Decimal(attendu)


@pytest.mark.parametrize("texte", ["", "beaucoup", "1e5", "NaN", "1,2,3", "1_000", "²", "9" * 13, "5,"])
def test_ce_qui_n_est_pas_un_nombre_est_dit(texte: str) -> None:
    with pytest.raises(ValueError, match="n’est pas un nombre"):
        f.lire_nombre(texte)


def test_dates() -> None:
    assert f.jour(date(2026, 3, 1)) == f"1er{INSECABLE}mars{INSECABLE}2026"
    assert f.jour(date(2026, 10, 15), semaine=True) == f"jeudi 15{INSECABLE}octobre{INSECABLE}2026"
    assert f.mois(2026, 9) == f"septembre{INSECABLE}2026"


@pytest.mark.parametrize(("n", "attendu"), [(0, "0 sortie"), (1, "1 sortie"), (2, "2 sorties")])
def test_le_pluriel_commence_a_deux(n: int, attendu: str) -> None:
    assert f.pluriel(n, "sortie").replace(INSECABLE, " ") == attendu


def test_enumeration() -> None:
    assert f.enumeration([]) == ""
    assert f.enumeration(["EI"]) == "EI"
    assert f.enumeration(["EI", "AI", "ACI"]) == "EI, AI et ACI"


@given(st.decimals("-1000000000", "1000000000", places=4), st.integers(0, 4))
def test_un_nombre_ecrit_se_relit(valeur: Decimal, decimales: int) -> None:
    assert f.lire_nombre(f.nombre(valeur, decimales)) == f.arrondir(valeur, decimales)


@pytest.mark.parametrize(
    ("tape", "imprime"),
    [
        ("l'acte n'est pas prêt : « à revoir » ?", "l’acte n’est pas prêt\u00a0: «\u00a0à revoir\u00a0»\u00a0?"),
        ("5'30 ; aujourd'hui", "5'30\u00a0; aujourd’hui"),
        ("", ""),
    ],
)
def test_soigner_courbe_l_apostrophe_et_retient_les_signes_doubles(tape, imprime):
    assert f.soigner(tape) == imprime
    assert f.soigner(imprime) == imprime
