"""Trace of one figure: materialised values for the formula, records for the lines counted and set aside."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs import rules
from convenir.mesure.indicateurs.absences import Absences
from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.definitions import Indicateur
from convenir.mesure.indicateurs.materialisees import valeurs as lire_valeurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.traces.enregistrements import compter
from convenir.mesure.indicateurs.traces.entonnoirs import Periode
from convenir.mesure.indicateurs.traces.modele import Etape, FichierTrace, Trace
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs

# Parts of a numerator, named on the page above the figure.
TERMES: dict[str, tuple[tuple[str, str], ...]] = {
    "iae.sorties.taux_dynamique": (
        ("emploi durable", "iae.sorties.durable"),
        ("emploi de transition", "iae.sorties.transition"),
        ("sorties positives", "iae.sorties.positive"),
    ),
    "iae.etp.realises": (("heures travaillées", "iae.etp.heures"),),
    "iae.etp.ecart": (("ETP réalisés", "iae.etp.realises"), ("ETP conventionnés", "iae.etp.conventionnes")),
}
PERDUS = "Les enregistrements de cette livraison ne sont plus conservés : le détail des lignes n'est plus disponible."
AGREGE = "Ce chiffre vient d'un fichier déjà agrégé ({source}) : il n'a pas de détail ligne à ligne."
VUES_PAR_SOURCE = {
    "annexe_periode": ("AnnexeFinanciere", "ExportAnnexes", "EtatMensuelIndiv", "AnnexeMois", "SuiviDgefp"),
    "saisie": ("AnnexeFinanciere", "ExportAnnexes", "EtatMensuelIndiv", "AnnexeMois"),
    "personnes": ("EtatMensuelIndiv", "ContratMission", "Salarie", "Formations", "AnnexeFinanciere", "BilanAnnexe"),
    "sorties": (
        "ContratMission", "EtatMensuelIndiv", "Salarie", "AnnexeFinanciere", "RefMotifSort", "RefCategorieSort",
        "BilanAnnexe",
    ),
    "formations": ("Formations", "ContratMission", "AnnexeFinanciere"),
    "projection": ("EtatMensuelIndiv", "AnnexeMois", "AnnexeFinanciere"),
}  # fmt: skip


def trace(
    instantane: Instantane,
    niveau: str,
    code: str,
    indicateur: str,
    periode: str,
    ventilation: str = "",
    modalite: str = "",
    departement: str = "",
    *,
    lignes: bool = True,
) -> Trace:
    """Return the way from the files to one figure.

    Args:
        instantane: the snapshot that holds the figure.
        niveau: level of the territory.
        code: code of the territory.
        indicateur: code of the indicator.
        periode: period of the figure.
        ventilation: breakdown, empty for the whole.
        modalite: modality of the breakdown.
        departement: where it lies, for what its delivery lacks; the code itself at the level of the département.
        lignes: whether to count the lines again in the records: long over a whole territory.
    """
    valeurs = lire_valeurs(instantane, niveau, code)
    valeur = valeurs.get(indicateur, periode, ventilation, modalite)
    definition = catalogue(instantane.dispositif).indicateurs[indicateur]
    moment = Periode(periode)
    etapes, utilisees = compter(instantane, niveau, code, definition.source, moment) if lignes else ((), {})
    return Trace(
        valeur,
        tuple((mots, valeurs.get(c, periode).valeur) for mots, c in TERMES.get(indicateur, ())),
        etapes,
        _fichiers(instantane, definition.source, utilisees),
        _intervalle(indicateur, valeur.numerateur, valeur.denominateur),
        *_bornes(valeurs, indicateur, periode),
        tuple(p for c in definition.parametres if (p := instantane.parametres.get(str(moment.annee), {}).get(c))),
        _absences(instantane, valeur, definition, code if niveau == "departement" else departement),
        _note(etapes, valeur.source, lignes),
    )


def _absences(instantane: Instantane, valeur: Valeur, definition: Indicateur, departement: str) -> Absences:
    """Return what the delivery lacks for a figure it does not feed; nothing for the others."""
    if valeur.statut != Statut.MANQUANT:
        return Absences()
    toutes = Absences.de(instantane.perimetre, departement)
    return toutes.dont_depend(instantane.dispositif, definition, valeur.ventilation, valeur.modalite)


def _intervalle(indicateur: str, n: Decimal | None, d: Decimal | None) -> tuple[Decimal, Decimal] | None:
    if not indicateur.startswith("iae.sorties.taux_") or n is None or not d:
        return None
    return rules.intervalle_wilson(int(n), int(d))


def _bornes(valeurs: Valeurs, indicateur: str, periode: str) -> tuple[tuple[Decimal, Decimal] | None, int]:
    if not indicateur.startswith("iae.sorties.taux_"):
        return None, 0
    valeur, inconnus = valeurs.get(indicateur, periode), valeurs.get("iae.sorties.motif_inconnu", periode).valeur
    nombre = int(inconnus or 0)
    if valeur.numerateur is None or not valeur.denominateur or not nombre:
        return None, nombre
    return rules.bornes_du_taux(int(valeur.numerateur), nombre, int(valeur.denominateur)), nombre


def _note(etapes: tuple[Etape, ...], source: str, lignes: bool) -> str:
    if etapes:
        return ""
    if source in {"AnnexeMois", "SuiviDgefp", "BilanAnnexe", "agregats"}:
        return AGREGE.format(source=source)
    return PERDUS if lignes else ""


def _fichiers(instantane: Instantane, source: str, utilisees: Mapping[str, int]) -> tuple[FichierTrace, ...]:
    voulues = VUES_PAR_SOURCE.get(source, ())
    lus: dict[str, list[dict[str, Any]]] = {}
    for f in instantane.fichiers:
        lus.setdefault(f["vue"], []).append(f)
    # Lines used are counted by view: several files of a view share one count, so none is given to each.
    return tuple(
        FichierTrace(
            vue, f["fichier"], f["sha256"], f["sha256_copie"],
            utilisees.get(vue) if len(lus[vue]) == 1 else None, f["lignes"],
        )
        for vue in voulues
        for f in lus.get(vue, ())
    )  # fmt: skip
