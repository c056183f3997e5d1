"""Half-open periods and months."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.periodes import Mois, Periode, ajouter_mois, lire_annee
from convenir.socle.commun.valeurs_datees import Chronique, ValeurDatee

JOURS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@st.composite
def periodes(tirer: st.DrawFn) -> Periode:
    debut = tirer(JOURS)
    return Periode(debut, debut + timedelta(days=tirer(st.integers(1, 3000))))


def test_une_annexe_de_l_annee_couvre_douze_mois() -> None:
    assert Periode.inclusive(date(2018, 1, 1), date(2018, 12, 31)).nombre_de_mois == 12
    assert Periode.inclusive(date(2020, 10, 1), date(2020, 12, 31)).nombre_de_mois == 3


def test_la_fin_est_exclue() -> None:
    annee = Periode.annee(2025)
    assert annee.contient(date(2025, 12, 31))
    assert not annee.contient(date(2026, 1, 1))
    assert annee.dernier_jour == date(2025, 12, 31)


def test_refuse_une_periode_vide_ou_un_mois_inconnu() -> None:
    with pytest.raises(ValueError, match="avant de commencer"):
        Periode(date(2025, 1, 1), date(2025, 1, 1))
    with pytest.raises(ValueError, match="n'existe pas"):
        Mois(2025, 13)
    with pytest.raises(ValueError, match="sans fin"):
        list(Periode(date(2025, 1, 1)).mois())


@given(periodes(), periodes(), JOURS)
def test_l_intersection_contient_les_jours_communs_et_eux_seuls(a: Periode, b: Periode, jour: date) -> None:
    commun = a.intersection(b)
    assert commun == b.intersection(a)
    assert (commun is not None and commun.contient(jour)) == (a.contient(jour) and b.contient(jour))


@given(periodes())
def test_les_mois_se_suivent_et_couvrent_la_periode(periode: Periode) -> None:
    mois = list(periode.mois())
    assert all(apres == avant.plus(1) for avant, apres in pairwise(mois))
    assert mois[0].debut <= periode.debut < mois[0].fin
    assert mois[-1].debut < periode.fin <= mois[-1].fin


@given(JOURS, st.integers(-60, 60))
def test_ajouter_des_mois_garde_le_jour_ou_le_dernier_du_mois(jour: date, nombre: int) -> None:
    obtenu = ajouter_mois(jour, nombre)
    assert Mois.de(obtenu) == Mois.de(jour).plus(nombre)
    assert obtenu.day == jour.day or Mois.de(obtenu + timedelta(days=1)) != Mois.de(obtenu)


def test_chronique_donne_la_valeur_du_jour_et_refuse_les_recouvrements() -> None:
    janvier = ValeurDatee("a", Periode(date(2024, 1, 1), date(2024, 11, 1)))
    novembre = ValeurDatee("b", Periode(date(2024, 11, 1)))
    chronique = Chronique([novembre, janvier])
    assert [v.valeur for v in chronique] == ["a", "b"]
    assert chronique.au(date(2024, 10, 31)) is janvier
    assert chronique.au(date(2024, 11, 1)) is novembre
    assert chronique.au(date(2023, 1, 1)) is None
    with pytest.raises(ValueError, match="recouvrent"):
        Chronique([janvier, ValeurDatee("c", Periode(date(2024, 6, 1)))])


@pytest.mark.parametrize(
    ("texte", "annee"),
    [("2025", 2025), ("0000", None), ("9999", None), ("20255", None), ("٢٠٢٥", None), ("²025", None), ("", None)],
)
def test_une_annee_lue_dans_une_adresse_est_du_calendrier(texte: str, annee: int | None) -> None:
    assert lire_annee(texte) == annee
