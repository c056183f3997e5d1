"""A definition with two dated versions: each year is computed by its own, and what does not compare is said."""

from dataclasses import replace
from datetime import date

import pytest

from convenir.mesure.indicateurs.definitions import Version
from convenir.mesure.indicateurs.releves_ml import calcul as module
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, charger, grilles
from convenir.mesure.indicateurs.releves_ml.versions import a_la_date, rupture, version_de
from convenir.socle.reglementation.chargeur import ErreurYaml
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import YAN, ZOE, A, tables

AVANT = Version(
    1, date(2008, 1, 1), "Première définition.", filtre="principal AND femme", definition="Jeunes femmes entrées."
)
APRES = Version(2, date(2012, 1, 1), "Les garçons comptent aussi.", rupture=True)


@pytest.fixture
def deux_versions(monkeypatch):
    """A catalogue where ACT04 counted the young women alone until 2011."""
    reel = catalogue_ml("2012")
    act04 = replace(reel.indicateurs["ACT04"], versions=(AVANT, APRES))
    essai = replace(reel, indicateurs=reel.indicateurs | {"ACT04": act04})
    monkeypatch.setattr(module, "catalogue_ml", lambda _: essai)
    return essai


def test_chaque_annee_est_calculee_par_la_version_de_sa_date(tmp_path, deux_versions):
    lues = tables()
    # One young woman and one young man enter a CIVIS each year.
    lues["parcours"] = [
        {**qui, "parcours_id": f"{annee}{qui['jeune_id']}", "dispositif": "CIVIS", "date_entree": f"{annee}-03-01"}
        for annee in (2011, 2012) for qui in (ZOE, YAN)
    ]  # fmt: skip
    dossier = ecrire(tmp_path, lues)
    assert calculer(dossier, 2011)[(*A, "ACT04", "", "", "2011")]["valeur"] == "1"
    assert calculer(dossier, 2012)[(*A, "ACT04", "", "", "2012")]["valeur"] == "2"


def test_la_definition_dite_est_celle_de_la_date(deux_versions):
    alors, maintenant = a_la_date(deux_versions, 2011), a_la_date(deux_versions, 2012)
    assert (alors.indicateurs["ACT04"].definition, alors.indicateurs["ACT04"].filtre) == (
        "Jeunes femmes entrées.",
        "principal AND femme",
    )
    assert maintenant.indicateurs["ACT04"] == deux_versions.indicateurs["ACT04"]
    assert [version_de(deux_versions.indicateurs["ACT04"], a).version for a in (2007, 2011, 2012, 2030)] == [
        1,
        1,
        2,
        2,
    ]


def test_la_rupture_nest_dite_que_si_elle_est_entre_les_annees_montrees(deux_versions):
    i = deux_versions.indicateurs["ACT04"]
    assert rupture(i, (2012, 2011, 2010)) == (
        "Rupture de série en 2012 : Les garçons comptent aussi. Avant et après : non comparable."
    )
    assert rupture(i, (2014, 2013, 2012)) == rupture(i, (2011, 2010, 2009)) == ""
    assert rupture(replace(i, versions=(AVANT, replace(APRES, rupture=False))), (2012, 2011)) == ""


@pytest.mark.parametrize(
    ("code", "annees", "mots"),
    [
        ("ACT04", (2017, 2016, 2015), "Rupture de série en 2017 : Le PACEA remplace le CIVIS"),
        ("ACT04", (2022, 2021, 2020), "Rupture de série en 2022 : Le CEJ remplace la garantie jeunes"),
        ("ACT04c", (2018, 2017, 2016), "Le quartier prioritaire remplace la zone urbaine sensible"),
        ("ENT08a", (2017, 2016, 2015), "remplace la PMP"), ("ACT11c", (2017, 2016, 2015), "PACEA"),
    ],
)  # fmt: skip
def test_le_catalogue_date_ce_que_les_textes_ont_change(code, annees, mots):
    assert mots in rupture(catalogue_ml("2026").indicateurs[code], annees)
    assert rupture(catalogue_ml("2026").indicateurs["ACT01"], annees) == ""


def test_des_versions_dans_le_desordre_sont_refusees(tmp_path):
    from convenir.mesure.indicateurs.chargement import DOSSIER

    for fichier in (DOSSIER / "ml").glob("*.yaml"):
        texte = fichier.read_text("utf-8").replace("depuis: 2022-03-01", "depuis: 2016-03-01")
        (tmp_path / fichier.name).write_text(texte, "utf-8")
    with pytest.raises(ErreurYaml, match="les versions se suivent"):
        charger(tmp_path, grilles()["2026"])
