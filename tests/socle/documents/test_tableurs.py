"""Workbooks read back by another program: same rows in CSV, XLSX and ODS; same rows, same bytes."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from convenir.socle.documents.tableurs import Feuille, ecrire_csv, ecrire_ods, ecrire_xlsx

RANGS = [
    ["nom", "nombre", "jour", "vide"],
    ["Mission locale « du Val » & <Cie>", Decimal("12.50"), date(2026, 10, 31), None],
    ["=1+1", 3, None, ""],
    ["00012", -4, date(2024, 2, 29), "deux\nlignes"],
]
FEUILLES = [Feuille("Données", RANGS), Feuille("Dictionnaire & textes", [["code"], ["ACT01"]])]


def octets(ecrivain, feuilles) -> bytes:
    with ecrivain(feuilles) as fichier:
        return fichier.read()


def relire(ecrivain, feuilles) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(octets(ecrivain, feuilles)))


def test_l_ods_se_relit_chaque_type_garde():
    classeur = relire(ecrire_ods, FEUILLES)
    assert classeur.sheet_names == ["Données", "Dictionnaire & textes"]
    rangs = classeur.get_sheet_by_index(0).to_python()
    assert rangs[0] == RANGS[0]
    assert rangs[1][:3] == [RANGS[1][0], 12.5, date(2026, 10, 31)]
    assert rangs[2][:2] == ["=1+1", 3]
    assert rangs[3][:3] == ["00012", -4, date(2024, 2, 29)]
    assert rangs[3][3].split() == ["deux", "lignes"]
    assert classeur.get_sheet_by_index(1).to_python() == [["code"], ["ACT01"]]


def test_memes_lignes_memes_octets():
    assert octets(ecrire_ods, FEUILLES) == octets(ecrire_ods, FEUILLES)


def test_le_xlsx_a_les_memes_lignes_et_le_csv_la_premiere_feuille():
    rangs = relire(ecrire_xlsx, FEUILLES).get_sheet_by_index(0).to_python()
    assert rangs[1][:2] == [RANGS[1][0], 12.5]
    lus = list(csv.reader(io.StringIO("".join(ecrire_csv(RANGS)).removeprefix("\ufeff"))))
    assert lus[1] == [RANGS[1][0], "12.50", "2026-10-31", ""]
    assert lus[2][0] == "'=1+1"


@settings(max_examples=25)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=30))
def test_aucun_texte_ne_casse_l_ods(texte):
    rangs = relire(ecrire_ods, [Feuille("Une", [["texte"], [texte]])]).get_sheet_by_index(0).to_python()
    assert rangs[1][0] == texte
