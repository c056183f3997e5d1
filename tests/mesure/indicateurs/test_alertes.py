"""Each alert: just under its threshold, and just on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from convenir.mesure.indicateurs.alertes.rules import Constat, Seuils, alerte_presents, alertes_structure
from tests.mesure.indicateurs.fabrique import NOMBRES

SEUILS = Seuils(NOMBRES)
JOUR = date(2025, 10, 12)
CONSTAT = Constat(annee=2025)


def codes(constat, jour=JOUR):
    return [(a.code, a.gravite) for a in alertes_structure(constat, SEUILS, jour)]


@pytest.mark.parametrize(
    ("taux", "attendu"),
    [("95", []), ("94.999999", [("realisation", "moderee")]), ("85.01", [("realisation", "moderee")]),
     ("85", [("realisation", "forte")])],
)  # fmt: skip
def test_realisation(taux, attendu):
    constat = replace(
        CONSTAT, taux=Decimal(taux), realises=Decimal(9), conventionnes=Decimal(10), periode="2025-09-cumul"
    )
    assert codes(constat) == attendu


def test_une_alerte_dit_fait_chiffre_seuil_consequence():
    constat = replace(
        CONSTAT,
        taux=Decimal("89.5"),
        realises=Decimal("12.08"),
        conventionnes=Decimal("13.50"),
        periode="2025-09-cumul",
    )
    (alerte,) = alertes_structure(constat, SEUILS, JOUR)
    # (13.50 − 12.08) × 12 / 9 months = 1.9 posts held all along.
    assert alerte.fait == "Sous-consommation à fin septembre\u00a02025."
    assert "89,5" in alerte.chiffre
    assert "95" in alerte.seuil
    assert "1,9\u00a0postes" in alerte.consequence
    assert alerte.parametres == ("iae.alertes.seuil_realisation", "iae.alertes.forte_points")
    assert alerte.as_dict()["indicateur"] == "iae.etp.taux_realisation"


@pytest.mark.parametrize(
    ("vides", "attendu"), [((), []), (((2025, 9),), []), (((2025, 9), (2025, 8)), [("saisie", "forte")])]
)
def test_saisie(vides, attendu):
    assert codes(replace(CONSTAT, mois_vides=vides)) == attendu


@pytest.mark.parametrize(
    ("dynamiques", "examinees", "attendu"),
    [(5, 10, [("sorties", "moderee")]), (51, 100, []), (50, 100, [("sorties", "moderee")]), (0, 9, []), (0, 0, [])],
)
def test_sorties_dix_points_sous_lobjectif_et_dix_sorties(dynamiques, examinees, attendu):
    assert (
        codes(replace(CONSTAT, dynamiques=dynamiques, examinees=examinees, objectif_dynamique=Decimal(60))) == attendu
    )


def test_sorties_sans_objectif_aucune_alerte():
    assert codes(replace(CONSTAT, dynamiques=0, examinees=50)) == []


@pytest.mark.parametrize(
    ("fin", "suite", "attendu"),
    [
        (date(2026, 1, 10), False, [("fin_annexe", "moderee")]),  # 90 days
        (date(2026, 1, 11), False, []),  # 91
        (date(2025, 11, 11), False, [("fin_annexe", "forte")]),  # 30
        (date(2025, 10, 12), False, [("fin_annexe", "forte")]),  # today
        (date(2025, 10, 11), False, []),  # already over
        (date(2025, 12, 31), True, []),
        (None, False, []),
    ],
)
def test_fin_dannexe(fin, suite, attendu):
    assert codes(replace(CONSTAT, fin_annexe=fin, suite_connue=suite)) == attendu


def test_fin_dannexe_dit_une_date_vraie_quel_que_soit_le_jour_de_lecture():
    (alerte,) = alertes_structure(replace(CONSTAT, fin_annexe=date(2025, 12, 31)), SEUILS, JOUR)
    assert alerte.fait == "L’annexe financière s’achève le 31\xa0décembre\xa02025."
    assert (alerte.chiffre, alerte.seuil) == ("31\xa0décembre\xa02025", "alerte 90\xa0jours avant")


def test_les_fortes_dabord():
    constat = replace(
        CONSTAT, taux=Decimal(90), realises=Decimal(9), conventionnes=Decimal(10), periode="2025-09-cumul",
        mois_vides=((2025, 9), (2025, 8)),
    )  # fmt: skip
    assert codes(constat) == [("saisie", "forte"), ("realisation", "moderee")]


def test_presents_compares_aux_memes_mois():
    assert alerte_presents(Decimal(10), Decimal(10), 2025, 9, SEUILS) is None
    assert alerte_presents(None, Decimal(10), 2025, 9, SEUILS) is None
    alerte = alerte_presents(Decimal("9.5"), Decimal(10), 2025, 9, SEUILS)
    assert alerte is not None
    assert "septembre" in alerte.consequence
    assert "5,0" in alerte.consequence
