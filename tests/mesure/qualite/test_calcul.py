# ruff: noqa: E501 - one record a line
"""Each article worked by hand on one mission locale and a few youths, year 2025 (PACEA, CEJ)."""

from decimal import Decimal

import pytest

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.indicateurs.qualite import calculer_qualite, charte
from convenir.socle.commun.erreurs import EntreeInvalide
from tests.mesure.indicateurs_ml.fabrique import ecrire

ZOE, YAN, MIA = ({"jeune_id": j, "ml_id": "A"} for j in ("zoe", "yan", "mia"))


def tables():
    return {
        "structure": [{"ml_id": "A", "region_code": "53", "dept_code": "35"}, {"ml_id": "B", "region_code": "53", "dept_code": "35"}],
        # Yan is 26 on 1 March 2025.
        "jeune": [{**ZOE, "naissance_mois": "2005-06-01"}, {**YAN, "naissance_mois": "1999-03-01"}, {**MIA, "naissance_mois": "2006-01-01"}],
        "jeune_etat": [
            {**ZOE, "date_debut": "2025-01-01", "niveau": "V", "diplome_obtenu": "false", "commune_code": "35238"},
            {**YAN, "date_debut": "2025-01-01", "niveau": "IV", "commune_code": "35238"},
            {**MIA, "date_debut": "2025-01-01", "niveau": "IV", "diplome_obtenu": "true"},
        ],
        "actualite": [
            {**ZOE, "actualite_id": 1, "site_id": "A1", "date_evt": "2025-01-10", "date_saisie": "2025-01-12 09:00:00", "type": "entretien_individuel"},
            # The same interview, entered twice, 30 days after.
            {**ZOE, "actualite_id": 2, "site_id": "A1", "date_evt": "2025-01-10", "date_saisie": "2025-02-09 09:00:00", "type": "entretien_individuel"},
            {**YAN, "actualite_id": 3, "site_id": "A1", "date_evt": "2025-01-20", "date_saisie": "2025-01-20 09:00:00", "type": "entretien_individuel"},
            {**YAN, "actualite_id": 4, "site_id": "A1", "date_evt": "2025-04-02", "date_saisie": "2025-04-04 09:00:00", "type": "telephone"},
            # Entered before it took place.
            {**MIA, "actualite_id": 5, "site_id": "A1", "date_evt": "2025-04-20", "date_saisie": "2025-04-10 09:00:00", "type": "entretien_individuel"},
        ],
        "proposition": [{**ZOE, "proposition_id": 1, "actualite_id": 1, "date_prop": "2025-01-10", "domaine": "social", "theme": "sante"}],
        "situation": [
            {**ZOE, "situation_id": "s1", "categorie": "DEMANDEUR_EMPLOI", "date_debut": "2025-01-05"},
            # Begun while the search is still open; and one that ends before it begins.
            {**ZOE, "situation_id": "s2", "categorie": "FORMATION", "date_debut": "2025-03-03", "date_fin": "2025-02-03"},
        ],
        "parcours": [
            {**ZOE, "parcours_id": 1, "dispositif": "CEJ", "date_entree": "2025-01-15", "date_sortie": "2025-05-05", "situation_sortie_id": "s2"},
            {**YAN, "parcours_id": 2, "dispositif": "PACEA", "date_entree": "2025-01-15", "date_sortie": "2025-05-06"},
            {**MIA, "parcours_id": 3, "dispositif": "PACEA", "date_entree": "2025-06-15", "date_sortie": "2025-05-06"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def lues(tmp_path_factory):
    dossier = ecrire(tmp_path_factory.mktemp("qualite"), tables())
    return {(x.ml, x.article, x.periode): x for x in calculer_qualite(dossier, 2025)}


CAS = [
    # JDI: Zoé January to June (interview of 10 January; a training that does not qualify), Yan January and February, Mia
    # April to September. Zoé alone has a situation. At the end of January, Yan has none: 1 of 2; over the year, 2 of 3.
    ("QUA01", "2025-01", 1, 2), ("QUA01", "2025-04", 1, 2), ("QUA01", "2025", 2, 3),
    # Two exits after their entry: Zoé's is known, Yan's is not.
    ("QUA02", "2025-05", 1, 2), ("QUA02", "2025", 1, 2),
    # Interviews 1, 2, 3, 5: a proposition hangs on the first alone.
    ("QUA04", "2025-01", 2, 3), ("QUA04", "2025", 3, 4),
    # Yan's diploma is not known; January: Zoé and Yan; April: Yan and Mia.
    ("QUA05", "2025-01", 1, 2), ("QUA05", "2025-04", 1, 2), ("QUA05", "2025", 1, 3),
    # Mia has no commune.
    ("QUA06", "2025-01", 0, 2), ("QUA06", "2025-04", 1, 2), ("QUA06", "2025", 1, 3),
    # Three exits in May: never ten on a day.
    ("QUA07", "2025", 0, 3),
    ("QUA08", "2025-01", 1, 3), ("QUA08", "2025", 1, 5),
    ("QUA09", "2025-01", 0, 2), ("QUA09", "2025-04", 1, 2), ("QUA09", "2025", 1, 3),
    ("QUA10", "2025-03", 1, 1), ("QUA10", "2025", 1, 2),
    ("QUA11", "2025-05", 1, 3), ("QUA11", "2025", 1, 3),
    # Mia's interview, Zoé's training: 2 of 5 + 2.
    ("QUA12", "2025-03", 1, 1), ("QUA12", "2025-04", 1, 2), ("QUA12", "2025", 2, 7),
]  # fmt: skip


@pytest.mark.parametrize(("article", "periode", "fautes", "parmi"), CAS, ids=str)
def test_article_mesure_a_la_main(lues, article, periode, fautes, parmi):
    x = lues["A", article, periode]
    assert (x.numerateur, x.denominateur) == (fautes, parmi)
    assert x.valeur == (Decimal(100 * fautes) / parmi).quantize(Decimal("1e-6"))
    assert x.completude == 100 - x.valeur


def test_le_delai_est_une_mediane_en_jours(lues):
    # January: 2, 30 and 0 days; the year: 2, 30, 0, 2, and 0 for what was entered before it took place.
    assert (lues["A", "QUA03", "2025-01"].valeur, lues["A", "QUA03", "2025-01"].denominateur) == (2, 3)
    assert lues["A", "QUA03", "2025"].valeur == 2
    assert not lues["A", "QUA03", "2025"].a_reprendre


def test_une_mission_locale_sans_rien_na_rien_a_mesurer(lues):
    assert lues["B", "QUA04", "2025"].statut == "non_calculable"
    assert lues["B", "QUA04", "2025"].valeur is None


def test_chaque_article_a_une_ligne_par_mois_et_pour_lannee(lues):
    periodes = {"2025", *(f"2025-{m:02d}" for m in range(1, 13))}
    for article in charte().articles:
        assert {p for ml, a, p in lues if (ml, a) == ("A", article.code)} == periodes


def test_le_menage_dun_jour_se_voit(tmp_path):
    donnees = tables()
    jeunes = [{"jeune_id": f"k{n}", "ml_id": "A"} for n in range(12)]
    donnees["jeune"] += [{**j, "naissance_mois": "2005-01-01"} for j in jeunes]
    donnees["parcours"] += [
        {**j, "parcours_id": f"k{n}", "dispositif": "CEJ", "date_entree": "2025-01-02", "date_sortie": "2025-12-31"}
        for n, j in enumerate(jeunes)
    ]
    lues = {(x.article, x.periode): x for x in calculer_qualite(ecrire(tmp_path, donnees), 2025) if x.ml == "A"}
    assert (lues["QUA07", "2025-12"].numerateur, lues["QUA07", "2025-12"].denominateur) == (12, 12)
    assert lues["QUA07", "2025-12"].a_reprendre
    assert (lues["QUA07", "2025"].numerateur, lues["QUA07", "2025"].denominateur) == (12, 15)


def test_une_table_absente_rend_son_article_manquant(tmp_path):
    generer_mini_ml(tmp_path, sans=["parcours"])
    lues = {(x.ml, x.article, x.periode): x for x in calculer_qualite(tmp_path, 2025)}
    assert lues["ML04401", "QUA02", "2025"].statut == "manquant"
    assert lues["ML04401", "QUA04", "2025"].statut == "disponible"


def test_un_dossier_qui_nen_est_pas_un_est_dit(tmp_path):
    with pytest.raises(EntreeInvalide, match="n'est pas un dossier"):
        calculer_qualite(tmp_path / "absent", 2025)


def test_recalculer_rend_les_memes_lignes(tmp_path):
    generer_mini_ml(tmp_path)
    assert calculer_qualite(tmp_path, 2025) == calculer_qualite(tmp_path, 2025)
