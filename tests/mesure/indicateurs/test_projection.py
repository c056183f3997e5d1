"""Projection: the profile, the interval, and when nothing can be said."""

import random
from datetime import date
from decimal import Decimal

import pytest

from convenir.mesure.indicateurs.projection import (
    Historique,
    Reglage,
    bornes,
    dernier_mois_saisi,
    profil,
    projeter,
    prolonger,
)
from tests.mesure.indicateurs.fabrique import Registre, lire

REGLAGE = Reglage(Decimal(90), 6)
PLAT = [Decimal(1) / 12] * 12


def annee(*valeurs, saisis=12):
    return [Decimal(v) if rang < saisis else None for rang, v in enumerate(valeurs)]


def test_profil_des_annees_completes_seules():
    saison = profil([annee(*range(1, 13)), annee(*[100] * 12, saisis=11)])
    assert saison is not None
    assert saison[11] == Decimal(12) / 78
    assert profil([annee(*[1] * 12, saisis=3)]) is None


def test_prolonger_par_la_saison():
    # Half of the season in the first three months: 6 done there gives 12 for the year.
    saison = [Decimal(x) for x in ("0.2", "0.2", "0.1", *["0.055"] * 8, "0.06")]
    assert prolonger(annee(3, 2, 1, *[0] * 9, saisis=3), 3, saison) == 12
    # A month not entered is unknown: 4 done over months that weigh 0.3.
    trou = [Decimal(3), None, Decimal(1), *[None] * 9]
    assert prolonger(trou, 3, saison) == Decimal(4) / Decimal("0.3")
    assert prolonger([None] * 12, 3, saison) is None


def test_bornes_au_rang_proche():
    rapports = [Decimal(n) for n in range(1, 20)]
    assert bornes(rapports, Decimal(90)) == (1, 19)
    assert bornes([Decimal(n) for n in range(1, 100)], Decimal(90)) == (5, 95)


def test_moins_de_six_mois_dhistorique_donnees_insuffisantes():
    ensemble = {f"{n}-ACI": Historique("ACI", annee(*[1] * 12, saisis=5), annee(*[1] * 12), ()) for n in range(20)}
    ensemble["neuve"] = Historique("ACI", annee(*[1] * 12, saisis=5), (), ())
    resultats = projeter(ensemble, REGLAGE)
    assert resultats["neuve"] is None
    assert resultats["1-ACI"] is not None
    assert resultats["1-ACI"].valeur == pytest.approx(12)
    ensemble["seule"] = Historique("EI", annee(*[1] * 12, saisis=8), annee(*[1] * 12), ())
    assert projeter(ensemble, REGLAGE)["seule"] is None  # one EI gives no past errors to learn from


def test_la_projection_nest_jamais_sous_ce_qui_est_fait():
    ensemble = {f"{n}": Historique("ACI", annee(*[1] * 12, saisis=11), annee(*[1] * 11, n), ()) for n in range(30)}
    for projection in projeter(ensemble, REGLAGE).values():
        assert projection is not None
        assert 11 <= projection.basse <= projection.haute


def test_dernier_mois_saisi():
    assert dernier_mois_saisi([None, Decimal(1), None]) == 2
    assert dernier_mois_saisi([]) == 0


def test_lintervalle_contient_neuf_resultats_sur_dix():
    """Invented SIAE whose seasons and noises are those of the category: the interval keeps its word."""
    hasard = random.Random(11)
    saison = [Decimal(x) for x in (8, 8, 9, 9, 9, 9, 7, 5, 9, 9, 9, 9)]

    def une_annee(niveau):
        derive = Decimal(str(round(hasard.gauss(0, 0.03), 4)))
        return [
            max(Decimal(0), s * niveau * (1 + derive * m) * Decimal(str(round(hasard.gauss(1, 0.12), 4))))
            for m, s in enumerate(saison)
        ]

    siae, reels = {}, {}
    for n in range(800):
        niveau = Decimal(str(round(hasard.uniform(0.2, 4), 3)))
        courante = une_annee(niveau)
        reels[str(n)] = sum(courante)
        coupee = [v if m < 7 else None for m, v in enumerate(courante)]
        siae[str(n)] = Historique("ACI", coupee, une_annee(niveau), une_annee(niveau))
    projections = projeter(siae, REGLAGE)
    couverts = sum(p.basse <= reels[n] <= p.haute for n, p in projections.items() if p)
    assert 0.85 <= couverts / len(siae) <= 0.95


def test_dans_le_calcul_avec_ses_trois_valeurs(tmp_path):
    hasard = random.Random(3)
    r = Registre()
    for structure in range(1, 26):
        for an, dernier in ((2023, 12), (2024, 12), (2025, 7)):
            a, p = r.annexe(structure, annee=an), r.personne()
            c = r.contrat(p, date(an, 1, 1), None, structure=structure)
            for mois in range(1, dernier + 1):
                r.mois(a, p, c, an, mois, str(round(100 + hasard.random() * 40, 2)))
    r.annexe(99)
    with r.calculer(tmp_path, 2024, 2025, extraction=date(2025, 8, 6)) as calcul:
        v, neuve = lire(calcul, "siae", "7-ACI"), lire(calcul, "siae", "99-ACI")
    basse, milieu, haute = (v.get(f"iae.etp.projection{s}", "2025").valeur for s in ("_basse", "", "_haute"))
    assert v.get("iae.etp.realises", "2025").valeur <= basse <= milieu <= haute
    assert neuve.get("iae.etp.projection", "2025").texte == "données insuffisantes"
    assert v.get("iae.etp.projection", "2024").statut == "manquant"  # a finished year needs none
