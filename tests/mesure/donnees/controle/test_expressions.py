"""How the text of a cell is read, and refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from convenir.mesure.donnees.controle.connexion import connexion
from convenir.mesure.donnees.controle.expressions import lecture, siret_faux
from convenir.mesure.donnees.formats import Colonne, TypeColonne
from convenir.socle.commun.identifiants import siret_valide
from tests.mesure.donnees.outils import lire_sql

T = TypeColonne


def lire(colonne: Colonne, texte: str):
    return lire_sql(f"SELECT {lecture(colonne)} FROM (SELECT ? AS c)", [texte])[0][0]


@pytest.mark.parametrize(
    ("type_", "texte", "attendu"),
    [
        (T.ENTIER, "12", 12), (T.ENTIER, "-3", -3), (T.ENTIER, "3.0", 3), (T.ENTIER, "3.7", None),
        (T.ENTIER, "x", None),
        (T.DATE, "28/02/2025", date(2025, 2, 28)), (T.DATE, "31/02/2025", None), (T.DATE, "29/02/2023", None),
        (T.DATE, "29/02/2024", date(2024, 2, 29)), (T.DATE, "01/01/0018", None), (T.DATE, "12/31/2025", None),
        (T.HORODATAGE, "01/02/2006 10:20:30", datetime(2006, 2, 1, 10, 20, 30)),  # noqa: DTZ001
        (T.BOOLEEN, "true", True), (T.BOOLEEN, "NON", False), (T.BOOLEEN, "peut-être", None),
        (T.TEXTE, "", None), (T.TEXTE, " a", " a"),
    ],
)  # fmt: skip
def test_lecture(type_, texte, attendu):
    assert lire(Colonne("c", type_), texte) == attendu


def test_un_decimal_garde_son_echelle():
    assert lire(Colonne("c", T.DECIMAL, echelle=4), "15.3") == Decimal("15.3000")
    assert lire(Colonne("c", T.DECIMAL, echelle=2), "1,5") is None


def faux(siret: str) -> bool:
    return lire_sql(f"SELECT {siret_faux('s')} FROM (SELECT ? AS s)", [siret])[0][0]


@pytest.mark.parametrize(
    "siret",
    ["26290411300061", "26290411300062", "00000001800000", "1234", "2629041130006A", "35600000000048",
     "35600000049837", "35600000049838"],
)  # fmt: skip
def test_un_siret_est_juge_comme_par_le_commun(siret):
    assert faux(siret) is not siret_valide(siret)


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789", min_size=13, max_size=13))
def test_la_cle_de_luhn_est_la_meme(debut):
    juste = debut + luhn.calc_check_digit(debut)
    assert faux(juste) is not siret_valide(juste)
    autre = debut + str((int(juste[-1]) + 1) % 10)
    assert faux(autre) is not siret_valide(autre)


def test_la_connexion_est_enfermee(tmp_path):
    dedans, dehors = tmp_path / "dedans", tmp_path / "dehors"
    dedans.mkdir()
    dehors.mkdir()
    (dehors / "secret.csv").write_text("a\n1\n")
    with connexion([dedans], dedans) as base:
        base.execute(f"COPY (SELECT 1 AS a) TO '{dedans / 'ok.parquet'}' (FORMAT parquet)")
        for interdit in (
            f"SELECT * FROM read_csv('{dehors / 'secret.csv'}')",
            f"COPY (SELECT 1) TO '{dehors / 'fuite.parquet'}'",
            "INSTALL httpfs",
            "SET enable_external_access=true",
        ):
            with pytest.raises(duckdb.Error):
                base.execute(interdit)
