"""What unknowns change in a figure: [O/n, (O + k)/n]."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.indicateurs.qualite.bornes import bornes
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs


def valeur(indicateur, ventilation, modalite, n, d):
    lue = Decimal(n) if d is None else Decimal(100 * n) / d
    unite = "personnes" if d is None else "%"
    return Valeur(indicateur, ventilation, modalite, "2025", Decimal(n), d and Decimal(d), lue, "disponible", unite)


def valeurs(*lues):
    return Valeurs.de("ml", "A", [valeur(*lue) for lue in lues])


SORTIES = [
    ("RES03", "", "", 50, None),
    ("RES03x", "", "", 20, None),
    ("RES03b", "", "", 15, None),
    ("TX01", "", "", 15, 50),
]


def test_le_taux_de_sortie_et_ses_deux_lectures():
    # 15 of 50 in work, 20 unknown: between 30 % and 70 %, and 50 % of the 30 that are known.
    lues = bornes(valeurs(*SORTIES), "TX01", "2025")
    assert (lues.bas, lues.haut, lues.connus, lues.completude) == (30, 70, 50, 60)
    assert lues.texte == "de 30,0\xa0% à 70,0\xa0%"


def test_un_compte_de_sorties_a_aussi_ses_bornes():
    lues = bornes(valeurs(*SORTIES), "RES03b", "2025")
    assert (lues.bas, lues.haut, lues.inconnus, lues.parmi) == (15, 35, 20, 50)


def test_rien_dinconnu_rien_a_dire():
    lues = bornes(
        valeurs(("RES03", "", "", 9, None), ("RES03x", "", "", 0, None), ("TX01", "", "", 3, 9)), "TX01", "2025"
    )
    assert lues.bas == lues.haut
    assert lues.texte == ""
    assert lues.completude == 100


def test_un_niveau_inconnu_peut_etre_faible():
    # 40 seeking, 30 with a level; 12 are low for sure, up to 22.
    lues = valeurs(
        ("ACT07", "", "", 40, None), ("ACT07a", "", "", 12, None), ("ACT07", "niveau_formation", "3", 18, None),
        ("ACT07", "niveau_formation", "4", 12, None),
    )  # fmt: skip
    assert (bornes(lues, "ACT07a", "2025").bas, bornes(lues, "ACT07a", "2025").haut) == (12, 22)


def test_ce_qui_ne_depend_daucun_inconnu_na_pas_de_bornes():
    assert bornes(valeurs(("ACT01", "", "", 40, None)), "ACT01", "2025") is None
    assert bornes(valeurs(*SORTIES), "RES03b4", "2025") is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_les_bornes_entourent_la_valeur_sans_depasser_le_tout(observes, inconnus, parmi):
    observes = min(observes, parmi)
    lues = valeurs(
        ("RES03", "", "", parmi, None), ("RES03x", "", "", inconnus, None), ("TX01", "", "", observes, parmi)
    )
    b = bornes(lues, "TX01", "2025")
    assert 0 <= b.bas <= b.haut <= 100
    assert 0 <= b.completude <= 100
    assert abs(b.bas - lues.get("TX01", "2025").valeur) < Decimal("1e-6")
