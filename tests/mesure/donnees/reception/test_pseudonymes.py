from __future__ import annotations

import calendar
import hashlib
import hmac
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.donnees.formats import vues_fluxiae
from convenir.mesure.donnees.reception.anomalies import MASQUE
from convenir.mesure.donnees.reception.pseudonymes import (
    Pseudonymiseur,
    masquer_hors_forme,
    mois_de_naissance,
    presence,
)

COLONNES = vues_fluxiae()["Salarie"].par_nom


def test_a_person_is_the_keyed_hash_of_the_nir():
    attendu = hmac.new(b"cle", b"290017500000123", hashlib.sha256).hexdigest()
    rendu = Pseudonymiseur("cle").remplacer(
        COLONNES["salarie_nir"], pa.array(["290017500000123", " 2 90 01 75 000 001 23 ", None, "2a"])
    )
    assert rendu.to_pylist()[:3] == [attendu, attendu, None]
    assert rendu[3].as_py() == hmac.new(b"cle", b"2A", hashlib.sha256).hexdigest()


def test_another_key_gives_other_pseudonyms_and_no_key_is_refused():
    nirs = pa.array(["290017500000123"])
    assert Pseudonymiseur("a").pseudonymes(nirs) != Pseudonymiseur("b").pseudonymes(nirs)
    with pytest.raises(ValueError, match="vide"):
        Pseudonymiseur("")


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_real_date_keeps_its_month_only(jour):
    textes = pa.array([f"{jour:%d/%m/%Y}", f" {jour:%d/%m/%Y} 00:00:00"])
    assert mois_de_naissance(textes).to_pylist() == [f"{jour:%Y-%m}"] * 2


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))
def test_a_date_out_of_the_calendar_is_masked(jour, mois, annee):
    existe = 1900 <= annee <= 2100 and 1 <= mois <= 12 and 1 <= jour <= calendar.monthrange(annee, mois)[1]
    attendu = f"{annee:04d}-{mois:02d}" if existe else MASQUE
    assert mois_de_naissance(pa.array([f"{jour:02d}/{mois:02d}/{annee:04d}"])).to_pylist() == [attendu]


def test_what_is_not_a_date_is_masked_and_nothing_stays_nothing():
    assert mois_de_naissance(pa.array(["MARTIN", None, "1990-02-30"], pa.string())).to_pylist() == [
        MASQUE,
        None,
        MASQUE,
    ]


def test_a_birth_written_year_first_keeps_its_month_too():
    assert mois_de_naissance(pa.array(["1990-01-17", "17/01/1990"], pa.string())).to_pylist() == ["1990-01"] * 2


def test_a_presence_says_only_whether_something_is_written():
    assert presence(pa.array(["999991234567", None])).to_pylist() == ["true", "false"]


@pytest.mark.parametrize(
    ("colonne", "bonnes", "masquees"),
    [
        ("salarie_id", ["1", "123456789012"], ["2900175000001", "MARTIN"]),
        ("salarie_rci_libelle", ["M.", "MME", "m"], ["MARTIN", "M. MARTIN"]),
        ("salarie_codeinseecom", ["54323", "2A004", "97411"], ["543230", "RUE"]),
        ("salarie_code_dpt", ["054", "02A", "974", "2B"], ["0541", "LE"]),
        ("salarie_date_modification", ["01/02/2022", "01/02/2022 10:11:12", "2022-02-01"], ["2900175000001", "ZOE"]),
        ("salarie_adr_qpv_type", ["QP", "NQP"], ["LE QUARTIER", "ROUX"]),
        ("salarie_adr_is_zrr", ["true", "false"], ["MARTIN"]),
        ("salarie_adr_zrr_classement", ["C", "NC"], ["ROUX"]),
    ],
)
def test_a_kept_column_of_the_employees_only_lets_its_own_form_through(colonne, bonnes, masquees):
    rendu = masquer_hors_forme(pa.array([*bonnes, *masquees, None]), COLONNES[colonne].motif).to_pylist()
    assert rendu == [*bonnes, *[MASQUE] * len(masquees), None]


def test_a_dropped_column_has_nothing_to_give():
    with pytest.raises(ValueError, match="salarie_nom_usage n'est pas conservée"):
        Pseudonymiseur("cle").remplacer(COLONNES["salarie_nom_usage"], pa.array(["MARTIN"]))
