# ruff: noqa: E501 - one record a line
"""Figures over random records, against a plain recomputation in Python, one youth and one day at a time."""

import tempfile
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire

ML, JEUNES = ["A", "B"], ["j1", "j2", "j3"]
TYPES = ["entretien_individuel", "atelier", "telephone"]
JOUR = st.dates(date(2011, 7, 1), date(2012, 12, 31))
dossier = st.tuples(st.sampled_from(JEUNES), st.sampled_from(ML))
actualites = st.lists(st.tuples(dossier, JOUR, st.sampled_from(TYPES)), max_size=12)
situations = st.lists(
    st.tuples(dossier, JOUR, st.one_of(st.none(), st.integers(0, 200)), st.sampled_from(["FORMATION", "ALTERNANCE", "SCOLARITE"])),
    max_size=6,
)  # fmt: skip
parcours = st.lists(st.tuples(dossier, JOUR, st.one_of(st.none(), st.integers(-20, 300)), st.booleans()), max_size=6)
etats = st.dictionaries(dossier, st.lists(st.tuples(JOUR, st.sampled_from(["VI", "IV"])), max_size=3), max_size=6)
FINS = [date(2012, m, monthrange(2012, m)[1]) for m in range(1, 13)]


def moins(jour: date, mois: int) -> date:
    annee, m = divmod(jour.year * 12 + jour.month - 1 - mois, 12)
    return date(annee, m + 1, min(jour.day, monthrange(annee, m + 1)[1]))


def niveau(etats_, d, jour):
    connus = sorted(e for e in etats_.get(d, []) if e[0] <= jour)
    return connus[-1][1] if connus else None


@settings(max_examples=12, deadline=None)
@given(actualites, situations, parcours, etats)
def test_recalcul_independant(lues_a, lues_s, lues_p, lus_e):
    lus_e = {d: [(j, n) for j, n in dict(liste).items()] for d, liste in lus_e.items()}

    def cle(d):
        return {"jeune_id": d[0], "ml_id": d[1]}

    tables = {
        "structure": [{"ml_id": m, "dept_code": "35", "region_code": "53", "module_entreprise": "true"} for m in ML],
        "jeune": [{**cle((j, m)), "sexe": "F", "naissance_mois": "1992-01-01"} for j in JEUNES for m in ML],
        "jeune_etat": [{**cle(d), "date_debut": j, "niveau": n} for d, liste in lus_e.items() for j, n in liste],
        "actualite": [{**cle(d), "actualite_id": i, "date_evt": j, "type": t} for i, (d, j, t) in enumerate(lues_a)],
        "situation": [
            {**cle(d), "situation_id": i, "date_debut": j, "categorie": c, "qualifiante": "false",
             "date_fin": "" if n is None else j + timedelta(n)}
            for i, (d, j, n, c) in enumerate(lues_s)
        ],
        "parcours": [
            {**cle(d), "parcours_id": i, "dispositif": "CIVIS" if civis else "COTRAITANCE", "financable": "true",
             "date_entree": j, "date_sortie": "" if n is None else j + timedelta(n)}
            for i, (d, j, n, civis) in enumerate(lues_p)
        ],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as temporaire:
        valeurs = calculer(ecrire(Path(temporaire), tables), 2012)

    def en_2012(jour, premier=1, dernier=12):
        return jour.year == 2012 and premier <= jour.month <= dernier

    def exclu(d, fin):
        return any(
            x == d and j <= fin and (n is None or j + timedelta(n) >= fin) and c != "FORMATION"
            for x, j, n, c in lues_s
        )

    recus = [(d, j) for d, j, t in lues_a if t != "telephone"]
    jdi = {(d, f.month) for d, j in recus for f in FINS if moins(f, 5) < j <= f and not exclu(d, f)}
    presents = {(d, f) for d, j, n, _ in lues_p for f in FINS if j <= f and (n is None or j + timedelta(n) > f)}
    sortis = {d for d, j, n, _ in lues_p if n is not None and n >= 0 and en_2012(j + timedelta(n))}
    attendus = {
        ("ACT01", "", "", "2012"): {d for d, j, _ in lues_a if en_2012(j)},
        ("ACT01", "", "", "2012-T2"): {d for d, j, _ in lues_a if en_2012(j, 4, 6)},
        ("ACT01", "", "", "2012-09-cumul"): {d for d, j, _ in lues_a if en_2012(j, 1, 9)},
        ("ACT01", "niveau_formation", "VI", "2012"): {d for d, j, _ in lues_a if en_2012(j) and niveau(lus_e, d, j) == "VI"},
        ("ACT02", "", "", "2012-03"): {d for d, j in recus if en_2012(j, 3, 3)},
        ("ACT07", "", "", "2012"): {d for d, _ in jdi},
        ("ACT07", "", "", "2012-06"): {d for d, m in jdi if m == 6},
        ("ACT07a", "", "", "2012"): {d for d, m in jdi if niveau(lus_e, d, FINS[m - 1]) == "VI"},
        ("ACT04", "", "", "2012"): {d for d, j, _, _ in lues_p if en_2012(j)},
        ("ACT04a", "", "", "2012"): {d for d, j, _, _ in lues_p if en_2012(j) and niveau(lus_e, d, j) == "VI"},
        ("ACT11", "", "", "2012-06-30"): {d for d, f in presents if f == FINS[5]},
        ("RES03", "", "", "2012"): sortis,
        ("RES01a", "", "", "2012"): {d for d, j, _, c in lues_s if en_2012(j) and c == "FORMATION"},
    }  # fmt: skip
    for (code, ventilation, modalite, periode), dossiers in attendus.items():
        for ml in ML:
            lue = valeurs["ml", ml, code, ventilation, modalite, periode]["valeur"]
            assert int(lue) == len({d for d in dossiers if d[1] == ml}), (ml, code, periode)
        lue = valeurs["departement", "35", code, ventilation, modalite, periode]["valeur"]
        assert int(lue) == len({j for j, _ in dossiers}), (code, periode)
