"""Numbers of annexes financières, read tolerantly and printed exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.identifiants import lire_numero_annexe, siret_valide


@pytest.mark.parametrize(
    ("ecrit", "imprime", "departement"),
    [
        ("ACI054180019A0M1", "ACI054180019A0M1", "54"),
        (" aci 054-18.0019 a0 m1 ", "ACI054180019A0M1", "54"),
        ("ACI051170013A0", "ACI051170013A0", "51"),
        ("EI02A210016A0M0", "EI02A210016A0M0", "2A"),
        ("ETTI974220001A0M0", "ETTI974220001A0M0", "974"),
        ("AI59L200002A1", "AI59L200002A1", "59"),
        ("FDI054200058", "FDI054200058", "54"),
    ],
)
def test_lire_puis_imprimer(ecrit: str, imprime: str, departement: str) -> None:
    numero = lire_numero_annexe(ecrit)
    assert str(numero) == imprime
    assert numero.departement == departement


@pytest.mark.parametrize("faux", ["", "ACI", "XYZ054180019A0M1", "ACI054180019A0M1X", "054 010118 ACI 00019"])
def test_un_numero_faux_dit_la_forme_attendue(faux: str) -> None:
    with pytest.raises(ValueError, match="Forme attendue"):
        lire_numero_annexe(faux)


@given(
    st.sampled_from(["EI", "AI", "ACI", "ETTI", "EITI"]),
    st.sampled_from(["054", "02A", "02B", "971", "075"]),
    st.integers(0, 99), st.integers(0, 9999), st.integers(0, 9), st.integers(0, 9),
)  # fmt: skip
def test_lire_est_l_inverse_d_imprimer(mesure: str, dep: str, an: int, ordre: int, a: int, m: int) -> None:
    texte = f"{mesure}{dep}{an:02d}{ordre:04d}A{a}M{m}"
    assert str(lire_numero_annexe(texte)) == texte


def test_siret() -> None:
    assert siret_valide("26290411300061")
    assert not siret_valide("26290411300062")
    assert not siret_valide("")
