from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.donnees.generateur.identite import siret_fictif
from convenir.mesure.donnees.generateur.territoire import departements
from convenir.mesure.donnees.generateur_ml import rendu
from convenir.mesure.donnees.generateur_ml.actualites import ordonner
from convenir.mesure.donnees.generateur_ml.fenetre import en_fin_de_semaine, jour_ouvre, preparer_fenetre
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import reseau_de
from convenir.socle.commun.identifiants import siret_valide

JOUR_1 = (date(2025, 1, 4) - date(1970, 1, 1)).days  # a Saturday


def test_440_missions_locales_share_every_commune_without_overlap():
    reseau = [m for d in departements() for m in reseau_de(d.code)]
    assert len(reseau) == 440
    assert len({m.ml_id for m in reseau}) == len({m.nom for m in reseau}) == 440
    assert all(m.nom.endswith("(fictif)") for m in reseau)
    assert sum(m.poids for m in reseau) == pytest.approx(1)
    for d in departements():
        communes = np.concatenate([m.communes for m in reseau_de(d.code)])
        assert sorted(communes.tolist()) == list(range(len(d.codes)))
        assert all(len(m.communes) for m in reseau_de(d.code))


def test_sites_stand_in_the_zone_and_the_first_is_the_head_office():
    for d in departements()[:20]:
        for m in reseau_de(d.code):
            assert m.sites[0][2] == "siege"
            assert all(commune in m.communes for _, commune, _ in m.sites)
            assert len({s for s, _, _ in m.sites}) == len(m.sites)


def test_each_effect_is_planted_in_several_regions():
    effets = Counter(m.effet for d in departements() for m in reseau_de(d.code) if m.effet)
    assert set(effets) == set(marges()["effets"])
    assert min(effets.values()) >= 10


@given(st.sets(st.integers(0, 2**31), min_size=2, max_size=50), st.integers(0, 10**6))
def test_two_persons_never_share_a_pseudonym(personnes, graine):
    numeros = np.array(sorted(personnes), np.int64)
    trouves = rendu.pseudonymes(numeros, graine).to_pylist()
    assert len(set(trouves)) == len(personnes)
    assert all(len(p) == 12 and int(p, 16) >= 0 for p in trouves)
    assert rendu.pseudonymes(numeros[:1], graine).to_pylist() == trouves[:1]


@given(st.lists(st.integers(0, 3_000_000), min_size=1, max_size=20))
def test_invented_sirets_are_valid_and_those_of_the_other_generator(numeros):
    trouves = rendu.sirets_fictifs(np.array(numeros)).to_pylist()
    assert all(siret_valide(s) for s in trouves)
    assert trouves == [siret_fictif(n % 100_000, n // 100_000 + 1) for n in numeros]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 400_000), st.integers(0, 6_000)), max_size=60))
def test_rows_are_sorted_by_year_youth_and_day_in_one_order_everywhere(lignes):
    table = np.array(lignes, np.int64).reshape(-1, 3)
    rangs = ordonner(table[:, 0], table[:, 1], table[:, 2]).tolist()
    assert rangs == sorted(range(len(lignes)), key=lambda i: (*lignes[i], i))


def test_a_negative_rank_or_a_mask_is_an_empty_value():
    assert rendu.textes(("a", "b"), np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]
    assert rendu.jours(np.array([0, 1]), vides=np.array([True, False])).to_pylist() == [None, date(1970, 1, 2)]
    assert str(rendu.decimaux(("35.00",), np.array([0]), 2)[0]) == "35.00"


def test_nobody_is_received_on_a_week_end_or_a_public_holiday():
    fenetre = preparer_fenetre(2025)
    debut = np.full(20_000, fenetre.debut)
    tires = fenetre.poser(np.random.default_rng(1), fenetre.activite, debut, np.full(20_000, fenetre.fin))
    assert not en_fin_de_semaine(tires).any()
    feries = {(date(2025, m, j) - date(1970, 1, 1)).days for m, j in ((1, 1), (5, 1), (7, 14), (12, 25))}
    assert not feries & set(tires.tolist())
    mois = Counter(tires.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12)
    assert mois[7] < 0.7 * mois[8]
    assert jour_ouvre(np.array([JOUR_1, JOUR_1 + 1, JOUR_1 + 2])).tolist() == [JOUR_1 - 1, JOUR_1 - 1, JOUR_1 + 2]


def test_a_national_series_is_read_between_and_beyond_its_years():
    assert au_titre_de("jeunes_en_contact", 2015) == 1_404_000
    assert au_titre_de("jeunes_en_contact", 2030) == 1_300_000
    assert au_titre_de("financement_etat_pct", 2015) == 46
    assert 46 < au_titre_de("financement_etat_pct", 2020) < 70


def test_weights_are_followed():
    rangs = tirer(np.random.default_rng(1), {"a": 3, "b": 0, "c": 1}, 20_000)
    assert (rangs == 1).sum() == 0
    assert (rangs == 0).mean() == pytest.approx(0.75, abs=0.02)
