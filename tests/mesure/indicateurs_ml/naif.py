# ruff: noqa: E501 - one definition a line
"""Annexe 2 recomputed in plain Python, one record at a time, from the definitions alone: nothing of the product is read.

A figure of persons is a list of (person, mission locale, day), a figure of events a list of (mission locale, number).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Ligne = dict[str, object]
Tables = dict[str, list[Ligne]]


@dataclass(frozen=True)
class Cadre:
    """What a frame changes: the names of the programmes, the priority area, the short immersion, the contract."""

    code: str
    annee: int
    nommes: dict[str, str]
    zone: str
    courte: str
    contractuels: tuple[str, ...]

    @property
    def fins(self) -> list[date]:
        return [date(self.annee, m, monthrange(self.annee, m)[1]) for m in range(1, 13)]


CADRES = {
    "2012": Cadre(
        "2012", 2012, {"CIVIS": "CIVIS", "CIVIS_RENF": "CIVIS", "COTRAITANCE": "COTRAITANCE"}, "zus", "PMP", ("CIVIS",)
    ),
    "2026": Cadre(
        "2026", 2025, {"PACEA": "PACEA", "CEJ": "CEJ", "COTRAITANCE": "COTRAITANCE"}, "qpv", "PMSMP", ("PACEA", "CEJ")
    ),
}
THEMES = {
    "ACT08a": "emploi", "ACT08b": "formation", "ACT08c": "projet_professionnel", "ACT09a": "logement",
    "ACT09b": "sante", "ACT10a": "citoyennete", "ACT10b": "loisirs_sports_culture",
}  # fmt: skip
DOMAINES = {"ACT08": "professionnel", "ACT09": "social", "ACT10": "vie_sociale"}
RAPPORTS = {  # code: numerator, denominator, factor, decimals
    "COUV1": ("COUV0a", "CTX90", 100, 6), "COUV2": ("COUV0a", "CTX91", 100, 6),
    "COUV3": ("COUV0b", "CTX90", 100, 6), "COUV4": ("COUV0b", "CTX91", 100, 6),
    "RES04": ("RES04j", "RES04n", 1, 6), "MOY05": ("MOY04", "MOY03", 100, 6), "MOY06": ("MOY04", "ACT07", 1, 2),
    "MOY07": ("MOY04p", "ACT07", 1, 2), "MOY08": ("MOY04e", "ACT02", 1, 2),
    "TX01": ("RES03b", "RES03", 100, 6), "TX02": ("RES03b4", "RES03", 100, 6), "TX03": ("ACT04a", "ACT04", 100, 6),
    "TX04": ("ACT02a", "ACT01", 100, 6), "TX05": ("ACT06", "ACT02", 1, 6), "TX07": ("ENT01", "ACT07", 1, 6),
    "TX08": ("RES01", "ACT02", 100, 6), "TX09": ("RES03x", "RES03", 100, 6), "TX10": ("ACT07", "MOY01a", 1, 6),
    **{code: (f"{code}n", "ACT01", 100, 6) for code in (*THEMES, *DOMAINES)},
}  # fmt: skip


def ajouter_mois(jour: date, mois: int) -> date:
    annee, m = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return date(annee, m + 1, min(jour.day, monthrange(annee, m + 1)[1]))


def qui(x: Ligne) -> tuple[str, str]:
    return str(x["jeune_id"]), str(x["ml_id"])


class Naif:
    """Figures of the tables over [d0, d1], or on the day d1 for a stock."""

    def __init__(self, tables: Tables, d0: date, d1: date, cadre: Cadre) -> None:
        self.t, self.d0, self.d1, self.cadre = tables, d0, d1, cadre
        self.jeunes = {qui(j): j for j in tables["jeune"]}
        self.situations = {s["situation_id"]: s for s in tables["situation"]}

    # -------------------------------------------------------------------------------------------- ce que l'on sait

    def dans(self, jour: date | None) -> bool:
        return jour is not None and self.d0 <= jour <= self.d1

    def du(self, table: str, colonne: str) -> list[Ligne]:
        return [x for x in self.t[table] if self.dans(x[colonne])]

    def etat(self, d: tuple[str, str], jour: date) -> Ligne:
        connus = [e for e in self.t["jeune_etat"] if qui(e) == d and e["date_debut"] <= jour]
        return max(connus, key=lambda e: e["date_debut"]) if connus else {}

    def faible(self, d: tuple[str, str], jour: date) -> bool:
        e = self.etat(d, jour)
        return e.get("niveau") in ("VI", "Vbis") or (e.get("niveau") == "V" and e["diplome_obtenu"] is False)

    def incertain(self, d: tuple[str, str], jour: date) -> bool:
        e = self.etat(d, jour)
        return e.get("niveau") is None or (e["niveau"] == "V" and e["diplome_obtenu"] is None)

    def sans_commune(self, d: tuple[str, str], jour: date) -> bool:
        return self.etat(d, jour).get("commune_code") is None

    def reside(self, d: tuple[str, str], jour: date) -> bool:
        commune = self.etat(d, jour).get("commune_code")
        return commune is None or any(z["ml_id"] == d[1] and z["commune_code"] == commune for z in self.t["zone_ml"])

    # ------------------------------------------------------------------------------------------------- situations

    @staticmethod
    def en_emploi(s: Ligne) -> bool:
        return s["categorie"] in ("EMPLOI", "ALTERNANCE")

    @staticmethod
    def dure(s: Ligne, plus: int, moins: int = 10_000) -> bool:
        fin = s["date_fin_prevue"] or s["date_fin"]
        return fin is not None and ajouter_mois(s["date_debut"], plus) < fin and (
            moins == 10_000 or fin < ajouter_mois(s["date_debut"], moins)
        )  # fmt: skip

    def durable(self, s: Ligne) -> bool:
        if s["categorie"] == "ALTERNANCE":
            return True
        tient = s["contrat"] in ("CDI", "NON_SALARIE") or (s["contrat"] in ("CDD", "CIE") and self.dure(s, 6))
        return s["categorie"] == "EMPLOI" and tient and not s["aide_non_marchand"]

    def ouvertes(self, d: tuple[str, str], jour: date) -> list[Ligne]:
        return [
            s for s in self.t["situation"]
            if qui(s) == d and s["date_debut"] <= jour and (s["date_fin"] is None or s["date_fin"] >= jour)
        ]  # fmt: skip

    # ------------------------------------------------------------------------------------ jeunes en demande d'insertion

    def recus(self) -> list[Ligne]:
        return [a for a in self.t["actualite"] if a["type"] in ("entretien_individuel", "atelier", "info_collective")]

    def en_demande(self, fin: date) -> set[tuple[str, str]]:
        """Interview in the last five months, under 26, and no situation that excludes, on a month end."""
        debut = ajouter_mois(fin, -5)
        vus = {qui(a) for a in self.recus() if debut < a["date_evt"] <= fin}
        return {
            d for d in vus if ajouter_mois(self.jeunes[d]["naissance_mois"], 26 * 12) > fin and not self.exclu(d, fin)
        }

    def exclu(self, d: tuple[str, str], jour: date) -> bool:
        return any(
            self.durable(s) or s["categorie"] == "SCOLARITE" or (s["categorie"] == "FORMATION" and s["qualifiante"])
            for s in self.ouvertes(d, jour)
        )

    def sans_proposition(self, fin: date) -> set[tuple[str, str]]:
        proposes = {qui(p) for p in self.t["proposition"] if ajouter_mois(fin, -3) < p["date_prop"] <= fin}
        occupes = {d for d in self.jeunes
                   if any(self.en_emploi(s) or s["categorie"] == "FORMATION" for s in self.ouvertes(d, fin))}  # fmt: skip
        return self.en_demande(fin) - proposes - occupes

    # ------------------------------------------------------------------------------------------------- dispositifs

    def nom(self, p: Ligne) -> str:
        """Name in the frame, empty when the programme is not counted; one that it does not name is another."""
        if p["dispositif"] in self.cadre.nommes:
            return self.cadre.nommes[str(p["dispositif"])]
        return "AUTRE" if p["type_appui"] in ("renforce", "projet") else ""

    def entrees(self) -> list[Ligne]:
        return [p for p in self.du("parcours", "date_entree")
                if self.nom(p) and (self.nom(p) != "COTRAITANCE" or p["financable"])]  # fmt: skip

    def sorties(self) -> list[Ligne]:
        return [p for p in self.du("parcours", "date_sortie") if self.nom(p) and p["date_sortie"] >= p["date_entree"]]

    def presents(self, jour: date) -> list[Ligne]:
        return [p for p in self.t["parcours"]
                if self.nom(p) and p["date_entree"] <= jour and (p["date_sortie"] is None or p["date_sortie"] > jour)]  # fmt: skip

    # ------------------------------------------------------------------------------------------------------ chiffres

    def personnes(self) -> dict[str, list[tuple[str, str, date]]]:
        def des(lignes: Iterable[Ligne], colonne: str, si: Callable[[Ligne], object] = bool) -> list:
            return [(*qui(x), x[colonne]) for x in lignes if si(x)]

        premiers: dict[tuple[str, str], date] = {}
        for a in self.recus():
            premiers[qui(a)] = min(premiers.get(qui(a), date.max), a["date_evt"])
        fins = [f for f in self.cadre.fins if self.dans(f)]
        demande = [(*d, f) for f in fins for d in self.en_demande(f)]
        entrees, contacts = self.entrees(), des(self.du("actualite", "date_evt"), "date_evt")
        nommees = [p for p in entrees if self.nom(p) != "AUTRE"]
        return {
            "ACT01": contacts,
            "COUV0a": [c for c in contacts if self.reside(c[:2], c[2])],
            "COUV0x": [c for c in contacts if self.sans_commune(c[:2], c[2])],
            "ACT02": des((a for a in self.recus() if self.dans(a["date_evt"])), "date_evt"),
            "ACT02a": [(*d, j) for d, j in premiers.items() if self.dans(j)],
            "ACT04": des(nommees, "date_entree"),
            "ACT04a": des(nommees, "date_entree", lambda p: self.faible(qui(p), p["date_entree"])),
            "ACT04b": des(nommees, "date_entree", lambda p: self.jeunes[qui(p)]["sexe"] == "F"),
            "ACT04c": des(nommees, "date_entree", lambda p: self.etat(qui(p), p["date_entree"]).get(self.cadre.zone)),
            "ACT04x": des(nommees, "date_entree", lambda p: self.incertain(qui(p), p["date_entree"])),
            "ACT04y": des(
                nommees, "date_entree", lambda p: self.etat(qui(p), p["date_entree"]).get(self.cadre.zone) is None
            ),
            "ACT05": des(entrees, "date_entree"),
            "ACT07": demande,
            "ACT07a": [x for x in demande if self.faible(x[:2], x[2])],
            "ACT07x": [x for x in demande if self.incertain(x[:2], x[2])],
            "COUV0b": [x for x in demande if self.reside(x[:2], x[2])],
            "COUV0y": [x for x in demande if self.sans_commune(x[:2], x[2])],
            **self._propositions(des),
            **self._entreprises(des),
            **self._resultats(des),
        }

    def _propositions(self, des: Callable) -> dict[str, list[tuple[str, str, date]]]:
        # Made in a month of contact, nothing known of the youth having changed between: a share counts no other.
        def quand(x: Ligne, jour: date) -> tuple[object, ...]:
            return qui(x), jour.year, jour.month, self.etat(qui(x), jour).get("date_debut")

        vus = {quand(a, a["date_evt"]) for a in self.t["actualite"]}
        lues = [p for p in self.du("proposition", "date_prop") if quand(p, p["date_prop"]) in vus]
        par_theme = {f"{c}n": des(lues, "date_prop", lambda p, t=t: p["theme"] == t) for c, t in THEMES.items()}
        return par_theme | {
            f"{c}n": des(lues, "date_prop", lambda p, d=d: p["domaine"] == d) for c, d in DOMAINES.items()
        }

    def _entreprises(self, des: Callable) -> dict[str, list[tuple[str, str, date]]]:
        def actif(debut: date | None, fin: date | None) -> bool:
            return (debut or date.min) <= self.d1 and (fin or date.max) >= self.d0

        mer, periodes = self.du("mise_en_relation", "date_mer"), self._periodes()
        immersions = [p for p in periodes if p["type"] in ("PMP", "EMT", "PMSMP")]
        return {
            "ENT02": des(mer, "date_mer"),
            "ENT02a": des(mer, "date_mer", self._collectee),
            "ENT04": [(str(c["entreprise_id"]), str(c["ml_id"]), c["date_contact"]) for c in self._contacts()],
            "ENT05": des(self.t["parrainage"], "date_debut", lambda p: actif(p["date_debut"], p["date_fin"])),
            "ENT06": [(str(p["parrain_id"]), str(p["ml_id"]), self.d0) for p in self.t["parrain"]
                      if actif(p["actif_debut"], p["actif_fin"])],
            "ENT08": des(immersions, "date_debut"),
            "ENT08a": des(immersions, "date_debut", lambda p: p["type"] == self.cadre.courte),
        }  # fmt: skip

    def _resultats(self, des: Callable) -> dict[str, list[tuple[str, str, date]]]:
        situations = self._situations()
        sorties = self.sorties()

        def sortis(si: Callable[[Ligne, Ligne], object]) -> list:
            issues = ((p, self.situations[p["situation_sortie_id"]]) for p in sorties if p["situation_sortie_id"])
            return [(*qui(p), p["date_sortie"]) for p, s in issues if si(p, s)]

        def avant(p: Ligne, mois: int) -> bool:
            return p["date_sortie"] < ajouter_mois(p["date_entree"], mois)

        return {
            "RES01": des(situations, "date_debut"),
            "RES01a": des(situations, "date_debut", lambda s: s["categorie"] == "FORMATION"),
            "RES01b": des(situations, "date_debut", self.en_emploi),
            "RES01b1": des(situations, "date_debut", self.durable),
            "RES01b2": des(situations, "date_debut", lambda s: s["categorie"] == "ALTERNANCE"),
            "RES03": des(sorties, "date_sortie"),
            "RES03a": des(sorties, "date_sortie", lambda p: self.faible(qui(p), p["date_entree"])),
            "RES03y": des(sorties, "date_sortie", lambda p: self.incertain(qui(p), p["date_entree"])),
            "RES03b": sortis(lambda p, s: self.en_emploi(s)),
            "RES03b1": sortis(lambda p, s: self.en_emploi(s) and self.dure(s, 3, 6)),
            "RES03b2": sortis(lambda p, s: self.en_emploi(s) and avant(p, 6)),
            "RES03b3": sortis(lambda p, s: self.en_emploi(s) and avant(p, 12)),
            "RES03b4": sortis(lambda p, s: self.durable(s)),
            "RES03b5": sortis(lambda p, s: self.en_emploi(s) and s["contrat"] == "CIE"),
            "RES03b6": sortis(lambda p, s: s["categorie"] == "ALTERNANCE"),
            "RES03c": sortis(lambda p, s: s["categorie"] == "FORMATION"),
            "RES03c1": sortis(lambda p, s: s["categorie"] == "FORMATION" and s["qualifiante"]),
            "RES03x": des(sorties, "date_sortie", lambda p: p["situation_sortie_id"] is None),
        }

    def _situations(self) -> list[Ligne]:
        return [s for s in self.du("situation", "date_debut") if self.en_emploi(s) or s["categorie"] == "FORMATION"]

    def _contacts(self) -> list[Ligne]:
        return [
            c for c in self.du("contact_entreprise", "date_contact") if c["motif"] in ("offre", "immersion", "stage")
        ]

    def _periodes(self) -> list[Ligne]:
        return [p for p in self.du("periode_entreprise", "date_debut") if not p["annulee"]]

    def _collectee(self, mer: Ligne) -> bool:
        return any(o["offre_id"] == mer["offre_id"] and o["collectee_par_ml"] for o in self.t["offre"])

    def stocks(self) -> dict[str, set[tuple[str, str]]]:
        presents, attente = self.presents(self.d1), self.sans_proposition(self.d1)
        return {
            "ACT07s": self.en_demande(self.d1),
            "ACT11": {qui(p) for p in presents},
            "ACT11c": {qui(p) for p in presents if self.nom(p) in self.cadre.contractuels},
            "ACT12": attente,
            "ACT12a": {d for d in attente if self.faible(d, self.d1)},
            "ACT12x": {d for d in attente if self.incertain(d, self.d1)},
        }

    def evenements(self) -> dict[str, list[tuple]]:
        """Mission locale and number of each event; then, if it is the event of a youth, the youth and the day."""

        def un(lignes: Iterable[Ligne], colonne: str) -> list[tuple]:
            return [(str(x["ml_id"]), 1, x.get("jeune_id"), x[colonne]) for x in lignes]

        sorties, situations, mer = self.sorties(), self._situations(), self.du("mise_en_relation", "date_mer")
        contacts = self._contacts()
        return {
            "ACT03": un(self.entrees(), "date_entree"),
            "ACT06": un((a for a in self.du("actualite", "date_evt") if a["type"] == "entretien_individuel"), "date_evt"),
            "ENT01": un(mer, "date_mer"), "ENT01a": un((m for m in mer if self._collectee(m)), "date_mer"),
            "ENT03": un(contacts, "date_contact"), "ENT03a": un((c for c in contacts if c["visite"]), "date_contact"),
            "ENT07": un(self._periodes(), "date_debut"),
            "RES02": un(situations, "date_debut"),
            "RES02a": un((s for s in situations if s["categorie"] == "FORMATION"), "date_debut"),
            "RES02b": un((s for s in situations if self.en_emploi(s)), "date_debut"),
            "RES02b1": un((s for s in situations if self.durable(s)), "date_debut"),
            "RES02b2": un((s for s in situations if s["categorie"] == "ALTERNANCE"), "date_debut"),
            "RES04j": [(str(p["ml_id"]), (p["date_sortie"] - p["date_entree"]) // timedelta(1)) for p in sorties],
            "RES04n": un(sorties, "date_sortie"),
        }  # fmt: skip

    def declares(self) -> dict[str, list[tuple[str, Decimal]]]:
        def sommer(table: str, colonne: str, si: Callable[[Ligne], object]) -> list[tuple[str, Decimal]]:
            cle = "territoire_code" if table == "contexte_valeur" else "ml_id"
            return [(str(x[cle]), x[colonne]) for x in self.t[table] if x["annee"] == self.cadre.annee and si(x)]

        def budget(si: Callable[[Ligne], object]) -> list[tuple[str, Decimal]]:
            return sommer("icare_budget", "montant", lambda b: b["nature"] == "prevu" and si(b))

        return {
            "MOY01": sommer("icare_rh", "etp", lambda r: True),
            "MOY01a": sommer("icare_rh", "etp", lambda r: r["filiere"] == "insertion_sociale_professionnelle"),
            "MOY02": sommer("icare_rh", "etp", lambda r: r["mise_a_disposition"]),
            "AX45": sommer("icare_rh", "etp", lambda r: r["axe"] in (4, 5)),
            "MOY03": budget(lambda b: True), "MOY04": budget(lambda b: b["socle_cpo"]),
            "MOY04e": budget(lambda b: b["financeur"] == "etat"),
            "MOY04p": budget(lambda b: b["activite"] == "principale"),
            "CTX90": sommer("contexte_valeur", "valeur", lambda c: c["code_contexte"] == "ANO_16_25"),
            "CTX91": sommer("contexte_valeur", "valeur", lambda c: c["code_contexte"] == "DEFM_16_25_V_INFRA"),
        }  # fmt: skip


def chiffres(tables: Tables, d0: date, d1: date, mls: set[str], cadre: Cadre) -> dict[str, Decimal]:
    """Every count of the period for some missions locales together: a person known in several counts once."""
    n = Naif(tables, d0, d1, cadre)
    lus = {
        code: Decimal(len({(x[0], x[1]) if code == "ACT02a" else x[0] for x in lignes if x[1] in mls}))
        for code, lignes in n.personnes().items()
    }
    lus |= {code: sum((Decimal(x[1]) for x in lignes if x[0] in mls), Decimal(0))
            for code, lignes in (n.evenements() | n.declares()).items()}  # fmt: skip
    return lus


def stocks(tables: Tables, jour: date, mls: set[str], cadre: Cadre) -> dict[str, Decimal]:
    """Every stock of a month end."""
    lus = Naif(tables, jour, jour, cadre).stocks()
    return {code: Decimal(len({d[0] for d in dossiers if d[1] in mls})) for code, dossiers in lus.items()}


def rapporter(haut: Decimal, bas: Decimal, facteur: int = 1, decimales: int = 6) -> Decimal | None:
    """Rounded half up to six decimals, then to those of the unit; None over nothing."""
    if not bas:
        return None
    exact = Fraction(haut) * facteur / Fraction(bas)
    six = Decimal(int(exact * 10**6 + Fraction(1, 2))).scaleb(-6)
    return six.quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
