"""Parameters of a calculation, read from the law at the date of each year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.alertes.rules import CODES as CODES_ALERTES
from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.parametres import (
    CATEGORIES,
    INFINI,
    Motif,
    MotifLocal,
    ParametresAnnee,
    ParametresCategorie,
)
from convenir.socle.reglementation import queries as reglementation
from convenir.socle.reglementation.queries import ParametreInconnu, Reglementation, ValeurApplicable

MOTIF = "iae.sorties.motif."
HEURES_ETP = "iae.heures_etp."
DUREE = "iae.sorties.duree_minimale_mois."
HEURES = "iae.sorties.heures_minimales."
# Categories whose minimum of hours is cumulated since entry, and not taken in the exit year (décisions, § 6).
CUMUL = ("AI", "ETTI")


def lecteur(dispositif: str = "iae") -> Callable[[int, Mapping[str, Motif]], ParametresAnnee]:
    """Return the reader of the parameters of a year; the law is read once, when this is called."""
    droit = reglementation.charger()
    codes = sorted(catalogue(dispositif).parametres() | set(CODES_ALERTES) | {"secret.seuil"})

    def lire(annee: int, motifs: Mapping[str, Motif]) -> ParametresAnnee:
        return lire_parametres(droit, codes, date(annee, 12, 31), motifs)

    return lire


def lire_parametres(
    droit: Reglementation, codes: list[str], jour: date, motifs_de_la_livraison: Mapping[str, Motif]
) -> ParametresAnnee:
    """Return all that the law gives on a day; a parameter of the catalogue without value stays out.

    Args:
        droit: the law.
        codes: parameters to keep with the snapshot, besides the rules of the categories.
        jour: day of the values.
        motifs_de_la_livraison: reasons brought by the files, which prevail.

    Raises:
        ParametreInconnu: a definition names a parameter that does not exist.
    """
    lus = {code: valeur for code in codes if (valeur := droit.valeur_ou_rien(code, jour)) is not None}
    motifs = _motifs(droit, jour)
    return ParametresAnnee(
        jour,
        {c: _categorie(droit, c, jour) for c in CATEGORIES},
        {**motifs, **motifs_de_la_livraison},
        tuple(_locaux(droit)),
        {code: v.nombre for code, v in lus.items() if not isinstance(v.valeur, str)},
        {code: tracer(v) for code, v in lus.items()},
    )


def tracer(v: ValeurApplicable) -> dict[str, Any]:
    """Return what a snapshot keeps of a parameter."""
    return {
        "code": v.code,
        "libelle": v.libelle,
        "valeur": str(v.valeur),
        "affichage": v.affichage,
        "unite": v.unite,
        "texte": v.texte,
        "source": v.source,
        "verifie_le": v.verifie_le.isoformat(),
        "a_confirmer": v.a_confirmer,
        "pourquoi": v.pourquoi,
        "debut": v.debut.isoformat(),
    }


def _nombre(droit: Reglementation, code: str, jour: date) -> Decimal | None:
    try:
        lue = droit.valeur_ou_rien(code, jour)
    except ParametreInconnu:
        return None  # no such rule for this category (EITI has no minimum)
    return None if lue is None else lue.nombre


def _categorie(droit: Reglementation, categorie: str, jour: date) -> ParametresCategorie:
    duree, heures = _nombre(droit, DUREE + categorie, jour), _nombre(droit, HEURES + categorie, jour)
    cumule = categorie in CUMUL
    return ParametresCategorie(
        _nombre(droit, HEURES_ETP + categorie, jour),
        None if duree is None else int(duree),
        None if cumule else heures,
        heures if cumule else None,
    )


def _motifs(droit: Reglementation, jour: date) -> dict[str, Motif]:
    trouves = {}
    for code in droit.catalogue.parametres:
        if code.startswith(MOTIF):
            lu = droit.valeur_ou_rien(code, jour)
            court = code.removeprefix(MOTIF)
            if lu is not None:
                trouves[court] = Motif(court, lu.libelle, str(lu.valeur))
    return trouves


def _locaux(droit: Reglementation) -> list[MotifLocal]:
    return [
        MotifLocal(d.departement, d.motif, d.periode.debut, d.periode.fin or INFINI) for d in droit.definitions_locales
    ]
