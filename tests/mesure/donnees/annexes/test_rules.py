"""Rules of the annexes, and their SQL twins."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.donnees.annexes import rules, sql
from convenir.socle.commun.montants import montant_annexe
from tests.mesure.donnees.outils import lire_sql


@dataclass
class Version:
    id_annexe: int
    id_avenant: int
    etat: str
    avenant: int = 0
    modification: int = 0


@pytest.mark.parametrize(
    ("mesure", "categorie"),
    [("ACI_DC", "ACI"), ("ACI_MP", "ACI"), ("EI_MP", "EI"), ("EITI_DC", "EITI"), ("ETTI_DC", "ETTI"), ("AI_DC", "AI"),
     ("EIPA_DC", "EI"), ("FDI_DC", None), ("", None), ("ACI", None)],
)  # fmt: skip
def test_la_mesure_donne_la_categorie(mesure, categorie):
    assert rules.categorie_de(mesure) == categorie
    assert lire_sql(f"SELECT {sql.categorie(repr(mesure))}") == [(categorie,)]


@pytest.mark.parametrize(
    ("etats", "retenu"),
    [
        (["HISTORISE", "VALIDE", "PROVISOIRE"], "VALIDE"),
        (["HISTORISE", "PROVISOIRE", "CLOTURE"], "PROVISOIRE"),
        (["HISTORISE", "CLOTURE"], "CLOTURE"),
        (["HISTORISE", "REJETE", "ANNULE", "SAISI", "BROUILLON"], None),
    ],
)
def test_letat_decide_de_la_version(etats, retenu):
    versions = [Version(1, rang, etat, modification=rang) for rang, etat in enumerate(etats)]
    attendue = {(1, etats.index(retenu))} if retenu else set()
    assert rules.versions_retenues(versions) == attendue


def test_a_etat_egal_la_modification_la_plus_haute():
    versions = [Version(1, 10, "VALIDE", modification=2), Version(1, 11, "VALIDE", modification=1)]
    assert rules.versions_retenues(versions) == {(1, 10)}


versions = st.lists(
    st.builds(
        Version,
        id_annexe=st.integers(1, 4),
        id_avenant=st.integers(1, 40),
        etat=st.sampled_from([*rules.ETATS_RETENUS, "HISTORISE", "REJETE"]),
        modification=st.integers(0, 3),
    ),
    unique_by=lambda v: (v.id_annexe, v.id_avenant),
    max_size=20,
)


@given(versions, st.randoms(use_true_random=False))
def test_lordre_des_lignes_ne_change_pas_le_choix(lues, alea: random.Random):
    choix = rules.versions_retenues(lues)
    melangees = list(lues)
    alea.shuffle(melangees)
    assert rules.versions_retenues(melangees) == choix
    assert len({annexe for annexe, _ in choix}) == len(choix)
    assert {a for a, _ in choix} == {v.id_annexe for v in lues if v.etat in rules.ETATS_RETENUS}


def test_les_mois_dune_annexe_comptent_les_deux_bouts():
    assert rules.mois_de_lannexe(date(2025, 1, 1), date(2025, 12, 31)) == 12
    assert rules.mois_de_lannexe(date(2021, 1, 1), date(2021, 8, 31)) == 8
    assert rules.mois_de_lannexe(date(2020, 12, 1), date(2021, 12, 31)) == 13
    with pytest.raises(ValueError, match="avant de commencer"):
        rules.mois_de_lannexe(date(2025, 2, 1), date(2025, 1, 31))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99_999_99), st.integers(0, 60_000_00), st.integers(1, 18))
def test_le_total_en_sql_est_celui_de_la_regle(dix_milliemes, centimes, mois):
    etp, unitaire = Decimal(dix_milliemes) / 10_000, Decimal(centimes) / 100
    expression = sql.total_de_la_regle(f"{etp}::DECIMAL(18,4)", f"{unitaire}::DECIMAL(18,2)", str(mois))
    assert lire_sql(f"SELECT {expression}") == [(montant_annexe(etp, unitaire, mois),)]


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 900))
def test_les_mois_en_sql_sont_ceux_de_la_regle(debut, jours):
    fin = date.fromordinal(debut.toordinal() + jours)
    expression = sql.mois_de_lannexe(f"DATE '{debut}'", f"DATE '{fin}'")
    assert lire_sql(f"SELECT {expression}") == [(rules.mois_de_lannexe(debut, fin),)]


def test_le_numero_donne_le_departement():
    assert rules.departement_de("ACI054180019") == "54"
    assert rules.departement_de("ACI02A180019") == "2A"
    assert rules.departement_de("ACI971180019") == "971"
    assert rules.departement_de("illisible") is None
