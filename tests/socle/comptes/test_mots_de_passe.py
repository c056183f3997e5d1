"""La règle de la CNIL : 80 bits, de trois façons."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.comptes.mots_de_passe import RegleCnil, respecte_la_regle


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "Vaire-2026-Ab",
        "aB3!aB3!xY7?",
        "Departement2026",
        "le chat gris dort sous la vieille table",
        "Été comme hiver nous irons pêcher ensemble",
    ],
)
def test_acceptes(mot_de_passe):
    RegleCnil().validate(mot_de_passe)


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "",
        "aB3!aB3!xY7",
        "Departement26",
        "departementdelavaire",
        "departement 26",
        "chat chat chat chat chat chat chat chat",
        "un deux trois quatre cinq six",
        "aA1!aA1!aA1!",
    ],
)
def test_refuses_avec_la_sortie(mot_de_passe):
    with pytest.raises(ValidationError, match="12 caractères") as refus:
        RegleCnil().validate(mot_de_passe)
    assert "sept mots" in RegleCnil().get_help_text()
    assert refus.value.code == "mot_de_passe_trop_faible"


@given(st.text(max_size=11))
def test_moins_de_douze_caracteres_ne_suffisent_jamais(mot_de_passe):
    assert not respecte_la_regle(mot_de_passe)


@given(st.text(st.sampled_from("abcdefghij"), max_size=40))
def test_une_seule_sorte_de_caracteres_ne_suffit_jamais(mot_de_passe):
    assert not respecte_la_regle(mot_de_passe)
