"""Checks that bear on several columns of a view at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from convenir.mesure.donnees.annexes import sql
from convenir.mesure.donnees.annexes.rules import ETATS_RETENUS
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.expressions import lecture
from convenir.mesure.donnees.controle.regles_ml import VUES_ML, regles_ml
from convenir.mesure.donnees.controle.verifications import Gravite, Verification
from convenir.mesure.donnees.formats import Vue

NUMERO = r"^(ACI|AI|EITI|ETTI|EI|FDI)[0-9]{2}[0-9A-Z][0-9]{2}[0-9]{4}(A[0-9]+)?(M[0-9]+)?$"


def regles(
    vue: Vue, presentes: set[str], listes: Mapping[str, Collection[str]] | None = None
) -> Iterator[Verification]:
    """Yield the checks of a view whose columns are all in the file.

    Args:
        listes: codes known elsewhere, by name.
    """

    def lu(colonne: str) -> str:
        return f"({lecture(vue.par_nom[colonne])})"

    if vue.nom in VUES_ML:
        yield from regles_ml(vue.nom, presentes, lu, listes or {})
    if vue.nom not in REGLES:
        return
    for colonnes, fabrique in REGLES[vue.nom]:
        if set(colonnes) <= presentes:
            yield fabrique(lu)


Lire = Callable[[str], str]
ETAT, MESURE = "af_etat_annexe_financiere_code", "af_mesure_dispositif_code"
DEBUT, FIN = "af_date_debut_effet", "af_date_fin_effet"
ETP, UNITAIRE, TOTAL = "af_etp_postes_insertion", "af_montant_unitaire_annuel_valeur", "af_montant_total_annuel"
TAUX = tuple(f"af_taux_prev_sorties_{n}" for n in ("dynamiques", "durable", "trans", "positives"))
NUM = "af_numero_annexe_financiere"


def _dates_absentes(_lu: Lire) -> Verification:
    condition = f"COALESCE({nom(DEBUT)}, '') = '' OR COALESCE({nom(FIN)}, '') = ''"
    return Verification(DEBUT, condition, "Une des dates d'effet de l'annexe est absente.", valeur=nom(DEBUT))


def _dates_inversees(lu: Lire) -> Verification:
    message = "L'annexe finit avant de commencer."
    return Verification(FIN, f"{lu(FIN)} < {lu(DEBUT)}", message, valeur=nom(FIN))


def _total(lu: Lire) -> Verification:
    mois = sql.mois_de_lannexe(lu(DEBUT), lu(FIN))
    attendu = sql.total_de_la_regle(lu(ETP), lu(UNITAIRE), mois)
    condition = f"{lu(FIN)} >= {lu(DEBUT)} AND upper({nom(MESURE)}) NOT LIKE 'FDI%' AND {lu(TOTAL)} <> {attendu}"
    message = "Le montant total n'est pas celui que donnent les ETP, le montant unitaire et les mois de l'annexe."
    return Verification(TOTAL, condition, message, Gravite.AVERTISSEMENT, nom(TOTAL))


def _objectifs(lu: Lire) -> Verification:
    dynamique, *parts = (lu(taux) for taux in TAUX)
    message = "L'objectif de sorties dynamiques n'est pas la somme des objectifs durable, transition et positives."
    return Verification(TAUX[0], f"{dynamique} <> {' + '.join(parts)}", message, Gravite.AVERTISSEMENT, nom(TAUX[0]))


def _numero(_lu: Lire) -> Verification:
    condition = (
        rf"NOT regexp_matches(upper(regexp_replace(COALESCE({nom(NUM)}, ''), '[\s._/-]', '', 'g')), '{NUMERO}')"
    )
    message = "Ce numéro d'annexe n'a pas la forme de l'ASP (ACI054180019). L'annexe est gardée."
    return Verification(NUM, condition, message, Gravite.AVERTISSEMENT, nom(NUM))


def _mesure(_lu: Lire) -> Verification:
    condition = (
        f"{nom(MESURE)} <> '' AND upper({nom(MESURE)}) NOT LIKE 'FDI%' AND {sql.categorie(nom(MESURE))} IS NULL"
    )
    message = "Cette mesure n'est pas connue. L'annexe est gardée ; elle n'est comptée dans aucun chiffre."
    return Verification(MESURE, condition, message, Gravite.AVERTISSEMENT, nom(MESURE))


def _etat(_lu: Lire) -> Verification:
    connus = (*ETATS_RETENUS, "HISTORISE", "REJETE", "ANNULE", "SAISI", "BROUILLON")
    condition = f"upper(COALESCE({nom(ETAT)}, '')) NOT IN {connus}"
    message = "Cet état d'annexe n'est pas connu. L'annexe est gardée comme historique."
    return Verification(ETAT, condition, message, Gravite.AVERTISSEMENT, nom(ETAT))


REGLES: dict[str, list[tuple[tuple[str, ...], Callable[[Lire], Verification]]]] = {
    "AnnexeFinanciere": [
        ((DEBUT, FIN), _dates_absentes),
        ((DEBUT, FIN), _dates_inversees),
        ((DEBUT, FIN, ETP, UNITAIRE, TOTAL, MESURE), _total),
        (TAUX, _objectifs),
        ((NUM,), _numero),
        ((MESURE,), _mesure),
        ((ETAT,), _etat),
    ],
}
REGLES["ExportAnnexes"] = REGLES["AnnexeFinanciere"]
