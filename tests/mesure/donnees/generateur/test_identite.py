import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.donnees.generateur import identite
from convenir.socle.commun.identifiants import siret_valide


@given(st.integers(0, 99_999), st.integers(1, 9_999))
def test_invented_siret_is_valid_and_belongs_to_nobody(numero: int, etablissement: int) -> None:
    siret = identite.siret_fictif(numero, etablissement)
    assert siret_valide(siret)
    assert siret.startswith("000")
    assert siret[:9] == identite.siren_fictif(numero)


@pytest.mark.parametrize("numero", [-1, 100_000])
def test_siren_out_of_range_is_refused(numero: int) -> None:
    with pytest.raises(ValueError, match="hors de la plage"):
        identite.siren_fictif(numero)


@given(st.integers(0, 6_999_999), st.sampled_from([1, 2]), st.integers(1940, 2010))
def test_invented_nir_has_the_shape_and_key_but_a_month_nobody_bears(numero: int, sexe: int, annee: int) -> None:
    nir = identite.nir_fictif(numero, sexe, annee)
    assert len(nir) == 15
    assert 13 <= int(nir[3:5]) <= 19
    assert (int(nir[:13]) + int(nir[13:])) % 97 == 0


def test_two_people_never_share_a_nir() -> None:
    numeros = [0, 1, 999_999, 1_000_000, 1_000_001]
    assert len({identite.nir_fictif(n, 1, 1980) for n in numeros}) == len(numeros)
