"""The public extract of the ASP (7 February 2022): structure 900002 held 15.30 ETP in 2018, not 46.50."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from convenir.mesure.indicateurs.releves.lectures import COLONNES
from tests.mesure.indicateurs.fabrique import Registre, lire

EXTRAIT = Path(__file__).parents[4] / "shared/data/formats/exemple_fluxIAE_AnnexeFinanciere_07022022_063004.csv"
sans_extrait = pytest.mark.skipif(not EXTRAIT.exists(), reason="extrait public absent (../shared/data/formats)")


def typer(texte: str, type_: str) -> object:
    if not texte:
        return None
    if type_ == "BIGINT":
        return int(texte)
    if type_ == "DATE":
        return datetime.strptime(texte, "%d/%m/%Y").date()  # noqa: DTZ007
    return texte if type_ == "VARCHAR" else Decimal(texte)


@pytest.fixture
def extrait() -> Registre:
    r = Registre()
    lignes = EXTRAIT.read_text(encoding="utf-8-sig").splitlines()[1:]
    types = COLONNES["AnnexeFinanciere"]
    for ligne in csv.DictReader(lignes, delimiter="|", quoting=csv.QUOTE_NONE):
        r.ajouter("AnnexeFinanciere", **{c: typer(ligne[c], t) for c, t in types.items()})
    return r


@sans_extrait
def test_la_structure_900002_en_2018(extrait, tmp_path):
    with extrait.calculer(tmp_path, 2018, extraction=date(2022, 2, 7), vues=()) as calcul:
        siae = [s for s, _ in calcul.base.execute("SELECT siae, id_asp FROM siae WHERE id_asp = 900002").fetchall()]
        valeurs = [lire(calcul, "siae", s).get("iae.etp.conventionnes", "2018").valeur for s in siae]
    assert valeurs == [Decimal("15.300000")]


@sans_extrait
def test_laide_allouee_de_chaque_annee_est_la_somme_des_totaux_des_annexes(extrait, tmp_path):
    etats = {"VALIDE", "PROVISOIRE", "CLOTURE"}
    with extrait.calculer(tmp_path, *range(2018, 2023), extraction=date(2022, 2, 7), vues=()) as calcul:
        lues = calcul.base.execute(
            "SELECT periode, SUM(CAST(valeur AS DECIMAL(18,2))) FROM valeurs WHERE niveau = 'annexe' "
            "AND indicateur = 'iae.aide.allouee' GROUP BY periode ORDER BY periode"
        ).fetchall()
    attendues: dict[str, Decimal] = {}
    retenues: dict[int, dict] = {}
    for a in extrait.lignes["AnnexeFinanciere"]:
        if a["af_etat_annexe_financiere_code"] in etats and not a["af_mesure_dispositif_code"].startswith("FDI"):
            cle = a["af_id_annexe_financiere"]
            if (
                cle not in retenues
                or a["af_numero_avenant_modification"] > retenues[cle]["af_numero_avenant_modification"]
            ):
                retenues[cle] = a
    for a in retenues.values():
        annee = str(a["af_date_debut_effet"].year)
        attendues[annee] = attendues.get(annee, Decimal(0)) + a["af_montant_total_annuel"]
    assert dict(lues) == attendues
