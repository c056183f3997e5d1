"""Keep the quality measured with the snapshot it goes with, and read it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.moteur_ml import NOM_QUALITE
from convenir.mesure.indicateurs.models import Instantane, QualiteMissionLocale
from convenir.mesure.indicateurs.qualite.calcul import LigneQualite, calculer_qualite
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles
from convenir.socle.organisations.models import MissionLocale

Lues = dict[tuple[str, int], list[LigneQualite]]


def mesurer_et_ecrire(dossier: Path, mois: Mapping[int, int], sortie: Path) -> list[LigneQualite]:
    """Measure records and write the lines, beside them or beside their indicators; return the lines.

    Args:
        dossier: folder of records.
        mois: closed months of each year to measure.
        sortie: JSON to write: counts by mission locale, article and period, nothing of a youth.

    Raises:
        EntreeInvalide: the folder cannot be read.
    """
    mesurees = [(annee, x) for annee, n in mois.items() for x in calculer_qualite(dossier, annee, mois=n)]
    lignes = [[x.ml, annee, *_ranger(x)] for annee, x in mesurees]
    sortie.write_text(json.dumps(lignes, ensure_ascii=False), encoding="utf-8")
    return [x for _, x in mesurees]


def relire(fichier: Path, couverture: Mapping[str, Collection[int]]) -> Lues:
    """Return the lines written beside indicators, for the mission locale × year where these are in force."""
    lues: Lues = {}
    for ml, annee, *rangee in json.loads(fichier.read_text(encoding="utf-8")):
        if annee in couverture.get(ml, ()):
            lues.setdefault((ml, annee), []).append(_deranger(ml, rangee))
    return lues


def lire_depot(livraison: Livraison) -> Lues:
    """Return what was measured of the records of a deposit that are still there; nothing if there are none."""
    fichiers = [d / NOM_QUALITE for d in (livraison.dossier_travail, livraison.dossier)]
    mesure = next((f for f in fichiers if f.is_file()), None)
    return relire(mesure, livraison.couverture) if mesure else {}


def mesurer_et_garder(
    instantane: Instantane,
    dossiers: Iterable[Path],
    annees: Iterable[int],
    lire_regles: Callable[[int], Regles] = regles,
    deja_mesurees: Iterable[Lues] = (),
) -> int:
    """Measure the folders of a snapshot and keep the result; return the number of mission locale × year kept.

    Args:
        instantane: snapshot of the same folders.
        dossiers: folders of records, the one that prevails first.
        annees: calendar years.
        lire_regles: parameters of a year, those of the calculation.
        deja_mesurees: lines of private spaces, whose records are deleted; the one that prevails first.

    Raises:
        EntreeInvalide: a folder cannot be read.
    """
    lues: Lues = {}
    for dossier in dossiers:
        for annee in annees:
            mesurees = calculer_qualite(dossier, annee, mois=_mois_clos(instantane, annee), lire_regles=lire_regles)
            for ml, lignes in groupby(mesurees, key=lambda ligne: ligne.ml):
                lues.setdefault((ml, annee), list(lignes))
    for memoire in deja_mesurees:
        lues = memoire | lues
    return garder(instantane, lues)


def _mois_clos(instantane: Instantane, annee: int) -> int:
    arret = instantane.arrete_au
    return 12 if arret.year > annee else max(arret.month, 1)


@transaction.atomic
def garder(instantane: Instantane, lues: Lues) -> int:
    """Replace the quality known of the mission locale × year given; those unknown to Convenir are left out."""
    connues = dict(MissionLocale.objects.values_list("code", "pk"))
    utiles = {(connues[ml], annee): lignes for (ml, annee), lignes in lues.items() if ml in connues}
    for pk, annee in utiles:
        QualiteMissionLocale.objects.filter(mission_locale=pk, annee=annee).delete()
    QualiteMissionLocale.objects.bulk_create(
        QualiteMissionLocale(
            instantane=instantane, mission_locale_id=pk, annee=annee, contenu=[_ranger(ligne) for ligne in lignes]
        )
        for (pk, annee), lignes in utiles.items()
    )
    return len(utiles)


def _ranger(x: LigneQualite) -> list[object]:
    valeur = None if x.valeur is None else str(x.valeur)
    return [x.article, x.periode, x.numerateur, x.denominateur, valeur, x.statut, str(x.seuil)]


def _deranger(ml: str, rangee: list[Any]) -> LigneQualite:
    article, periode, n, d, v, statut, seuil = rangee
    return LigneQualite(ml, article, periode, n, d, None if v is None else Decimal(v), statut, Decimal(seuil))


def lire(mission_locale: MissionLocale, annee: int) -> list[LigneQualite]:
    """Return what was measured of a mission locale in a year; nothing if it was not."""
    gardee = QualiteMissionLocale.objects.filter(mission_locale=mission_locale, annee=annee).first()
    return [_deranger(mission_locale.code, rangee) for rangee in (gardee.contenu if gardee else [])]


def annees_mesurees(mission_locale: MissionLocale) -> list[int]:
    """Return the years measured, latest first."""
    return list(
        QualiteMissionLocale.objects.filter(mission_locale=mission_locale)
        .order_by("-annee")
        .values_list("annee", flat=True)
    )
