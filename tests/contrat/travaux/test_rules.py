"""Rules of the register: what is acceptable, what counts in a year, what a count says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from convenir.contrat.travaux import rules
from convenir.contrat.travaux.rules import Decompte
from convenir.socle.commun.erreurs import EntreeInvalide
from tests.factories_travaux import ecrit


def test_un_travail_acceptable_passe():
    rules.verifier(ecrit())
    rules.verifier(ecrit(fin=None, etp=None, livrable="", partenaires=()))
    rules.verifier(ecrit(fin=date(2026, 1, 15), etp=Decimal(0)))


@pytest.mark.parametrize(
    ("faute", "dit"),
    [
        ({"genre": "forum"}, "Choisissez le genre"),
        ({"axe": "3"}, "4 ou 5"),
        ({"intitule": "  "}, "intitulé"),
        ({"territoire": ""}, "territoire"),
        ({"genre": "partenariat", "partenaires": ()}, "au moins un partenaire"),
        ({"fin": date(2026, 1, 14)}, "finit avant de commencer"),
        ({"etp": Decimal("-0.01")}, "de 0 à 99,99"),
        ({"etp": Decimal(100)}, "de 0 à 99,99"),
        ({"livrable": "écrire à camille@exemple.invalid"}, "adresse électronique"),
        ({"partenaires": ("Lycée fictif, 06 12 34 56 78",)}, "numéro de téléphone"),
        ({"territoire": "+33 612345678"}, "numéro de téléphone"),
    ],
)
def test_une_faute_est_dite(faute, dit):
    with pytest.raises(EntreeInvalide, match=dit):
        rules.verifier(ecrit(**faute))


@pytest.mark.parametrize("texte", ["Code 85 000 et 44 000", "Convention 2026-01-15", "SIRET 552 100 554 00013"])
def test_un_nombre_n_est_pas_un_telephone(texte):
    rules.verifier(ecrit(livrable=texte))


def test_les_partenaires_se_lisent_un_par_ligne_sans_vide_ni_repetition():
    assert rules.lire_partenaires(" Lycée  fictif\r\n\nMairie fictive\nLycée fictif ") == (
        "Lycée fictif", "Mairie fictive",
    )  # fmt: skip
    assert rules.lire_partenaires(" \n ") == ()
    with pytest.raises(EntreeInvalide, match="30 partenaires au plus"):
        rules.lire_partenaires("\n".join(f"Organisme {n}" for n in range(31)))
    with pytest.raises(EntreeInvalide, match="dépasse 120 signes"):
        rules.lire_partenaires("x" * 121)


@pytest.mark.parametrize(
    ("debut", "fin", "dedans"),
    [
        (date(2026, 12, 31), None, True),
        (date(2025, 6, 1), date(2026, 1, 1), True),
        (date(2020, 1, 1), None, True),
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2027, 1, 1), None, False),
    ],
)
def test_un_travail_est_d_une_annee_s_il_en_touche_un_jour(debut, fin, dedans):
    assert rules.touche_lannee(debut, fin, 2026) is dedans


def test_un_retrait_dit_pourquoi():
    assert rules.verifier_motif("  Inscrit deux fois. ") == "Inscrit deux fois."
    with pytest.raises(EntreeInvalide, match="Dites pourquoi"):
        rules.verifier_motif("  erreur  ")


def test_le_decompte_dit_chaque_genre_zero_compris():
    lu = Decompte({"partenariat": 3, "etude": 1})
    assert lu.total == 4
    assert lu.phrase.replace("\u00a0", " ") == "3 partenariats et 1 étude"
    assert lu.lignes == [
        ("partenariat", "partenariats", 3), ("etude", "étude", 1), ("diagnostic", "diagnostic", 0),
        ("projet", "projet", 0),
    ]  # fmt: skip
    assert Decompte({}).phrase == "aucun travail inscrit"
    assert Decompte({"projet": 1}).phrase.replace("\u00a0", " ") == "1 projet"
    assert [suite for *_, suite in Decompte(dict.fromkeys(rules.GENRES, 1)).morceaux] == [", ", ", ", " et ", ""]
