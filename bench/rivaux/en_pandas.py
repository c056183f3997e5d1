"""The rival in pandas, in its best form: integer keys, one groupby per figure family, no apply, pyarrow readers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

ANNEE = 2025
DEBUT, FIN = np.datetime64(f"{ANNEE}-01-01"), np.datetime64(f"{ANNEE}-12-31")
JOUR = np.timedelta64(1, "D")


def calculer(dossier: Path, regions: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Compute the figures and return, by family, a frame with the level, the code and the sums."""

    def lire(vue: str, colonnes: list[str], filtres=None) -> pd.DataFrame:
        return pd.read_parquet(dossier / f"{vue}.parquet", columns=colonnes, filters=filtres)

    annexes, siae = _annexes(lire, regions)
    mensuel = _mensuel(lire, annexes)
    salaries, contrats = _contrats(lire, siae)
    sejours = _sejours(contrats)
    return {
        "etp": _etp(annexes, mensuel, siae),
        "personnes": _personnes(lire, mensuel, salaries, contrats, sejours, siae),
        "sorties": _sorties(lire, mensuel, salaries, contrats, sejours, siae, annexes),
    }


def _annexes(lire, regions):
    a = lire("AnnexeFinanciere", [
        "af_id_annexe_financiere", "af_id_avenant_modification", "af_id_structure", "af_mesure_dispositif_code",
        "af_etat_annexe_financiere_code", "af_numero_avenant_modification", "af_date_debut_effet", "af_date_fin_effet",
        "af_etp_postes_insertion", "af_duree_heure_annuel_etp_valeur", "af_montant_unitaire_annuel_valeur",
        "af_montant_total_annuel",
    ])  # fmt: skip
    rang = a.af_etat_annexe_financiere_code.map({"VALIDE": 0, "PROVISOIRE": 1, "CLOTURE": 2})
    a = a[rang.notna() & ~a.af_mesure_dispositif_code.str.startswith("FDI")].assign(rang=rang)
    a = a.sort_values(
        ["rang", "af_numero_avenant_modification", "af_id_avenant_modification"], ascending=[True, False, False]
    ).drop_duplicates("af_id_annexe_financiere")
    mesure = a.af_mesure_dispositif_code.str.split("_", n=1, expand=True)
    a = a.assign(cat=mesure[0], mp=mesure[1].eq("MP"))
    a["debut"], a["fin"] = (pd.to_datetime(a[c]) for c in ("af_date_debut_effet", "af_date_fin_effet"))
    for nom, colonne in (("etp", "af_etp_postes_insertion"), ("h", "af_duree_heure_annuel_etp_valeur"),
                         ("unitaire", "af_montant_unitaire_annuel_valeur"), ("total", "af_montant_total_annuel")):  # fmt: skip
        a[nom] = a[colonne].astype("float64")
    a["h"] = a.h.fillna(a.cat.map({"ACI": 1820, "AI": 1607, "ETTI": 1600, "EI": 1505, "EITI": 1505}))
    s = lire("Structure", ["structure_id_siae", "structure_adresse_admin_code_insee"])
    insee = s.structure_adresse_admin_code_insee
    s["dep"] = insee.str[:2].where(insee.str[:2] != "97", insee.str[:3])
    siae = a[["af_id_structure", "cat"]].drop_duplicates().merge(
        s, left_on="af_id_structure", right_on="structure_id_siae"
    )  # fmt: skip
    siae["region"] = siae.dep.map(regions)
    siae["siae"] = siae.af_id_structure.astype(str) + "-" + siae.cat
    siae = siae.reset_index(drop=True).rename_axis("n").reset_index()
    return a.merge(siae[["n", "af_id_structure", "cat"]], on=["af_id_structure", "cat"]), siae


def _mensuel(lire, annexes):
    m = lire("EtatMensuelIndiv", [
        "emi_afi_id", "emi_sme_mois", "emi_pph_id", "emi_ctr_id", "emi_sme_version", "emi_nb_heures_travail",
    ], [("emi_sme_annee", "==", ANNEE)])  # fmt: skip
    m["heures"] = m.emi_nb_heures_travail.astype("float64")
    cle = ["emi_afi_id", "emi_sme_mois", "emi_pph_id", "emi_ctr_id"]
    revises = m.loc[m.emi_sme_version > 1, [*cle, "emi_sme_version"]].groupby(cle, sort=False).max().reset_index()
    m = m.merge(revises.rename(columns={"emi_sme_version": "v"}), on=cle, how="left")
    m = m[m.v.isna() | (m.v == m.emi_sme_version)]
    a = annexes.set_index("af_id_annexe_financiere")[["n", "mp"]]
    return m.join(a, on="emi_afi_id", how="inner")


def _niveaux(par_siae: pd.DataFrame, siae: pd.DataFrame, cles: list[str]) -> pd.DataFrame:
    """Sum additive figures at the four levels, and by category above the SIAE."""
    x = par_siae.merge(siae[["n", "siae", "dep", "region", "cat"]], on="n").drop(columns="n")
    x["france"] = "FR"
    mesures = [c for c in x if c not in {"siae", "dep", "region", "cat", "france", *cles}]
    blocs = []
    for niveau, cle in (("siae", "siae"), ("departement", "dep"), ("region", "region"), ("france", "france")):
        for categorie in ([], ["cat"]) if niveau != "siae" else ([],):
            g = x.groupby([cle, *categorie, *cles], sort=False)[mesures].sum().reset_index()
            blocs.append(g.rename(columns={cle: "code"}).assign(niveau=niveau))
    return pd.concat(blocs)


def _etp(annexes, mensuel, siae):
    heures = mensuel.groupby(["emi_afi_id", "emi_sme_mois"], sort=False).heures.sum()
    a = annexes[~annexes.mp & (annexes.debut <= FIN) & (annexes.fin >= DEBUT)]
    premier = np.where(a.debut < DEBUT, 1, a.debut.dt.month)
    dernier = np.where(a.fin > FIN, 12, a.fin.dt.month)
    duree = (a.fin.dt.year - a.debut.dt.year) * 12 + a.fin.dt.month - a.debut.dt.month + 1
    matrice = heures.unstack(fill_value=0.0).reindex(
        index=a.af_id_annexe_financiere, columns=range(1, 13), fill_value=0.0
    )
    h = matrice.to_numpy() / a.h.to_numpy()[:, None]
    couvert = (np.arange(1, 13) >= premier[:, None]) & (np.arange(1, 13) <= dernier[:, None])
    etp, unitaire = a.etp.to_numpy(), a.unitaire.to_numpy()
    blocs = []
    for periode, realises, mois in [
        (str(ANNEE), h.sum(axis=1), couvert.sum(axis=1)),
        *((f"{ANNEE}-{k:02d}-cumul", h[:, :k].sum(axis=1), couvert[:, :k].sum(axis=1)) for k in range(1, 13)),
        *((f"{ANNEE}-{k:02d}", h[:, k - 1] * 12, couvert[:, k - 1] * 12) for k in range(1, 13)),
    ]:
        conv = etp * mois / 12
        blocs.append(pd.DataFrame({
            "n": a.n.to_numpy(), "periode": periode, "realises": realises, "conventionnes": conv,
            "utilisee": np.minimum(realises, conv) * unitaire,
            "allouee": a.total.to_numpy() * couvert.sum(axis=1) / duree.to_numpy(),
        }))  # fmt: skip
    par_siae = pd.concat(blocs).groupby(["n", "periode"], sort=False).sum().reset_index()
    return _niveaux(par_siae, siae, ["periode"])


def _contrats(lire, siae):
    s = lire(
        "Salarie",
        ["salarie_id", "personne", "sexe", "naissance", "agrement", "salarie_adr_qpv_type", "salarie_adr_is_zrr"],
    )
    s["p"] = pd.factorize(s.personne)[0]
    s["naissance"] = s.naissance.str[:4].astype("int32")
    c = lire("ContratMission", [
        "contrat_id_ctr", "contrat_id_structure", "contrat_mesure_disp_code", "contrat_id_pph", "contrat_date_embauche",
        "contrat_date_fin_contrat", "contrat_date_sortie_definitive", "contrat_motif_sortie_id", "contrat_salarie_rsa",
        "contrat_niveau_de_formation_code", "contrat_salarie_pe_duree_code", "contrat_salarie_ass", "contrat_salarie_aah",
        "contrat_beneficiaire_rqth", "contrat_salarie_mobilite", "contrat_orienteur_code",
    ])  # fmt: skip
    mesure = c.contrat_mesure_disp_code.str.split("_", n=1, expand=True)
    c["cat"], c["mp"] = mesure[0], mesure[1].eq("MP")
    c = c.merge(
        siae[["n", "af_id_structure", "cat"]],
        left_on=["contrat_id_structure", "cat"],
        right_on=["af_id_structure", "cat"],
    )
    c = c.merge(s[["salarie_id", "p"]], left_on="contrat_id_pph", right_on="salarie_id")
    c["debut"] = pd.to_datetime(c.contrat_date_embauche)
    c["fin"] = pd.to_datetime(c.contrat_date_sortie_definitive).fillna(pd.to_datetime(c.contrat_date_fin_contrat))
    c["niveau"], c["duree"], c["orienteur"] = (
        pd.to_numeric(c[x]).astype("int32")
        for x in ("contrat_niveau_de_formation_code", "contrat_salarie_pe_duree_code", "contrat_orienteur_code")
    )
    c["rsa"] = c.contrat_salarie_rsa.str.startswith("OUI")
    return s, c


def _sejours(c):
    actifs = c.loc[(c.fin >= DEBUT) & (c.debut <= FIN), ["n", "p"]].drop_duplicates()
    x = (
        c[["n", "p", "contrat_id_ctr", "debut", "fin"]]
        .merge(actifs, on=["n", "p"])
        .sort_values(["n", "p", "debut", "fin", "contrat_id_ctr"])
    )
    cle = x.n.to_numpy().astype("int64") * 10**9 + x.p.to_numpy()
    nouveau_groupe = np.r_[True, cle[1:] != cle[:-1]]
    fin = x.fin.to_numpy().astype("datetime64[D]").astype("int64")
    # Running maximum inside each group: an offset larger than any date keeps groups apart.
    rang = np.cumsum(nouveau_groupe)
    cumul = np.maximum.accumulate(fin + rang * 10**6) - rang * 10**6
    avant = np.r_[0, cumul[:-1]]
    debut = x.debut.to_numpy().astype("datetime64[D]").astype("int64")
    x["k"] = np.cumsum(nouveau_groupe | (debut > avant + 1))
    g = x.groupby("k", sort=False)
    premiers = g.first()
    dernier = x.sort_values(["fin", "debut", "contrat_id_ctr"]).groupby("k", sort=False).contrat_id_ctr.last()
    sejours = pd.DataFrame(
        {
            "n": premiers.n,
            "p": premiers.p,
            "debut": g.debut.min(),
            "fin": g.fin.max(),
            "premier": premiers.contrat_id_ctr,
        }
    )
    sejours["dernier"] = dernier
    return sejours.reset_index(drop=True)


def _personnes(lire, mensuel, salaries, contrats, sejours, siae):
    m = mensuel[~mensuel.mp]
    bit = np.where(m.heures > 0, np.left_shift(1, m.emi_sme_mois.to_numpy() - 1), 0)
    p = m[["n", "emi_pph_id", "emi_ctr_id"]].assign(mois=bit)
    # Bits of distinct months add up to their OR.
    p = p.drop_duplicates().groupby(["n", "emi_pph_id", "emi_ctr_id"], sort=False).mois.sum().reset_index()
    p["embauche"] = False
    e = sejours[(sejours.debut >= DEBUT) & (sejours.debut <= FIN)][["n", "premier"]].merge(
        contrats.loc[~contrats.mp, ["contrat_id_ctr", "contrat_id_pph"]], left_on="premier", right_on="contrat_id_ctr"
    )
    e = e.rename(columns={"contrat_id_pph": "emi_pph_id", "premier": "emi_ctr_id"}).assign(mois=0, embauche=True)
    x = pd.concat([p, e[["n", "emi_pph_id", "emi_ctr_id", "mois", "embauche"]]])
    f = lire("Formations", ["formation_id_ctr", "formation_date_debut"])
    formes = f.loc[pd.to_datetime(f.formation_date_debut).dt.year == ANNEE, "formation_id_ctr"].unique()
    x["forme"] = x.emi_ctr_id.isin(formes)
    x = x.merge(salaries, left_on="emi_pph_id", right_on="salarie_id")
    colonnes = ["contrat_id_ctr", "niveau", "duree", "rsa", "contrat_salarie_ass", "contrat_salarie_aah", "contrat_beneficiaire_rqth",
                "contrat_salarie_mobilite", "orienteur"]  # fmt: skip
    x = x.merge(contrats[colonnes], left_on="emi_ctr_id", right_on="contrat_id_ctr", how="left")
    present = x.mois > 0
    age = ANNEE - x.naissance
    drapeaux = {
        ("sexe", "homme"): x.sexe == "H", ("sexe", "femme"): x.sexe == "F", ("age", "moins_26"): age < 26,
        ("age", "50_et_plus"): age >= 50, ("niveau_formation", "cap_bep"): x.niveau.isin([50, 51]),
        ("niveau_formation", "infra_cap"): x.niveau.isin([1, 60, 70]), ("niveau_formation", "non_certifiante"): x.niveau == 0,
        ("rsa", "oui"): x.rsa, ("ass", "oui"): x.contrat_salarie_ass, ("aah", "oui"): x.contrat_salarie_aah,
        ("rqth", "oui"): x.contrat_beneficiaire_rqth, ("zus_qpv", "oui"): x.salarie_adr_qpv_type == "QP",
        ("zrr_frr", "oui"): x.salarie_adr_is_zrr, ("inscription", "12_23_mois"): x.duree == 3,
        ("inscription", "24_mois_et_plus"): x.duree == 4,
    }  # fmt: skip
    n1 = x.rsa | x.contrat_salarie_ass | x.contrat_salarie_aah | (x.duree == 4)
    criteres = sum(d.astype("int8") for d in (
        x.contrat_beneficiaire_rqth, x.contrat_salarie_mobilite, x.niveau.isin([50, 51, 1, 60, 70]), age < 26, age >= 50,
        x.duree == 3, x.salarie_adr_qpv_type == "QP", x.salarie_adr_is_zrr,
    ))  # fmt: skip
    conditions = {("iae.publics.presents", "", ""): present, ("iae.publics.embauches", "", ""): x.embauche}
    for (v, mo), d in drapeaux.items():
        conditions["iae.publics.presents", v, mo] = present & d
        conditions["iae.publics.embauches", v, mo] = x.embauche & d
    conditions["iae.eligibilite.agrements", "", ""] = x.embauche & x.agrement
    conditions["n.niveau_1", "", ""] = x.embauche & n1
    conditions["n.niveau_2", "", ""] = x.embauche & ~n1 & (criteres >= 2)
    conditions["n.auto", "", ""] = x.embauche & x.orienteur.isin([7, 8])
    conditions["iae.formation.personnes", "", ""] = present & x.forme
    for mois in range(1, 13):
        conditions["mois", "", f"{mois:02d}"] = (np.right_shift(x.mois.to_numpy(), mois - 1) & 1) == 1
    masque = np.zeros(len(x), dtype="int64")
    for rang, condition in enumerate(conditions.values()):
        masque |= np.asarray(condition, dtype=bool).astype("int64") << rang
    x = pd.DataFrame({"n": x.n.to_numpy(), "p": x.p.to_numpy(), "b": masque})
    x = x.merge(siae[["n", "siae", "dep", "region", "cat"]], on="n")
    x["france"] = "FR"
    blocs = []
    for niveau, cle in (("siae", "siae"), ("departement", "dep"), ("region", "region"), ("france", "france")):
        for categorie in ([], ["cat"]) if niveau != "siae" else ([],):
            blocs.append(
                _compter(x, [cle, *categorie], len(conditions)).rename(columns={cle: "code"}).assign(niveau=niveau)
            )
    resultat = pd.concat(blocs)
    resultat.attrs["cles"] = list(conditions)
    return resultat


def _compter(x, cles, nombre):
    """OR the masks of each person inside each key, then count each bit."""
    code = x.groupby(cles, sort=False).ngroup().to_numpy()
    ordre = np.lexsort((x.p.to_numpy(), code))
    code, p, b = code[ordre], x.p.to_numpy()[ordre], x.b.to_numpy()[ordre]
    debuts = np.flatnonzero(np.r_[True, (code[1:] != code[:-1]) | (p[1:] != p[:-1])])
    unis, codes = np.bitwise_or.reduceat(b, debuts), code[debuts]
    groupes = x[cles].drop_duplicates().reset_index(drop=True)
    for rang in range(nombre):
        groupes[f"b{rang}"] = np.bincount(codes, weights=(unis >> rang) & 1, minlength=len(groupes)).astype("int64")
    return groupes


def _sorties(lire, mensuel, salaries, contrats, sejours, siae, annexes):
    finis = (
        sejours[(sejours.fin >= DEBUT) & (sejours.fin <= FIN)]
        .sort_values("fin")
        .drop_duplicates(["n", "p"], keep="last")
    )
    f = finis[["n", "p", "fin", "dernier"]].merge(
        contrats[["contrat_id_ctr", "contrat_motif_sortie_id", "mp"]], left_on="dernier", right_on="contrat_id_ctr"
    )
    s = sejours.merge(f[["n", "p", "fin"]], on=["n", "p"], suffixes=("", "_sortie"))
    s = s[s.fin <= s.fin_sortie]
    s["jours"] = (s.fin - s.debut).dt.days + 1
    d = s.groupby(["n", "p"], sort=False).agg(entree=("debut", "min"), jours=("jours", "sum")).reset_index()
    x = f.merge(d, on=["n", "p"]).merge(siae[["n", "cat"]], on="n")
    h = (
        mensuel.merge(salaries[["salarie_id", "p"]], left_on="emi_pph_id", right_on="salarie_id")
        .groupby(["n", "p"], sort=False)
        .heures.sum()
    )
    x = x.join(h.rename("h"), on=["n", "p"]).fillna({"h": 0.0})
    peu = x[x.cat.isin(["AI", "ETTI"]) & (x.h < 150)][["n", "p"]].merge(
        contrats[["n", "p", "contrat_id_pph"]], on=["n", "p"]
    )
    x = x.join(_heures_avant(lire, peu, annexes, salaries), on=["n", "p"]).fillna({"avant": 0.0})
    limite = x.entree + pd.DateOffset(months=3)
    longs = x.entree + pd.to_timedelta(x.jours, unit="D") > limite
    duree_cat, cumul_cat = x.cat.isin(["ACI", "EI"]), x.cat.isin(["AI", "ETTI"])
    ref = lire("RefMotifSort", ["rms_id", "rcs_id"]).set_index("rms_id").rcs_id
    classe = x.contrat_motif_sortie_id.map(ref)
    exclu = np.select(
        [duree_cat & ~longs, (duree_cat & (x.h < 1)) | (cumul_cat & (x.h + x.avant < 150)), classe == 5], [1, 2, 3], 0
    )
    garde = exclu == 0
    y = pd.DataFrame({
        "n": x.n, "constatees": 1, "duree": exclu == 1, "heures": exclu == 2, "retrait": exclu == 3, "examinees": garde,
        "durable": garde & (classe == 1), "transition": garde & (classe == 2), "positive": garde & (classe == 3),
        "autre": garde & (classe == 4), "motif_inconnu": garde & classe.isna(),
    })[~x.mp.to_numpy()]  # fmt: skip
    return _niveaux(y.groupby("n", sort=False).sum().reset_index(), siae, [])


def _heures_avant(lire, peu, annexes, salaries):
    m = lire("EtatMensuelIndiv", [
        "emi_afi_id", "emi_sme_annee", "emi_sme_mois", "emi_pph_id", "emi_ctr_id", "emi_sme_version", "emi_nb_heures_travail",
    ], [("emi_sme_annee", "<", ANNEE)])  # fmt: skip
    m = m[m.emi_pph_id.isin(peu.contrat_id_pph)]
    cle = ["emi_afi_id", "emi_sme_annee", "emi_sme_mois", "emi_pph_id", "emi_ctr_id"]
    m = m.sort_values("emi_sme_version").drop_duplicates(cle, keep="last")
    m["avant"] = m.emi_nb_heures_travail.astype("float64")
    m = m.merge(annexes[["af_id_annexe_financiere", "n"]], left_on="emi_afi_id", right_on="af_id_annexe_financiere")
    m = m.merge(salaries[["salarie_id", "p"]], left_on="emi_pph_id", right_on="salarie_id")
    return m.groupby(["n", "p"], sort=False).avant.sum()
