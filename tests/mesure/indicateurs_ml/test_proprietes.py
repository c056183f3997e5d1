# ruff: noqa: E501 - one record a line
"""Every line of annexe 2 over generated records, against a plain recomputation in Python (`naif`)."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.naif import (
    CADRES,
    DOMAINES,
    RAPPORTS,
    THEMES,
    Cadre,
    Ligne,
    Naif,
    Tables,
    chiffres,
    rapporter,
    stocks,
)
from tests.mesure.indicateurs_ml.naif_decoupages import Cle, des_stocks, par_dispositif, par_etat, par_site

MLS, JEUNES = ("A", "B"), ("j1", "j2", "j3", "j4")
DISPOSITIFS = {
    "2012": ("CIVIS", "CIVIS_RENF", "COTRAITANCE", "AUTRE:X"),
    "2026": ("PACEA", "CEJ", "COTRAITANCE", "AUTRE:X"),
}
TERRITOIRES = {("ml", "A"): {"A"}, ("ml", "B"): {"B"}, ("departement", "35"): set(MLS)}
THEMES_PAR_DOMAINE = {
    "professionnel": ("emploi", "formation", "projet_professionnel", "autre"),
    "social": ("logement", "sante", "autre"), "vie_sociale": ("citoyennete", "loisirs_sports_culture", "autre"),
}  # fmt: skip


def periodes(annee: int) -> dict[str, tuple[date, date]]:
    """A year, a quarter, a running total, a month."""
    return {
        f"{annee}": (date(annee, 1, 1), date(annee, 12, 31)),
        f"{annee}-T2": (date(annee, 4, 1), date(annee, 6, 30)),
        f"{annee}-09-cumul": (date(annee, 1, 1), date(annee, 9, 30)),
        f"{annee}-03": (date(annee, 3, 1), date(annee, 3, 31)),
    }


class Tirage:
    """Records drawn from a seed: two missions locales, four persons, most of them known in both."""

    def __init__(self, graine: int, cadre: Cadre = CADRES["2012"]) -> None:
        self.alea, self.cadre = Random(graine), cadre
        self.dossiers = [(j, ml) for j in JEUNES for ml in MLS if self.alea.random() < 0.8] or [("j1", "A")]
        self.naissances = {
            j: date(cadre.annee - self.alea.choice((26, 22, 17)), self.alea.randint(1, 12), 1) for j in JEUNES
        }

    def un(self, *choix: object) -> object:
        return self.alea.choice(choix)

    def jour(self) -> date:
        return date(self.cadre.annee - 1, 7, 1) + timedelta(self.alea.randrange(549))

    def annee_declaree(self) -> object:
        return self.un(self.cadre.annee, self.cadre.annee, self.cadre.annee - 1)

    def apres(self, jour: date, moins: int = 0) -> date | None:
        return jour + timedelta(self.alea.randint(moins, 400)) if self.alea.random() < 0.7 else None

    def lignes(self, table: str, au_plus: int, faire) -> list[Ligne]:
        return [
            {
                f"{table}_id": f"{table}{n}",
                **dict(zip(("jeune_id", "ml_id"), self.un(*self.dossiers), strict=True)),
                **faire(),
            }
            for n in range(self.alea.randint(0, au_plus))
        ]

    def tables(self) -> Tables:
        situations = self.lignes("situation", 10, self._situation)
        actualites = self.lignes("actualite", 16, self._actualite)
        tables = {
            "structure": [{"ml_id": m, "dept_code": "35", "region_code": "53", "module_entreprise": True} for m in MLS],
            "site": [{"site_id": s, "ml_id": "A"} for s in ("A1", "A2")],
            "zone_ml": [{"ml_id": m, "commune_code": f"3500{n}", "date_debut": date(2000, 1, 1)} for n, m in enumerate(MLS)],
            "jeune": [{"jeune_id": j, "ml_id": m, "sexe": self.un("F", "H"), "naissance_mois": self.naissances[j]}
                      for j, m in self.dossiers],
            "jeune_etat": self._etats(),
            "actualite": actualites,
            "proposition": self.lignes("proposition", 10, lambda: self._proposition(actualites)),
            "parcours": self.lignes("parcours", 10, lambda: self._parcours(situations)),
            "situation": situations,
            "offre": [{"offre_id": f"o{n}", "ml_id": "A", "collectee_par_ml": self.un(True, False)} for n in range(3)],
            "mise_en_relation": self.lignes("mer", 8, lambda: {"offre_id": self.un("o0", "o1", "o2"), "date_mer": self.jour()}),
            "contact_entreprise": [self._contact(n) for n in range(self.alea.randint(0, 6))],
            "parrain": self._parrains(),
            "parrainage": self.lignes("parrainage", 4, self._parrainage),
            "periode_entreprise": self.lignes("periode", 6, self._periode),
            "icare_rh": [self._rh(m) for m in MLS for _ in range(self.alea.randint(1, 3))],
            "icare_budget": [self._budget(m) for m in MLS for _ in range(self.alea.randint(1, 4))],
            "contexte_valeur": [
                {"territoire_type": "ml", "territoire_code": m, "code_contexte": c, "annee": self.cadre.annee, "valeur": Decimal(self.alea.randint(0, 9))}
                for m in MLS for c in ("ANO_16_25", "DEFM_16_25_V_INFRA")
            ],
        }  # fmt: skip
        return tables

    def _etats(self) -> list[Ligne]:
        jours = {(d, self.jour()) for d in self.dossiers for _ in range(self.alea.randint(0, 3))}
        return [
            {"jeune_id": d[0], "ml_id": d[1], "date_debut": jour, "niveau": self.un("VI", "Vbis", "V", "V", "IV", None),
             "diplome_obtenu": self.un(True, False, None), "zus": self.un(True, False, None), "qpv": self.un(True, False, None), "zrr": self.un(True, False, None), "commune_code": self.un("35000", "35001", None)}
            for d, jour in sorted(jours)
        ]  # fmt: skip

    def _actualite(self) -> Ligne:
        return {
            "date_evt": self.jour(),
            "type": self.un("entretien_individuel", "atelier", "info_collective", "telephone"),
            "site_id": self.un("A1", "A2", None),
        }

    def _proposition(self, actualites: list[Ligne]) -> Ligne:
        """Most are made in a contact, of the same day or of a few days before; some hang on nothing."""
        domaine = self.un(*THEMES_PAR_DOMAINE)
        faite = {"date_prop": self.jour(), "domaine": domaine, "theme": self.un(*THEMES_PAR_DOMAINE[domaine])}
        if not actualites or self.alea.random() < 0.3:
            return faite
        vue = self.un(*actualites)
        jour = vue["date_evt"] + timedelta(self.un(0, 0, 9))
        return {**faite, "jeune_id": vue["jeune_id"], "ml_id": vue["ml_id"], "date_prop": jour}

    def _situation(self) -> Ligne:
        debut = self.jour()
        return {
            "categorie": self.un("EMPLOI", "EMPLOI", "ALTERNANCE", "FORMATION", "SCOLARITE", "DEMANDEUR_EMPLOI"),
            "contrat": self.un("CDI", "CDD", "CIE", "INTERIM", "NON_SALARIE"), "aide_non_marchand": self.un(False, False, True),
            "qualifiante": self.un(True, False), "date_debut": debut, "date_fin_prevue": self.apres(debut), "date_fin": self.apres(debut),
        }  # fmt: skip

    def _parcours(self, situations: list[Ligne]) -> Ligne:
        entree = self.jour()
        issue = self.un(*situations)["situation_id"] if situations and self.alea.random() < 0.7 else None
        return {
            "dispositif": self.un(*DISPOSITIFS[self.cadre.code]), "financable": self.un(True, False),
            "type_appui": self.un("renforce", "projet", None), "date_entree": entree, "date_sortie": self.apres(entree, -20),
            "situation_sortie_id": issue,
        }  # fmt: skip

    def _contact(self, rang: int) -> Ligne:
        return {"contact_id": rang, "ml_id": self.un(*MLS), "entreprise_id": self.un("e1", "e2", "e3"), "date_contact": self.jour(), "visite": self.un(True, False),
                "motif": self.un("offre", "immersion", "stage", "autre")}  # fmt: skip

    def _parrains(self) -> list[Ligne]:
        return [
            {"parrain_id": f"p{n}", "ml_id": self.un(*MLS), "actif_debut": (debut := self.jour()), "actif_fin": self.apres(debut)}
            for n in range(self.alea.randint(0, 3))
        ]  # fmt: skip

    def _parrainage(self) -> Ligne:
        debut = self.jour()
        return {"parrain_id": "p0", "date_debut": debut, "date_fin": self.apres(debut)}

    def _periode(self) -> Ligne:
        return {
            "type": self.un(self.cadre.courte, "EMT", "stage"),
            "date_debut": self.jour(),
            "annulee": self.un(True, False, False),
        }

    def _rh(self, ml: str) -> Ligne:
        return {"ml_id": ml, "annee": self.annee_declaree(), "filiere": self.un("insertion_sociale_professionnelle", "autre"),
                "axe": self.un(1, 3, 4, 5), "etp": Decimal(self.alea.randint(0, 800)) / 100, "mise_a_disposition": self.un(True, False)}  # fmt: skip

    def _budget(self, ml: str) -> Ligne:
        return {"ml_id": ml, "annee": self.annee_declaree(), "nature": self.un("prevu", "prevu", "realise"), "ligne": "x",
                "financeur": self.un("etat", "region"), "activite": self.un("principale", "specifique"),
                "socle_cpo": self.un(True, False), "montant": Decimal(self.alea.randint(0, 99_999_999)) / 100}  # fmt: skip


def attendus(tables: Tables, periode: str, mls: set[str], cadre: Cadre) -> dict[str, Decimal | None]:
    """Counts and rates of a period."""
    d0, d1 = periodes(cadre.annee)[periode]
    lus, annuelle = chiffres(tables, d0, d1, mls, cadre), periode == str(cadre.annee)
    if not annuelle:
        lus = {code: n for code, n in lus.items() if not code.startswith(("MOY", "AX", "CTX", "COUV"))}
    rates = {c: rapporter(lus[h], lus[b], f, d) for c, (h, b, f, d) in RAPPORTS.items() if h in lus and b in lus}
    if annuelle:
        dernier = stocks(tables, d1, mls, cadre)
        rates["MOY09"] = rapporter(lus["MOY04"], dernier["ACT11c"], 1, 2)
        fins = (chiffres(tables, f.replace(day=1), f, mls, cadre)["ACT07"] for f in cadre.fins)
        rates["ACT07m"] = rapporter(sum(fins, Decimal(0)), Decimal(12))
    return lus | rates


def comparer(valeurs, territoire, periode: str, lus: dict[str, Decimal | None]) -> set[str]:
    """Compare what is printed; a figure kept for a rate only, and one that a declaration lacks, is not."""
    compares = set()
    for code, attendu in lus.items():
        lue = valeurs.get((*territoire, code, "", "", periode))
        if lue is None or lue["statut"] == "manquant":
            continue
        ecrit = Decimal(lue["valeur"]) if lue["valeur"] else None
        assert ecrit == attendu, (territoire, code, periode, lue)
        assert (lue["statut"] == "non_calculable") is (attendu is None), (territoire, code, periode, lue)
        compares.add(code)
    return compares


def rejouer(graine: int, cadre: Cadre) -> set[str]:
    """Draw, compute both ways, compare everything; return the codes compared."""
    tables = Tirage(graine, cadre).tables()
    with tempfile.TemporaryDirectory() as dossier:
        valeurs = calculer(ecrire(Path(dossier), tables), cadre.annee, cadre.code)
    compares: set[str] = set()
    for territoire, mls in TERRITOIRES.items():
        for periode in periodes(cadre.annee):
            compares |= comparer(valeurs, territoire, periode, attendus(tables, periode, mls, cadre))
        for jour in (cadre.fins[5], cadre.fins[11]):
            lus: dict[str, Decimal | None] = dict(stocks(tables, jour, mls, cadre))
            lus["TX06"] = rapporter(lus["ACT12"], lus["ACT07s"], 100)
            compares |= comparer(valeurs, territoire, jour.isoformat(), lus)
    return compares


@pytest.mark.parametrize("grille", CADRES)
@settings(max_examples=8, deadline=None)
@given(graine=st.integers(0, 2**32 - 1))
def test_recalcul_independant(grille, graine):
    assert "ACT01" in rejouer(graine, CADRES[grille])


@pytest.mark.parametrize("grille", CADRES)
def test_toute_ligne_de_l_annexe_2_est_recalculee(grille):
    """No line escapes: all that the catalogue publishes is compared, and met with a figure other than zero."""
    cadre = CADRES[grille]
    publies = {i.code for i in catalogue_ml(grille).indicateurs.values() if i.publie}
    assert publies <= rejouer(0, cadre) | rejouer(1, cadre)
    vus: set[str] = {"TX06"}
    for graine in range(30):
        tables = Tirage(graine, cadre).tables()
        annuels = attendus(tables, str(cadre.annee), set(MLS), cadre)
        vus |= {code for code, n in (annuels | stocks(tables, cadre.fins[5], set(MLS), cadre)).items() if n}
    assert publies <= vus


# Counts that the rates alone print: a rate over a breakdown is theirs.
DERRIERE = {f"{code}n": code for code in (*DOMAINES, *THEMES)}


def decoupages(tables: Tables, territoire: tuple[str, str], periode: str, cadre: Cadre) -> Counter[Cle]:
    """Counts of a period, broken down every way."""
    mls, (d0, d1) = TERRITOIRES[territoire], periodes(cadre.annee)[periode]
    lus = par_etat(Naif(tables, d0, d1, cadre), mls) + par_dispositif(tables, d0, d1, mls, cadre)
    return lus + par_site(tables, d0, d1, "A", ("A1", "A2"), cadre) if territoire == ("ml", "A") else lus


def comparer_decoupages(valeurs, territoire, periode: str, attendus: Counter[Cle]) -> Counter[str]:
    """Compare every modality printed of a count, whether or not it was met; return how many were not zero."""
    vus: Counter[str] = Counter()
    codes = {DERRIERE.get(code, code) for code, _, _ in attendus}
    for (*lieu, code, ventilation, modalite, p), lue in valeurs.items():
        if (
            (*lieu,) != territoire
            or p != periode
            or not ventilation
            or code not in codes
            or lue["statut"] != "disponible"
        ):
            continue
        attendu = attendus[f"{code}n" if f"{code}n" in DERRIERE else code, ventilation, modalite]
        assert Decimal(lue["numerateur"]) == attendu, (territoire, code, ventilation, modalite, periode)
        vus[ventilation] += bool(attendu)
    return vus


@pytest.mark.parametrize("grille", CADRES)
def test_chaque_decoupage_est_recalcule(grille):
    """By mission locale and above it, over a year, a quarter, a running total, a month and a month end."""
    cadre, vus = CADRES[grille], Counter[str]()
    for graine in range(12):
        tables = Tirage(graine, cadre).tables()
        with tempfile.TemporaryDirectory() as dossier:
            valeurs = calculer(ecrire(Path(dossier), tables), cadre.annee, cadre.code)
        for territoire, mls in TERRITOIRES.items():
            for periode in periodes(cadre.annee):
                vus += comparer_decoupages(
                    valeurs, territoire, periode, decoupages(tables, territoire, periode, cadre)
                )
            for jour in (cadre.fins[5], cadre.fins[11]):
                lus = des_stocks(Naif(tables, jour, jour, cadre), mls) + par_dispositif(tables, jour, jour, mls, cadre)
                vus += comparer_decoupages(valeurs, territoire, jour.isoformat(), lus)
    assert set(vus) == {"sexe", "age", "niveau_formation", "diplome", "zus_qpv", "zrr_frr", "dispositif", "site"}
    assert min(vus.values()) > 20


@pytest.mark.parametrize("domaine", DOMAINES.values())
def test_un_theme_ne_depasse_pas_son_domaine(domaine):
    lus = Naif(Tirage(1).tables(), *periodes(2012)["2012"], CADRES["2012"]).personnes()
    (code,) = [c for c, d in DOMAINES.items() if d == domaine]
    themes = [set(x) for c, x in lus.items() if c.startswith(code) and c != f"{code}n"]
    assert all(t <= set(lus[f"{code}n"]) for t in themes)
