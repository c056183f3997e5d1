"""The same indicators recomputed by hand-written plain Python, straight from the rules: slow, obvious, independent."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from convenir.socle.commun.periodes import ajouter_mois
from tests.mesure.indicateurs.fabrique import CATEGORIES, MOTIFS, REGIONS, Registre

Territoire = tuple[str, str]
LIMITE = date(2026, 1, 14)


def arrondi(fraction: Fraction, decimales: int = 6) -> Decimal:
    exact = Decimal(fraction.numerator * 10**decimales) / Decimal(fraction.denominator)
    return (exact.quantize(Decimal(1), ROUND_HALF_UP)).scaleb(-decimales)


class Naif:
    """Reads the rows of a `Registre` and answers for the year."""

    def __init__(self, registre: Registre, annee: int = 2025) -> None:
        self.annee = annee
        self.lignes = defaultdict(list, registre.lignes)
        self.annexes = self._annexes()
        self.mensuel = self._mensuel()
        self.personne = {s["salarie_id"]: s["personne"] for s in self.lignes["Salarie"]}

    def _annexes(self) -> dict[int, dict[str, Any]]:
        rang = {"VALIDE": 0, "PROVISOIRE": 1, "CLOTURE": 2}
        choisies: dict[int, dict[str, Any]] = {}
        for a in self.lignes["AnnexeFinanciere"]:
            if a["af_etat_annexe_financiere_code"] not in rang or a["af_mesure_dispositif_code"].startswith("FDI"):
                continue
            cle = a["af_id_annexe_financiere"]
            if cle not in choisies or self._ordre(a, rang) < self._ordre(choisies[cle], rang):
                choisies[cle] = a
        return choisies

    @staticmethod
    def _ordre(a: dict[str, Any], rang: dict[str, int]) -> tuple[int, int, int]:
        return (
            rang[a["af_etat_annexe_financiere_code"]],
            -a["af_numero_avenant_modification"],
            -a["af_id_avenant_modification"],
        )

    def _mensuel(self) -> list[dict[str, Any]]:
        gardes: dict[tuple[Any, ...], dict[str, Any]] = {}
        for m in self.lignes["EtatMensuelIndiv"]:
            cle = (m["emi_afi_id"], m["emi_sme_annee"], m["emi_sme_mois"], m["emi_pph_id"], m["emi_ctr_id"])
            if cle not in gardes or m["emi_sme_version"] > gardes[cle]["emi_sme_version"]:
                gardes[cle] = m
        return [m for m in gardes.values() if m["emi_afi_id"] in self.annexes]

    def siae(self, annexe: int) -> str:
        a = self.annexes[annexe]
        return f"{a['af_id_structure']}-{a['af_mesure_dispositif_code'].split('_')[0]}"

    def territoires(self, siae: str) -> list[Territoire]:
        numero = next(a["af_numero_annexe_financiere"] for cle, a in self.annexes.items() if self.siae(cle) == siae)
        departement = numero[len(siae.split("-")[1]) :][1:3]
        return [("siae", siae), ("departement", departement), ("region", REGIONS[departement]), ("france", "FR")]

    def mois_couverts(self, a: dict[str, Any]) -> int:
        return sum(
            a["af_date_debut_effet"] < _fin_du_mois(self.annee, m) and a["af_date_fin_effet"] >= date(self.annee, m, 1)
            for m in range(1, 13)
        )

    def etp(self) -> tuple[dict[Territoire, Fraction], dict[Territoire, Fraction]]:
        conventionnes: dict[Territoire, Fraction] = defaultdict(Fraction)
        realises: dict[Territoire, Fraction] = defaultdict(Fraction)
        for cle, a in self.annexes.items():
            mois = self.mois_couverts(a)
            if mois:
                for t in self.territoires(self.siae(cle)):
                    conventionnes[t] += Fraction(a["af_etp_postes_insertion"]) * mois / 12
        for m in self.mensuel:
            if m["emi_sme_annee"] == self.annee:
                a, siae = self.annexes[m["emi_afi_id"]], self.siae(m["emi_afi_id"])
                heures = a["af_duree_heure_annuel_etp_valeur"] or CATEGORIES[siae.split("-")[1]].heures_etp
                for t in self.territoires(siae):
                    realises[t] += Fraction(m["emi_nb_heures_travail"]) / Fraction(heures)
        return conventionnes, realises

    def presents(self) -> dict[Territoire, set[str]]:
        trouves: dict[Territoire, set[str]] = defaultdict(set)
        for m in self.mensuel:
            if m["emi_sme_annee"] == self.annee and m["emi_nb_heures_travail"] > 0:
                for t in self.territoires(self.siae(m["emi_afi_id"])):
                    trouves[t].add(self.personne[m["emi_pph_id"]])
        return trouves

    def sorties(self) -> dict[Territoire, dict[str, int]]:
        comptes: dict[Territoire, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        par_cle: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        connues = {self.siae(a) for a in self.annexes}
        for c in self.lignes["ContratMission"]:
            siae = f"{c['contrat_id_structure']}-{c['contrat_mesure_disp_code'].split('_')[0]}"
            if siae in connues:
                par_cle[siae, self.personne[c["contrat_id_pph"]]].append(c)
        for (siae, personne), contrats in par_cle.items():
            classe = self._sortie(siae, personne, contrats)
            if classe:
                for t in self.territoires(siae):
                    comptes[t]["constatees"] += 1
                    comptes[t][classe] += 1
        return comptes

    def _sortie(self, siae: str, personne: str, contrats: list[dict[str, Any]]) -> str | None:
        jours: set[date] = set()
        fins = set()
        for c in contrats:
            jour, fin = c["contrat_date_embauche"], c["contrat_date_sortie_definitive"] or date(2027, 1, 1)
            fins.add(fin)
            while jour <= fin:
                jours.add(jour)
                jour += timedelta(days=1)
        candidats = [f for f in fins if f.year == self.annee and f <= LIMITE and f + timedelta(days=1) not in jours]
        if not candidats:
            return None
        sortie = max(candidats)
        dernier = max(
            (c for c in contrats if c["contrat_date_sortie_definitive"] == sortie),
            key=lambda c: (c["contrat_date_embauche"], c["contrat_id_ctr"]),
        )
        return self._exclusion(siae, personne, jours, sortie) or self._classe(dernier["contrat_motif_sortie_code"])

    def _classe(self, motif: str | None) -> str:
        if motif not in MOTIFS:
            return "motif_inconnu"
        return MOTIFS[motif].categorie

    def _exclusion(self, siae: str, personne: str, jours: set[date], sortie: date) -> str | None:
        regle = CATEGORIES[siae.split("-")[1]]
        avant = [j for j in jours if j <= sortie]
        entree = min(avant)
        if regle.duree_min_mois and not entree + timedelta(days=len(avant)) > ajouter_mois(
            entree, regle.duree_min_mois
        ):
            return "duree"
        heures = {an: Decimal(0) for an in (0, self.annee)}
        for m in self.mensuel:
            if self.siae(m["emi_afi_id"]) == siae and self.personne[m["emi_pph_id"]] == personne:
                if m["emi_sme_annee"] <= self.annee:
                    heures[0] += m["emi_nb_heures_travail"]
                if m["emi_sme_annee"] == self.annee:
                    heures[self.annee] += m["emi_nb_heures_travail"]
        if heures[self.annee] < (regle.heures_min_annee or 0) or heures[0] < (regle.heures_min_cumul or 0):
            return "heures"
        return None


def _fin_du_mois(annee: int, mois: int) -> date:
    return date(annee + mois // 12, mois % 12 + 1, 1)
