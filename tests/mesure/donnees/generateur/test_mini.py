import gzip
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from convenir.mesure.donnees.generateur.colonnes import colonnes
from convenir.mesure.donnees.generateur.mini import generer_mini, lignes_mini
from convenir.mesure.donnees.generateur.mini_monde import MONDE_MINI


def test_same_bytes_each_time(tmp_path: Path) -> None:
    premiere, seconde = generer_mini(tmp_path / "a"), generer_mini(tmp_path / "b")
    assert [p.read_bytes() for p in premiere.values()] == [p.read_bytes() for p in seconde.values()]


def test_every_line_has_the_fields_of_its_view(tmp_path: Path) -> None:
    for vue, chemin in generer_mini(tmp_path).items():
        lignes = gzip.decompress(chemin.read_bytes()).decode().rstrip("\n").split("\n")
        assert {ligne.count("|") + 1 for ligne in lignes} == {len(colonnes(vue))}, vue
        assert lignes[-1].startswith(f"FIN{len(lignes) - 3}|")


def test_hours_add_up_to_the_posts_told_in_the_module() -> None:
    heures: Counter[int] = Counter()
    for mois in MONDE_MINI.mois:
        if not (mois.id_annexe == 4004 and mois.mois == 1 and mois.version == 1):
            heures[mois.id_annexe] += mois.heures
    assert heures == {4001: 3640, 4002: 720, 4003: 1770, 4004: 360, 4005: 1800, 4006: 1740}


def test_totals_follow_the_rule_of_the_month_rounded_first() -> None:
    totaux = {ligne["af_id_avenant_modification"]: ligne.get("af_montant_total_annuel")
              for ligne in lignes_mini()["AnnexeFinanciere"]}  # fmt: skip
    assert totaux[6002] == "47842.00"
    # 1.50 × 23 921 / 12 = 2 990.125, that is 2 990.13 a month for nine months.
    assert totaux[6004] == "26911.17"
    assert totaux[6008] is None


def test_world_can_be_changed(tmp_path: Path) -> None:
    annexes = tuple(replace(a, etp=Decimal("9.00")) for a in MONDE_MINI.annexes)
    lignes = lignes_mini(replace(MONDE_MINI, annexes=annexes))["AnnexeFinanciere"]
    assert {ligne["af_etp_postes_insertion"] for ligne in lignes if "af_etp_postes_insertion" in ligne} == {"9.00"}


def test_one_person_in_two_categories_has_one_nir() -> None:
    salaries = {ligne["salarie_id"]: ligne for ligne in lignes_mini()["Salarie"]}
    assert salaries[9005]["salarie_nir"] == salaries[9007]["salarie_nir"]
    assert len({ligne["salarie_nir"] for ligne in salaries.values()}) == len(salaries) - 1
