"""CSV for spreadsheets."""

from datetime import date
from decimal import Decimal

from convenir.socle.commun.csv_ecrit import lignes_csv, lignes_sans_marque

RANGS = [("nom", "valeur"), ("=1+1", Decimal("-2.50")), (None, date(2026, 3, 1)), ("a;b", "-3"), ("é\nà", True)]


def test_une_formule_est_desarmee_un_nombre_reste_un_nombre() -> None:
    assert list(lignes_sans_marque(RANGS)) == [
        "nom,valeur\n", "'=1+1,-2.50\n", ",2026-03-01\n", "a;b,'-3\n", '"é\nà",True\n',
    ]  # fmt: skip


def test_le_point_virgule_et_la_marque() -> None:
    assert list(lignes_csv(RANGS[:1] + RANGS[3:4], ";", "\r\n")) == ["\ufeff", "nom;valeur\r\n", '"a;b";\'-3\r\n']
