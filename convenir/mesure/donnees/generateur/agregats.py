"""Aggregated files of the same invented world: ASP workbook, DGEFP weekly file, annexes, hours by month."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from convenir.mesure.donnees.generateur.agregats_calcul import TotauxAnnexe, totaux_par_annexe
from convenir.mesure.donnees.generateur.lot import Demande, Lot, preparer, tirer_lots
from convenir.mesure.donnees.generateur.territoire import en_capitales, regions
from convenir.mesure.donnees.generateur.vues_structures import ligne_structure, lignes_annexe
from convenir.socle.commun.lecture_yaml import lire_yaml_sur
from convenir.socle.commun.montants import arrondir

HEURES_D_UN_PERMANENT = 1_600
LATIN = "latin-1"
EXPORT = (
    "af_id_structure", "structure_denomination", "structure_siret_signature", "structure_siret_actualise",
    "structure_categorie_juridique_code", "structure_code_naf", "structure_adresse_admin_code_insee",
    "af_numero_convention", "af_mesure_dispositif_code", "af_numero_annexe_financiere",
    "af_numero_avenant_renouvellement", "af_numero_avenant_modification", "af_id_annexe_financiere",
    "af_id_avenant_modification", "af_etat_annexe_financiere_code", "af_indicateur_suspension", "af_date_debut_effet",
    "af_date_fin_effet", "af_etp_postes_insertion", "af_duree_heure_annuel_etp_valeur",
    "af_montant_unitaire_annuel_valeur", "af_montant_total_annuel", "af_indic_cofinancement", "af_mt_cofinance",
    "af_id_financeur_code", "af_nb_prev_sorties", "af_taux_prev_sorties_dynamiques", "af_taux_prev_sorties_durable",
    "af_taux_prev_sorties_trans", "af_taux_prev_sorties_positives",
)  # fmt: skip
Ligne = Mapping[str, Any]


@cache
def entetes(source: str) -> dict[str, str]:
    """Headers of a source, as it writes them, by our key."""
    lus = lire_yaml_sur(Path(__file__).with_name("agregats.yaml").read_text(encoding="utf-8"))
    trouves: dict[str, str] = lus[source]
    return trouves


def generer_bilan_asp(sortie: Path, **monde: Any) -> Path:
    """Write the ASP workbook, one row for each annexe, as `DataON_<JJMMAAAA>.xlsx`.

    Args:
        sortie: folder, created if absent.
        monde: `region`, `france`, `annees`, `graine`, `jusquau`, `siae`, `erreurs`, with the same meaning as for
            `generer_fluxiae`; given the same values, the totals are those of the delivery.

    Raises:
        EntreeInvalide: an argument is wrong.
    """
    demande = preparer(**monde)
    chemin = _chemin(sortie, f"DataON_{demande.extraction:%d%m%Y}.xlsx")
    classeur = xlsxwriter.Workbook(str(chemin), {"constant_memory": True})
    classeur.set_properties({"comments": "Données inventées", "created": demande.extraction})
    feuille = classeur.add_worksheet("Bilan")
    for rang, ligne in enumerate(_avec_entete(entetes("bilan_asp"), _lignes(demande, _bilan))):
        feuille.write_row(rang, 0, ligne)
    classeur.close()
    return chemin


def generer_suivi_dgefp(sortie: Path, **monde: Any) -> Path:
    """Write the weekly file of the DGEFP: Latin-1, semicolons, decimal comma; arguments of `generer_bilan_asp`."""
    demande = preparer(**monde)
    chemin = _chemin(sortie, f"iae_v1_0_suivi_hebdomadaire_{demande.extraction:%d%m%Y}.csv")
    lignes = _avec_entete(entetes("suivi_dgefp"), _lignes(demande, _suivi))
    return _csv(chemin, lignes, encodage=LATIN, separateur=";")


def generer_annexe_mois(sortie: Path, **monde: Any) -> Path:
    """Write one row for each annexe and month entered; arguments of `generer_bilan_asp`."""
    demande = preparer(**monde)
    noms = ("numero_annexe", "annee", "mois", "heures", "personnes")
    chemin = _chemin(sortie, f"heures_par_annexe_et_mois_{demande.extraction:%d%m%Y}.csv")
    return _csv(chemin, _avec_entete(dict(zip(noms, noms, strict=True)), _lignes(demande, _mois)))


def generer_export_annexes(sortie: Path, **monde: Any) -> Path:
    """Write the main columns of every version of the annexes; arguments of `generer_bilan_asp`."""
    demande = preparer(**monde)
    chemin = _chemin(sortie, f"export_annexes_{demande.extraction:%d%m%Y}.csv")
    contenu = (ligne for lot in tirer_lots(demande) for ligne in _export(lot))
    return _csv(chemin, _avec_entete(dict(zip(EXPORT, EXPORT, strict=True)), contenu), separateur=";")


def _chemin(sortie: Path, nom: str) -> Path:
    sortie.mkdir(parents=True, exist_ok=True)
    return sortie / nom


def _lignes(demande: Demande, composer: Callable[[TotauxAnnexe, Lot], Iterable[Ligne]]) -> Iterator[Ligne]:
    for lot in tirer_lots(demande):
        for totaux in totaux_par_annexe(lot):
            yield from composer(totaux, lot)


def _avec_entete(colonnes: Mapping[str, str], lignes: Iterable[Ligne]) -> Iterator[list[Any]]:
    yield list(colonnes.values())
    for ligne in lignes:
        yield [ligne.get(cle, "") for cle in colonnes]


def _csv(chemin: Path, lignes: Iterable[list[Any]], *, encodage: str = "utf-8", separateur: str = ",") -> Path:
    with chemin.open("w", encoding=encodage, newline="", errors="replace") as fichier:
        csv.writer(fichier, delimiter=separateur, lineterminator="\n").writerows(lignes)
    return chemin


def _reference(t: TotauxAnnexe) -> str:
    return f"{t.annexe.numero} A{t.annexe.avenant}M{t.annexe.retenue.modification}"


def _bilan(t: TotauxAnnexe, lot: Lot) -> Iterator[Ligne]:
    a, d = t.annexe, lot.monde.departement
    yield {
        "annee": a.debut.year,
        "mesure": a.unite.mesure,
        "region": en_capitales(regions()[d.region]),
        "departement": en_capitales(d.nom),
        "siret": a.unite.structure.siret_actualise,
        "denomination": a.unite.structure.denomination,
        "numero": _reference(t),
        **_encadrement(t, lot),
        **t.comptes,
    }


def _encadrement(t: TotauxAnnexe, lot: Lot) -> Ligne:
    """Permanent staff of the annexe: the same draw whatever is written of it."""
    rng = np.random.default_rng([lot.demande.graine, t.annexe.id_annexe])
    etp = float(t.annexe.retenue.etp) * t.annexe.unite.marges.encadrement * t.annexe.mois / 12
    parts = {
        "encadrement": round(etp * 0.65 * float(rng.uniform(0.8, 1.2)), 2),
        "accompagnement": round(etp * 0.35 * float(rng.uniform(0.8, 1.2)), 2),
        "non_salaries": 0.0,
        "prestataires": round(etp * 0.1, 2) if rng.random() < 0.2 else 0.0,
    }
    etps = {f"{nom}_etp": valeur for nom, valeur in parts.items()}
    return etps | {f"{nom}_heures": round(valeur * HEURES_D_UN_PERMANENT) for nom, valeur in parts.items()}


def _suivi(t: TotauxAnnexe, lot: Lot) -> Iterator[Ligne]:
    """One row for the State and, when it co-finances, one for the département."""
    a = t.annexe
    total = a.total(a.retenue)
    departement = arrondir(total * a.part_cofinancee / 100)
    parts = {"État": (Decimal(100 - a.part_cofinancee) / 100, total - departement)}
    if a.part_cofinancee:
        parts[f"CD {en_capitales(lot.monde.departement.nom)}"] = (Decimal(a.part_cofinancee) / 100, departement)
    for financeur, (part, montant) in parts.items():
        convenus, declares = a.retenue.etp * a.mois / 12 * part, t.etp_realises * part
        yield {
            "annee": a.debut.year,
            "siret": a.unite.structure.siret_actualise,
            "numero": a.numero,
            "type_aide": "Aide au poste",
            "financeur": financeur,
            "etp_conventionnes": _virgule(convenus),
            "montant": _virgule(montant),
            "etp_declares": _virgule(declares),
            "etp_plafonne": _virgule(min(convenus, declares)),
            "ecart": _virgule(declares - convenus),
        }


def _virgule(valeur: Decimal) -> str:
    return f"{arrondir(valeur):.2f}".replace(".", ",")


def _mois(t: TotauxAnnexe, lot: Lot) -> Iterator[Ligne]:
    del lot
    for (annee, mois), heures in sorted(t.heures.items()):
        personnes = t.personnes[annee, mois]
        reference = _reference(t).replace(" ", "")
        yield {
            "numero_annexe": reference, "annee": annee, "mois": mois, "heures": heures, "personnes": personnes,
        }  # fmt: skip


def _export(lot: Lot) -> Iterator[Ligne]:
    """Rows of the annexes as in the delivery, with the columns of their structure."""
    d, rng = lot.monde.departement, lot.rng
    fiches = {s.id_asp: ligne_structure(rng, s, d) for s in lot.monde.structures}
    for annexe in lot.annexes:
        for ligne in lignes_annexe(rng, annexe, d):
            yield {**fiches[annexe.unite.structure.id_asp], **_ecrits(ligne)}


def _ecrits(ligne: Ligne) -> Ligne:
    return {cle: ("true" if v else "false") if isinstance(v, bool) else v for cle, v in ligne.items()}


__all__ = ["generer_annexe_mois", "generer_bilan_asp", "generer_export_annexes", "generer_suivi_dgefp"]
