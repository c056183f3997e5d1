"""The fields that every form shares: numbers, amounts and whole numbers typed by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms

from convenir.socle.comptes.formulaires import Entier, FormulaireDsfr, Montant, Nombre


class Essai(FormulaireDsfr):
    postes = Nombre(label="Postes", required=False, decimal_places=4)
    dotation = Montant("Dotation", required=False)
    sorties = Entier(label="Sorties", required=False)


def test_les_nombres_se_tapent_a_la_francaise() -> None:
    essai = Essai({"postes": "12,5", "dotation": "1 250 000,50 €", "sorties": "1 250"})
    assert essai.is_valid(), essai.errors
    assert essai.cleaned_data == {"postes": Decimal("12.5"), "dotation": Decimal("1250000.50"), "sorties": 1250}


def test_un_champ_laisse_vide_ne_dit_rien() -> None:
    essai = Essai({"postes": " ", "dotation": "", "sorties": ""})
    assert essai.is_valid(), essai.errors
    assert set(essai.cleaned_data.values()) == {None}


def test_ce_qui_est_garde_se_montre_comme_il_s_ecrit() -> None:
    essai = Essai(initial={"postes": Decimal("1250.5000"), "dotation": Decimal("12500.5"), "sorties": 12})
    assert [champ.value() for champ in essai] == ["1\u202f250,5", "12\u202f500,50", 12]


@pytest.mark.parametrize(("champ", "saisie"), [
    ("postes", "beaucoup"), ("postes", "12,12345"), ("postes", "1e9"), ("dotation", "-1"), ("dotation", "12,505"),
    ("dotation", "9" * 13), ("sorties", "12,5"), ("sorties", "-1"), ("sorties", "9" * 30),
])  # fmt: skip
def test_ce_qui_ne_se_garde_pas_se_refuse(champ: str, saisie: str) -> None:
    assert list(Essai({champ: saisie}).errors) == [champ]


def test_aucun_nombre_des_formulaires_n_echappe_a_ces_champs() -> None:
    """A number field of its own would read another way, or let through what the base cannot hold."""
    libres = {
        f"{forme.__module__}.{forme.__name__}.{nom}"
        for forme in _descendants(FormulaireDsfr)
        if forme.__module__.startswith("convenir.")
        for nom, champ in forme.base_fields.items()
        if isinstance(champ, forms.IntegerField) and not isinstance(champ, Nombre | Entier)
        if not champ.widget.is_hidden
    }
    assert libres == set()


def _descendants(forme: type[forms.Form]) -> set[type[forms.Form]]:
    directs = set(forme.__subclasses__())
    return directs.union(*(_descendants(d) for d in directs))
