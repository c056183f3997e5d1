"""Write the values of a calculation where pages read them: one row per territory and year, one line per structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, islice
from typing import Any, TypeVar

import duckdb
from django.db import models
from django.db.models import Q

from convenir.mesure.indicateurs.alertes.rules import CODES, Seuils
from convenir.mesure.indicateurs.calcul import TRI, Calcul
from convenir.mesure.indicateurs.contenu import deballer, emballer
from convenir.mesure.indicateurs.models import Instantane, SituationStructure, SituationTerritoire, ValeursTerritoire
from convenir.mesure.indicateurs.situations import Contexte, FinAnnexe, alertes_departement, situer
from convenir.mesure.indicateurs.valeurs import Valeurs
from convenir.socle.organisations.models import Structure

LOT = 300
M = TypeVar("M", bound=models.Model)
Territoire = tuple[str, str]
Emballe = dict[int, dict[str, Any]]


def materialiser(calcul: Calcul, instantane: Instantane) -> None:
    """Replace what pages read by the values of this calculation; call it inside a transaction.

    Rows of other snapshots leave the database unless a dialogue holds them (`conserve`): their values stay on disk.
    """
    retirer_valeurs(instantane)
    SituationStructure.objects.all().delete()
    SituationTerritoire.objects.all().delete()
    contextes = [_contexte(calcul, annee) for annee in calcul.annees]
    fins = _fins(calcul)
    structures = {f"{i}-{c}": pk for pk, i, c in Structure.objects.values_list("pk", "id_asp", "categorie")}
    situations: list[SituationStructure] = []
    territoires: list[SituationTerritoire] = []

    def lignes() -> Iterator[ValeursTerritoire]:
        for (niveau, code), par_annee in par_territoire(calcul.base):
            for annee, contenu in par_annee.items():
                yield ValeursTerritoire(instantane=instantane, niveau=niveau, code=code, annee=annee, contenu=contenu)
            if niveau == "siae" and code in structures:
                valeurs = _valeurs(niveau, code, par_annee, calcul)
                fin = fins.get(code, FinAnnexe(None, False))
                situations.extend(
                    SituationStructure(
                        structure_id=structures[code], instantane=instantane, annee=c.annee, **situer(valeurs, c, fin)
                    )
                    for c in contextes
                    if c.annee in par_annee
                )
            if niveau == "departement":
                territoires.extend(_situations_departement(niveau, code, par_annee, contextes, calcul, instantane))

    en_lots(ValeursTerritoire, lignes())
    en_lots(SituationStructure, situations)
    en_lots(SituationTerritoire, territoires)


def retirer_valeurs(instantane: Instantane) -> None:
    """Take out of the database the values of the scheme that this snapshot replaces, and its own."""
    meme_dispositif = ValeursTerritoire.objects.filter(instantane__dispositif=instantane.dispositif)
    meme_dispositif.filter(Q(instantane__conserve=False) | Q(instantane=instantane)).delete()


def _situations_departement(
    niveau: str, code: str, par_annee: Emballe, contextes: list[Contexte], calcul: Calcul, instantane: Instantane
) -> Iterator[SituationTerritoire]:
    valeurs = _valeurs(niveau, code, par_annee, calcul)
    for contexte in contextes:
        alertes = [a.as_dict() for a in alertes_departement(valeurs, contexte)]
        yield SituationTerritoire(
            instantane=instantane, niveau=niveau, code=code, annee=contexte.annee, alertes=alertes
        )


def _valeurs(niveau: str, code: str, par_annee: Emballe, calcul: Calcul) -> Valeurs:
    dispositif = calcul.catalogue.dispositif
    valeurs = Valeurs(niveau, code)
    for contenu in par_annee.values():
        deballer(contenu, valeurs, dispositif)
    return valeurs


def par_territoire(base: duckdb.DuckDBPyConnection) -> Iterator[tuple[Territoire, Emballe]]:
    """Yield every territory with its values by year, in order."""
    curseur = base.execute(
        "SELECT niveau, code, annee, indicateur, ventilation, modalite, periode, numerateur, denominateur, valeur, "
        f"statut, exclus, source FROM valeurs ORDER BY {TRI}"
    )

    def lues() -> Iterator[tuple[Any, ...]]:
        while lot := curseur.fetchmany(50_000):
            yield from lot

    for territoire, lignes in groupby(lues(), key=lambda ligne: (ligne[0], ligne[1])):
        par_annee: dict[int, list[Any]] = {}
        for ligne in lignes:
            par_annee.setdefault(ligne[2], []).append(ligne[3:])
        yield territoire, {annee: emballer(de_lannee) for annee, de_lannee in sorted(par_annee.items())}


def _contexte(calcul: Calcul, annee: int) -> Contexte:
    nombres = calcul.parametres[annee].nombres
    jour = calcul.entrees.extraction or calcul.arrete_au + timedelta(days=1)
    seuils = Seuils({code: nombres[code] for code in CODES})
    return Contexte(annee, jour, calcul.mois_clos(annee), annee == calcul.arrete_au.year, seuils)


def _fins(calcul: Calcul) -> dict[str, FinAnnexe]:
    jour = calcul.entrees.extraction or calcul.arrete_au + timedelta(days=1)
    lignes = calcul.base.execute(
        "SELECT s.siae, max(a.fin) FILTER (WHERE a.debut <= $1 AND a.fin >= $1), bool_or(a.debut > $1), max(a.fin) "
        "FROM annexes_siae AS a JOIN siae AS s USING (siae_num) GROUP BY s.siae",
        [jour],
    ).fetchall()
    return {siae: FinAnnexe(en_cours or derniere, bool(suite)) for siae, en_cours, suite, derniere in lignes}


def en_lots(modele: type[M], lignes: Iterable[M]) -> None:
    """Write rows a few hundred at a time."""
    reste = iter(lignes)
    while lot := list(islice(reste, LOT)):
        modele._default_manager.bulk_create(lot)
