"""Aggregated files tell the same world as the delivery drawn from the same arguments."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from convenir.mesure.donnees.generateur.agregats import (
    entetes,
    generer_annexe_mois,
    generer_bilan_asp,
    generer_export_annexes,
    generer_suivi_dgefp,
)
from tests.mesure.donnees.generateur.conftest import SIAE, Livraison

MONDE = {"siae": SIAE, "annees": (2024, 2025), "graine": 7}
REEL = Path(__file__).parents[5] / "shared" / "data" / "formats"


def _csv(chemin: Path, encodage: str, separateur: str) -> list[dict[str, str]]:
    with chemin.open(encoding=encodage, newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=separateur))


@pytest.fixture(scope="module")
def bilan(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    chemin = generer_bilan_asp(tmp_path_factory.mktemp("bilan"), **MONDE)
    assert chemin.name.startswith("DataON")
    lignes = CalamineWorkbook.from_path(str(chemin)).get_sheet_by_index(0).to_python()
    return [dict(zip(lignes[0], ligne, strict=True)) for ligne in lignes[1:]]


def test_workbook_has_the_headers_of_the_asp_to_the_space(bilan: list[dict[str, object]]) -> None:
    assert list(bilan[0]) == list(entetes("bilan_asp").values())
    assert "0 - SIRET  " in bilan[0]


@pytest.mark.parametrize("source", ["bilan_asp", "suivi_dgefp"])
def test_headers_are_those_of_the_real_files(source: str) -> None:
    nom = {"bilan_asp": "asp_bilan_beneficiaires_sorties", "suivi_dgefp": "dgefp_suivi_hebdomadaire_etp"}[source]
    chemin = REEL / f"{nom}_colonnes.csv"
    if not chemin.exists():
        pytest.skip("les descriptions de formats réels (../shared/data) sont absentes")
    assert list(entetes(source).values()) == [ligne["colonne"] for ligne in _csv(chemin, "utf-8", ",")]


def test_workbook_adds_up_to_the_delivery(bilan: list[dict[str, object]], saine: Livraison) -> None:
    colonnes = entetes("bilan_asp")
    for cle in ("examinees", "durable", "transition", "positive"):
        ecrit = sum(int(float(str(ligne[colonnes[cle]]))) for ligne in bilan)
        # An exit under no annexe (after the close of a unit) has no row in the workbook.
        assert 0 <= sum(int(v[cle]) for v in saine.verite()) - ecrit <= 2
    for ligne in bilan:
        personnes = int(float(str(ligne[colonnes["salaries"]])))
        assert int(float(str(ligne[colonnes["hommes"]]))) + int(float(str(ligne[colonnes["femmes"]]))) == personnes


def test_weekly_file_is_latin1_with_commas_and_adds_up_to_the_cent(tmp_path: Path, saine: Livraison) -> None:
    lignes = _csv(generer_suivi_dgefp(tmp_path, **MONDE), "latin-1", ";")
    assert {ligne["Financeur"] for ligne in lignes} > {"État"}
    montant = sum(Decimal(ligne["Montant conventionné"].replace(",", ".")) for ligne in lignes)
    assert montant == sum(Decimal(v["aide_allouee"]) for v in saine.verite())
    assert all("." not in ligne["ETP conventionnés"] for ligne in lignes)


def test_hours_by_month_add_up(tmp_path: Path, saine: Livraison) -> None:
    par_annee: dict[str, int] = defaultdict(int)
    for ligne in _csv(generer_annexe_mois(tmp_path, **MONDE), "utf-8", ","):
        par_annee[ligne["annee"]] += int(ligne["heures"])
    for annee in ("2024", "2025"):
        attendu = sum(int(v["heures_travaillees"]) for v in saine.verite() if v["annee"] == annee)
        assert par_annee[annee] == attendu


def test_export_of_annexes_is_that_of_the_delivery(tmp_path: Path, saine: Livraison) -> None:
    exportees = _csv(generer_export_annexes(tmp_path, **MONDE), "utf-8", ";")
    livrees = {a["af_id_avenant_modification"]: a for a in saine.lignes("AnnexeFinanciere")
               if a["af_mesure_dispositif_code"] != "FDI_DC"}  # fmt: skip
    assert len(exportees) == len(livrees)
    for a in exportees:
        livree = livrees[a["af_id_avenant_modification"]]
        assert {c: v for c, v in a.items() if c.startswith("af_")} == {c: livree[c] for c in a if c.startswith("af_")}


def test_same_bytes_each_time(tmp_path: Path) -> None:
    for ecrire in (generer_bilan_asp, generer_suivi_dgefp):
        assert ecrire(tmp_path / "a", **MONDE).read_bytes() == ecrire(tmp_path / "b", **MONDE).read_bytes()
