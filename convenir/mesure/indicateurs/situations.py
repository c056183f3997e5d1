"""The line of a structure in the list, and its alerts, from its values. Pure, apart from the models it fills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.alertes.rules import (
    FORTE,
    Alerte,
    Constat,
    Seuils,
    alerte_presents,
    alertes_structure,
)
from convenir.mesure.indicateurs.models import NiveauAlerte
from convenir.mesure.indicateurs.valeurs import Valeurs


@dataclass(frozen=True)
class Contexte:
    """What alerts need besides the values.

    Attributes:
        jour: day on which alerts are read.
        mois_clos: closed months of the year.
        en_cours: whether the year is the one in progress (alerts are not raised on past years).
    """

    annee: int
    jour: date
    mois_clos: int
    en_cours: bool
    seuils: Seuils


@dataclass(frozen=True)
class FinAnnexe:
    """Last day of the annexes in force, and whether a later one exists."""

    jour: date | None
    suite: bool


def mois_vides(valeurs: Valeurs, annee: int, clos: int) -> tuple[tuple[int, int], ...]:
    """Return the last closed months in a row that an annexe covers and where nothing is entered."""
    vides = []
    for mois in range(clos, 0, -1):
        periode = f"{annee}-{mois:02d}"
        if not valeurs.get("iae.etp.conventionnes", periode).valeur:
            continue
        if valeurs.get("iae.etp.realises", periode).est_disponible:
            break
        vides.append((annee, mois))
    return tuple(vides)


def dernier_cumul(valeurs: Valeurs, annee: int, clos: int) -> str:
    """Return the cumulative period of the last closed month entered, empty when nothing is."""
    for mois in range(clos, 0, -1):
        if valeurs.get("iae.etp.realises", f"{annee}-{mois:02d}").est_disponible:
            return f"{annee}-{mois:02d}-cumul"
    return ""


def constater(valeurs: Valeurs, contexte: Contexte, fin: FinAnnexe) -> Constat:
    """Gather what alerts look at."""
    annee = str(contexte.annee)
    cumul = dernier_cumul(valeurs, contexte.annee, contexte.mois_clos)
    saisie_connue = valeurs.get("iae.etp.mois_saisis", annee).est_disponible

    def lue(code: str, periode: str) -> Decimal | None:
        return valeurs.get(code, periode).valeur

    return Constat(
        lue("iae.etp.taux_realisation", cumul),
        lue("iae.etp.realises", cumul),
        lue("iae.etp.conventionnes", cumul),
        cumul,
        mois_vides(valeurs, contexte.annee, contexte.mois_clos) if saisie_connue else (),
        _entier(lue("iae.sorties.dynamique", annee)),
        _entier(lue("iae.sorties.examinees", annee)),
        lue("iae.objectifs.dynamique", annee),
        contexte.annee,
        fin.jour,
        fin.suite,
    )


def situer(valeurs: Valeurs, contexte: Contexte, fin: FinAnnexe) -> dict[str, Any]:
    """Return the fields of `SituationStructure` for one structure and year."""
    constat = constater(valeurs, contexte, fin)
    alertes = alertes_structure(constat, contexte.seuils, contexte.jour) if contexte.en_cours else []
    annee = str(contexte.annee)

    def lue(code: str) -> Decimal | None:
        return valeurs.get(code, annee).valeur

    return {
        "periode": constat.periode,
        "etp_conventionnes": lue("iae.etp.conventionnes"),
        "etp_realises": lue("iae.etp.realises"),
        "etp_realises_cumul": constat.realises,
        "etp_attendus_cumul": constat.conventionnes,
        "taux_realisation": constat.taux if constat.periode else lue("iae.etp.taux_realisation"),
        "projection": lue("iae.etp.projection"),
        "mois_manquants": _entier(lue("iae.etp.mois_manquants")),
        "presents": _entier(lue("iae.publics.presents")),
        "sorties_examinees": constat.examinees,
        "sorties_dynamiques": constat.dynamiques,
        "sorties_durables": _entier(lue("iae.sorties.durable")),
        "taux_dynamique": lue("iae.sorties.taux_dynamique"),
        "taux_durable": lue("iae.sorties.taux_durable"),
        "objectif_dynamique": constat.objectif_dynamique,
        "objectif_durable": lue("iae.objectifs.durable"),
        "aide_allouee": lue("iae.aide.allouee"),
        "aide_utilisee": lue("iae.aide.utilisee"),
        "fin_annexe": fin.jour,
        "niveau_alerte": niveau(alertes),
        "alertes": [a.as_dict() for a in alertes],
        "source": valeurs.get("iae.etp.conventionnes", annee).source,
    }


def niveau(alertes: list[Alerte]) -> NiveauAlerte:
    """Return the worst alert."""
    if not alertes:
        return NiveauAlerte.AUCUNE
    return NiveauAlerte.FORTE if any(a.gravite == FORTE for a in alertes) else NiveauAlerte.MODEREE


def alertes_departement(valeurs: Valeurs, contexte: Contexte) -> list[Alerte]:
    """Return the alerts of a département: people present against the same months of the year before."""
    if not contexte.en_cours:
        return []
    moyennes = [_moyenne(valeurs, a, contexte.mois_clos) for a in (contexte.annee, contexte.annee - 1)]
    alerte = alerte_presents(moyennes[0], moyennes[1], contexte.annee, contexte.mois_clos, contexte.seuils)
    return [alerte] if alerte else []


def _moyenne(valeurs: Valeurs, annee: int, mois: int) -> Decimal | None:
    lues = [valeurs.get("iae.publics.presents", f"{annee}-{m:02d}").valeur for m in range(1, mois + 1)]
    connues = [v for v in lues if v is not None]
    return sum(connues, Decimal(0)) / len(connues) if connues and len(connues) == mois else None


def _entier(valeur: Decimal | None) -> int | None:
    return None if valeur is None else int(valeur)
