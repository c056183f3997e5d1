"""What unknowns change in a figure: [O/n, (O + k)/n]."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.mesure.indicateurs.qualite.bornes import (
    BORNEES,
    DE_LA_COUVERTURE,
    DES_DECOUPAGES,
    DES_SORTIES,
    DES_TRAITS,
    bornes,
)
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grilles
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import tables


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


def test_un_niveau_ou_un_diplome_inconnu_peut_etre_faible():
    # 40 seeking; the level, or the diploma that decides, is not known of 10; 12 are low for sure, up to 22.
    lues = valeurs(("ACT07", "", "", 40, None), ("ACT07a", "", "", 12, None), ("ACT07x", "", "", 10, None))
    b = bornes(lues, "ACT07a", "2025")
    assert (b.bas, b.haut, b.completude) == (12, 22, 75)
    # Without the count of the unknown, nothing is said of them.
    assert bornes(valeurs(("ACT07", "", "", 40, None), ("ACT07a", "", "", 12, None)), "ACT07a", "2025") is None


def test_une_commune_inconnue_compte_dans_la_couverture_jusqua_ce_quon_la_sache():
    # 50 in contact for 200 unemployed; the commune of 8 is not known: between 21 and 25 %.
    lues = valeurs(("COUV1", "", "", 50, 200), ("COUV0x", "", "", 8, None))
    b = bornes(lues, "COUV1", "2025")
    assert (b.bas, b.haut, b.inconnus, b.completude) == (21, 25, 8, 84)
    assert b.reserve == "Complétude 84,0\xa0% ; selon les inconnus, de 21,0\xa0% à 25,0\xa0%."
    assert bornes(valeurs(("COUV1", "", "", 50, 200), ("COUV0x", "", "", 0, None)), "COUV1", "2025").reserve == ""


def test_ce_qui_ne_depend_daucun_inconnu_na_pas_de_bornes():
    assert bornes(valeurs(("ACT01", "", "", 40, None)), "ACT01", "2025") is None
    assert bornes(valeurs(*SORTIES), "RES03b4", "2025") is None


def test_les_inconnus_se_comptent_dans_les_enregistrements(tmp_path):
    """Of Zoé, the diploma of her level, her area and her commune are no longer known: she may be of each, or not."""
    lues = tables()
    zoe = next(e for e in lues["jeune_etat"] if e["jeune_id"] == "zoe" and e["ml_id"] == "A")
    zoe |= {"diplome_obtenu": "", "zus": "", "commune_code": ""}
    calculees = calculer(ecrire(tmp_path, lues), 2012)
    siennes = Valeurs.de(
        "ml", "A",
        [
            Valeur(code, v, m, p, *(Decimal(x[c]) if x[c] else None for c in ("numerateur", "denominateur", "valeur")),
                   x["statut"], catalogue_ml("2012").indicateurs[code].unite)
            for (niveau, ml, code, v, m, p), x in calculees.items() if (niveau, ml) == ("ml", "A")
        ],
    )  # fmt: skip
    lus = {c: bornes(siennes, c, "2012") for c in ("ACT04a", "ACT04c", "ACT07a", "RES03a", "TX03", "COUV1", "COUV4")}
    assert {c: (b.bas, b.haut) for c, b in lus.items()} == {
        "ACT04a": (0, 1), "ACT04c": (0, 1), "ACT07a": (0, 1), "RES03a": (0, 1), "TX03": (0, 100),
        # She alone may live in the zone: none or one of 40 unemployed, of 20 jobseekers.
        "COUV1": (0, Decimal("2.5")), "COUV4": (0, 5),
    }  # fmt: skip
    assert (lus["ACT07a"].completude, lus["COUV1"].completude) == (50, 0)


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


@pytest.mark.parametrize("grille", grilles())
def test_chaque_ligne_a_ses_bornes_ou_dit_pourquoi_elle_nen_a_pas(grille):
    """One or the other, never both: a bound that is drawn is not excused, and an excuse is a sentence."""
    for i in catalogue_ml(grille).indicateurs.values():
        if not i.publie:
            continue
        assert (i.code in BORNEES) is not bool(i.sans_bornes), i.code
        assert not i.sans_bornes or (i.sans_bornes.endswith(".") and len(i.sans_bornes) > 30), i.code


def test_ce_qui_a_des_bornes_lit_des_lignes_et_des_decoupages_du_catalogue():
    lus = catalogue_ml("2026").indicateurs
    for code, tout in DES_SORTIES.items():
        assert {code, tout} <= set(lus)
    for code, (tout, inconnus) in DES_TRAITS.items():
        assert {code, tout} <= set(lus)
        assert (lus[inconnus].inconnus, lus[inconnus].parent) == (True, tout)
    for code, (tout, decoupage) in DES_DECOUPAGES.items():
        assert code in lus
        assert decoupage in lus[tout].ventilations
    for code, inconnus in DE_LA_COUVERTURE.items():
        assert code in lus
        assert lus[inconnus].inconnus
