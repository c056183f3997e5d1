"""The same counts with pandas and numpy in their best form: integer keys, sorted searches, bits added by `bincount`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bench.rivaux.ml_lecture import PERIODES
from bench.rivaux.ml_sql import DISPOSITIFS, MODALITES

PAR_JOUR = 1 << 20  # a day is a number below this; a file and a day are one integer
LOIN = PAR_JOUR - 1
RECUS = ("entretien_individuel", "atelier", "info_collective")
THEMES = (
    ("ACT08n", "professionnel", ""), ("ACT08an", "professionnel", "emploi"), ("ACT08bn", "professionnel", "formation"),
    ("ACT08cn", "professionnel", "projet_professionnel"), ("ACT09n", "social", ""), ("ACT09an", "social", "logement"),
    ("ACT09bn", "social", "sante"), ("ACT10n", "vie_sociale", ""), ("ACT10an", "vie_sociale", "citoyennete"),
    ("ACT10bn", "vie_sociale", "loisirs_sports_culture"),
)  # fmt: skip


class Monde:
    """The files and their states, as sorted arrays."""

    def __init__(self, dossier: Path, annee: int) -> None:
        self.dossier, self.annee = dossier, annee
        self.debut, self.fin = jour(f"{annee}-01-01"), jour(f"{annee}-12-31")
        self.fins = [jour(pd.Timestamp(annee, m, 1) + pd.offsets.MonthEnd(0)) for m in range(1, 13)]
        jeunes = self.lire("jeune", "jeune_id", "ml_id", "sexe", "naissance_mois")
        self.cles = pd.MultiIndex.from_frame(jeunes[["ml_id", "jeune_id"]])
        self.ml, self.noms_ml = pd.factorize(jeunes.ml_id, sort=True)
        self.personne, _ = pd.factorize(jeunes.jeune_id)
        self.partage = np.bincount(self.personne)[self.personne] > 1
        naissance = pd.DatetimeIndex(jeunes.naissance_mois)
        self.naissance = np.where(naissance.isna(), 0, naissance.year * 12 + naissance.month - 1).astype(np.int64)
        self.femme, self.homme = (jeunes.sexe == "F").to_numpy(), (jeunes.sexe == "H").to_numpy()
        self.structures = (
            self.lire("structure", "ml_id", "dept_code", "region_code").set_index("ml_id").loc[list(self.noms_ml)]
        )
        self._etats()

    def lire(self, table: str, *colonnes: str) -> pd.DataFrame:
        return pd.read_parquet(self.dossier / f"{table}.parquet", columns=list(colonnes), dtype_backend="pyarrow")

    def dossiers(self, table: pd.DataFrame) -> np.ndarray:
        """Number of the file of each row."""
        return self.cles.get_indexer(pd.MultiIndex.from_frame(table[["ml_id", "jeune_id"]]))

    def _etats(self) -> None:
        e = self.lire(
            "jeune_etat", "jeune_id", "ml_id", "date_debut", "date_fin", "niveau", "diplome_obtenu", "qpv", "zrr"
        )
        d, debut = self.dossiers(e), jours(e.date_debut)
        ordre = np.lexsort((debut, d))
        e, d, debut = e.iloc[ordre], d[ordre], debut[ordre]
        self.cle_etat = d.astype(np.int64) * PAR_JOUR + debut
        self.fin_etat = np.where(e.date_fin.isna(), LOIN, jours(e.date_fin))
        niveau = e.niveau.to_numpy(dtype=object, na_value="")
        oui, non = ((e.diplome_obtenu == v).fillna(False).to_numpy(dtype=bool) for v in (True, False))
        vrais = {
            "niveau IN ('VI', 'Vbis')": np.isin(niveau, ("VI", "Vbis")), "niveau = 'V'": niveau == "V", "niveau = 'IV'": niveau == "IV",
            "niveau = 'III'": niveau == "III", "niveau IN ('II', 'I')": np.isin(niveau, ("II", "I")), "diplome_obtenu": oui,
            "NOT diplome_obtenu": non, "qpv": e.qpv.fillna(False).to_numpy(dtype=bool), "zrr": e.zrr.fillna(False).to_numpy(dtype=bool),
        }  # fmt: skip
        self.bits_etat = sum((vrais[c].astype(np.int64) << r) for r, (_, _, c) in enumerate(MODALITES) if c in vrais)
        self.faible_etat = vrais["niveau IN ('VI', 'Vbis')"] | (vrais["niveau = 'V'"] & non)
        self.zone_etat = vrais["qpv"]

    def etat(self, d: np.ndarray, quand: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Bits, low level, priority area, age of files on days."""
        rang = np.searchsorted(self.cle_etat, d.astype(np.int64) * PAR_JOUR + quand, side="right") - 1
        connu = (rang >= 0) & (self.cle_etat[rang] // PAR_JOUR == d) & (self.fin_etat[rang] >= quand)
        mois = pd.DatetimeIndex(pd.to_datetime(quand, unit="D"))
        age = np.where(self.naissance[d] > 0, (mois.year * 12 + mois.month - 1 - self.naissance[d]) // 12, -1)
        bits = np.where(connu, self.bits_etat[rang], 0)
        bits |= self.femme[d].astype(np.int64) | self.homme[d].astype(np.int64) << 1
        for r, (bas, haut) in enumerate(((16, 18), (18, 22), (22, 26)), 2):
            bits |= ((age >= bas) & (age < haut)).astype(np.int64) << r
        return bits, connu & self.faible_etat[rang], connu & self.zone_etat[rang], age


def jour(quand) -> int:
    return (pd.Timestamp(quand) - pd.Timestamp(1970, 1, 1)).days


def jours(colonne: pd.Series) -> np.ndarray:
    """Days since 1970, 0 where empty."""
    dates = pd.DatetimeIndex(colonne).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(dates), 0, dates.astype(np.int64))


def calculer(dossier: Path, annee: int, reglages: dict[str, str]) -> dict:
    """Return every count, as the other rivals do."""
    monde, comptes = Monde(dossier, annee), {}
    actualites(monde, comptes, reglages)
    propositions(monde, comptes)
    return comptes


def actualites(monde: Monde, comptes: dict, reglages: dict[str, str]) -> None:
    a = monde.lire("actualite", "jeune_id", "ml_id", "date_evt", "type")
    quand = jours(a.date_evt)
    gardes = quand <= monde.fin
    a, quand = a[gardes], quand[gardes]
    d, recu = monde.dossiers(a), np.isin(a.type.to_numpy(dtype=object), RECUS)
    an = quand >= monde.debut
    bits, *_ = monde.etat(d[an], quand[an])
    cle = (np.int64(1) << mois_de(quand[an])) | (bits << 12)
    compter(monde, comptes, "ACT01", d[an], cle)
    compter(monde, comptes, "ACT02", d[an & recu], cle[recu[an]])
    premier = np.full(len(monde.ml), LOIN, dtype=np.int64)
    np.minimum.at(premier, d[recu], quand[recu])
    un = recu & an & (quand == premier[d])
    compter(monde, comptes, "ACT02a", d[un], cle[un[an]], somme=True)
    demande(monde, comptes, d[recu], quand[recu], reglages)


def demande(monde: Monde, comptes: dict, d: np.ndarray, quand: np.ndarray, reglages: dict[str, str]) -> None:
    """Youths seeking integration at each month end, then situations and exits, which read the same table."""
    s = monde.lire("situation", "situation_id", "jeune_id", "ml_id", "categorie", "contrat", "aide_non_marchand", "qualifiante",
                   "date_debut", "date_fin_prevue", "date_fin")  # fmt: skip
    traits = qualifier(s, reglages)
    ds, debut = monde.dossiers(s), jours(s.date_debut)
    fin = np.where(s.date_fin.isna(), LOIN, jours(s.date_fin))
    exclut = traits["durable"] | traits["alternance"] | traits["qualifiante"] | traits["scolarite"]
    jdi, faibles, tous = [], [], []
    for m, f in enumerate(monde.fins):
        limite = jour(pd.Timestamp(f, unit="D") - pd.DateOffset(months=5))
        vus = np.zeros(len(monde.ml), dtype=bool)
        vus[d[(quand > limite) & (quand <= f)]] = True
        vus[ds[exclut & (debut <= f) & (fin >= f)]] = False
        qui = np.flatnonzero(vus)
        bits, faible, _, age = monde.etat(qui, np.full(len(qui), f))
        jeune = (age < 26) | (age == -1)
        tous.append(qui[jeune])
        jdi.append((np.int64(1) << m) | (bits[jeune] << 12))
        faibles.append(faible[jeune])
    qui, cles, faible = np.concatenate(tous), np.concatenate(jdi), np.concatenate(faibles)
    compter(monde, comptes, "ACT07", qui, cles)
    compter(monde, comptes, "ACT07a", qui[faible], cles[faible])
    commencees = (debut >= monde.debut) & (debut <= monde.fin)
    bits, *_ = monde.etat(ds[commencees], debut[commencees])
    cle = (np.int64(1) << mois_de(debut[commencees])) | (bits << 12)
    for code, trait in (("RES01", traits["formation"] | traits["emploi"]), ("RES01a", traits["formation"]), ("RES01b", traits["emploi"]),
                        ("RES01b1", traits["durable"]), ("RES01b2", traits["alternance"])):  # fmt: skip
        compter(monde, comptes, code, ds[commencees & trait], cle[trait[commencees]])
    parcours(monde, comptes, pd.Index(s.situation_id.to_numpy(dtype=object)), traits, reglages)


def qualifier(s: pd.DataFrame, reglages: dict[str, str]) -> dict[str, np.ndarray]:
    categorie, contrat = (s[c].to_numpy(dtype=object, na_value="") for c in ("categorie", "contrat"))
    fin = s.date_fin_prevue.where(~s.date_fin_prevue.isna(), s.date_fin)
    six_mois = pd.DatetimeIndex(s.date_debut) + pd.DateOffset(months=6)
    long = ~fin.isna().to_numpy(dtype=bool) & (jours(fin) > jours(pd.Series(six_mois)))

    def codes(nom: str) -> list[str]:
        return [m.strip(" '") for m in reglages[nom].split(",")]

    durable = (categorie == "EMPLOI") & (
        np.isin(contrat, codes("sans_duree")) | (np.isin(contrat, codes("avec_duree")) & long)
    )
    if reglages["non_marchand"]:
        durable &= ~s.aide_non_marchand.fillna(False).to_numpy(dtype=bool)
    emploi, formation = np.isin(categorie, ("EMPLOI", "ALTERNANCE")), categorie == "FORMATION"
    return {
        "emploi": emploi, "alternance": categorie == "ALTERNANCE", "formation": formation, "scolarite": categorie == "SCOLARITE",
        "durable": durable | (categorie == "ALTERNANCE"), "cie": emploi & (contrat == "CIE"),
        "qualifiante": formation & s.qualifiante.fillna(False).to_numpy(dtype=bool),
    }  # fmt: skip


def parcours(
    monde: Monde, comptes: dict, situations: pd.Index, traits: dict[str, np.ndarray], reglages: dict[str, str]
) -> None:
    p = monde.lire(
        "parcours",
        "jeune_id",
        "ml_id",
        "dispositif",
        "type_appui",
        "financable",
        "date_entree",
        "date_sortie",
        "situation_sortie_id",
    )
    dispositif, appui = (p[c].to_numpy(dtype=object, na_value="") for c in ("dispositif", "type_appui"))
    autre = p.dispositif.str.startswith("AUTRE:").fillna(False).to_numpy(dtype=bool)
    autre &= np.isin(appui, [m.strip(" '") for m in reglages["appuis"].split(",")])
    nom = np.where(np.isin(dispositif, DISPOSITIFS[:3]), dispositif, np.where(autre, "AUTRE", ""))
    bit = sum(((nom == n).astype(np.int64) << (len(MODALITES) + r)) for r, n in enumerate(DISPOSITIFS))
    d, entree = monde.dossiers(p), jours(p.date_entree)
    sortie = np.where(p.date_sortie.isna(), LOIN, jours(p.date_sortie))
    e = (nom != "") & (entree >= monde.debut) & (entree <= monde.fin)
    e &= (nom != "COTRAITANCE") | p.financable.fillna(False).to_numpy(dtype=bool)
    bits, faible, zone, _ = monde.etat(d[e], entree[e])
    cle, principal = (np.int64(1) << mois_de(entree[e])) | ((bits | bit[e]) << 12), nom[e] != "AUTRE"
    for code, qui in (("ACT05", principal | True), ("ACT04", principal), ("ACT04a", principal & faible),
                      ("ACT04b", principal & monde.femme[d[e]]), ("ACT04c", principal & zone)):  # fmt: skip
        compter(monde, comptes, code, d[e][qui], cle[qui])
    x = (nom != "") & (sortie >= monde.debut) & (sortie <= monde.fin) & (sortie >= entree)
    bits, *_ = monde.etat(d[x], sortie[x])
    cle = (np.int64(1) << mois_de(sortie[x])) | ((bits | bit[x]) << 12)
    rang = situations.get_indexer(p.situation_sortie_id[x].to_numpy(dtype=object, na_value=""))
    connue = rang >= 0
    compter(monde, comptes, "RES03", d[x], cle)
    compter(monde, comptes, "RES03x", d[x][~connue], cle[~connue])
    for code, trait in (("RES03b", "emploi"), ("RES03b4", "durable"), ("RES03b5", "cie"), ("RES03b6", "alternance"),
                        ("RES03c", "formation"), ("RES03c1", "qualifiante")):  # fmt: skip
        qui = connue & traits[trait][rang]
        compter(monde, comptes, code, d[x][qui], cle[qui])


def propositions(monde: Monde, comptes: dict) -> None:
    p = monde.lire("proposition", "jeune_id", "ml_id", "date_prop", "domaine", "theme")
    quand = jours(p.date_prop)
    an = (quand >= monde.debut) & (quand <= monde.fin)
    p, quand = p[an], quand[an]
    d = monde.dossiers(p)
    bits, *_ = monde.etat(d, quand)
    cle = (np.int64(1) << mois_de(quand)) | (bits << 12)
    domaine, theme = (p[c].to_numpy(dtype=object, na_value="") for c in ("domaine", "theme"))
    for code, quel, lequel in THEMES:
        qui = (domaine == quel) & ((theme == lequel) if lequel else True)
        compter(monde, comptes, code, d[qui], cle[qui])


def mois_de(quand: np.ndarray) -> np.ndarray:
    """Rank of the month of days, 0 for January."""
    return pd.DatetimeIndex(pd.to_datetime(quand, unit="D")).month.to_numpy().astype(np.int64) - 1


def compter(monde: Monde, comptes: dict, code: str, d: np.ndarray, cle: np.ndarray, *, somme: bool = False) -> None:
    """Join the rows of each file by OR, then add the bits by territory."""
    if not len(d):
        return
    masques = np.zeros(len(monde.ml), dtype=np.int64)
    ordre = np.argsort(d, kind="stable")
    tries = d[ordre]
    debuts = np.flatnonzero(np.r_[True, tries[1:] != tries[:-1]])
    masques[tries[debuts]] = np.bitwise_or.reduceat(cle[ordre], debuts)
    qui = np.flatnonzero(masques)
    ml = ajouter(masques[qui], monde.ml[qui], len(monde.noms_ml))
    ranger(comptes, "ml", monde.noms_ml, code, ml)
    for niveau, codes in (("departement", monde.structures.dept_code), ("region", monde.structures.region_code),
                          ("france", pd.Series("FR", monde.structures.index))):  # fmt: skip
        rang, noms = pd.factorize(codes.to_numpy(dtype=object))
        ou = rang[monde.ml[qui]]
        seul = ~monde.partage[qui] | somme
        total = ajouter(masques[qui[seul]], ou[seul], len(noms))
        if (~seul).any():
            groupes = pd.Series(ou[~seul].astype(np.int64) * len(monde.ml) + monde.personne[qui[~seul]])
            rangs, uniques = pd.factorize(groupes)
            joints = np.zeros(len(uniques), dtype=np.int64)
            np.bitwise_or.at(joints, rangs, masques[qui[~seul]])
            total = total + ajouter(joints, uniques.to_numpy() // len(monde.ml), len(noms))
        ranger(comptes, niveau, noms, code, total)


def ajouter(masques: np.ndarray, ou: np.ndarray, combien: int) -> np.ndarray:
    """Count persons by territory: months, quarters, first months, modalities."""
    mois = masques & 4095
    conditions = [(masques >> m) & 1 for m in range(12)]
    conditions += [(mois >> (3 * t)) & 7 != 0 for t in range(4)]
    conditions += [(mois & -mois) == (1 << m) for m in range(12)]
    conditions += [(masques >> (12 + r)) & 1 for r in range(len(MODALITES) + len(DISPOSITIFS))]
    return np.stack([np.bincount(ou, weights=c, minlength=combien) for c in conditions], axis=1).astype(np.int64)


def ranger(comptes: dict, niveau: str, noms, code: str, n: np.ndarray) -> None:
    n = n.copy()
    n[:, 16:28] = n[:, 16:28].cumsum(axis=1)
    modalites = [*((v, m) for v, m, _ in MODALITES), *(("dispositif", x) for x in DISPOSITIFS)]
    if not code.startswith(("ACT04", "ACT05", "RES03")):
        modalites = modalites[: len(MODALITES)]
    for nom, ligne in zip(noms, n.tolist(), strict=True):
        for periode, valeur in zip(PERIODES, ligne, strict=False):
            comptes[niveau, nom, code, "", "", periode] = valeur
        comptes[niveau, nom, code, "", "", PERIODES[0][:4]] = ligne[27]
        for (v, m), valeur in zip(modalites, ligne[28:], strict=False):
            comptes[niveau, nom, code, v, m, PERIODES[0][:4]] = valeur
