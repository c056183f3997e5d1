"""Use cases: compute and freeze, import aggregates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from convenir.mesure.indicateurs.absences import absences
from convenir.mesure.indicateurs.calcul import Calcul, Entrees, calculer_sans_ecrire, ecrire_csv, ecrire_parquet
from convenir.mesure.indicateurs.catalogue_agregats import lire_agregats
from convenir.mesure.indicateurs.entrees import entrees_courantes, entrees_dun_dossier
from convenir.mesure.indicateurs.gel import AFiger, annees_montrees, figer
from convenir.mesure.indicateurs.materialisation import materialiser
from convenir.mesure.indicateurs.models import Agregat, Instantane
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.mesure.indicateurs.signals import instantane_calcule
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur

T = TypeVar("T")
__all__ = ["calculer", "calculer_sans_base", "ecrire_csv", "importer_agregats"]

IMPORTER_AGREGATS = declarer("indicateurs.importer_agregats", "Agrégats nationaux importés")


def calculer(
    annees: Iterable[int] = (),
    *,
    dispositif: str = "iae",
    sources: Entrees | None = None,
    sortie: Path | None = None,
    auteur: Auteur | None = None,
) -> Instantane:
    """Compute the indicators, freeze them under the hash of their canonical CSV, and give them to the pages.

    Same data, same definitions: same hash, and nothing new is written but the day it was found again. The years that
    pages show are computed with those asked for: a new snapshot takes the place of the former one.

    Args:
        annees: calendar years; none = the last three that the annexes cover.
        dispositif: scheme, a folder of the catalogue.
        sources: what to read; None = the deliveries in force.
        sortie: also write the CSV there, of the years asked for.
        auteur: who asks, for the journal.

    Raises:
        EntreeInvalide: there is nothing to compute from, or nothing for a year asked for.
    """
    entrees, demandees = sources if sources is not None else entrees_courantes(), sorted(set(annees))
    montrees = annees_montrees(dispositif) if demandees else []

    def usage(calcul: Calcul) -> Instantane:
        _exiger_garnies(calcul, demandees)
        empreinte = ecrire_csv(calcul, calcul.temporaire / "canonique.csv")
        if sortie is not None:
            ecrire_csv(calcul, sortie, annees=demandees)
        return figer(_a_figer(calcul, empreinte), auteur or Auteur.systeme("Tâche de fond"))

    instantane = _avec_calcul([*demandees, *montrees], entrees, dispositif, usage)
    transaction.on_commit(lambda: instantane_calcule.send(Instantane, instantane=instantane))
    return instantane


def _exiger_garnies(calcul: Calcul, demandees: list[int]) -> None:
    """Refuse a year of which the deliveries say nothing: frozen empty, it would hide the others from the pages.

    Raises:
        EntreeInvalide: naming the years.
    """
    dites = calcul.base.execute("SELECT DISTINCT annee FROM valeurs WHERE statut <> 'manquant'").fetchall()
    if manquent := [str(a) for a in demandees if (a,) not in dites]:
        raise EntreeInvalide(
            f"Les livraisons appliquées ne disent rien de {', '.join(manquent)} : il n'y a rien à calculer."
        )


def calculer_sans_base(
    annees: Iterable[int], dossier: Path, sortie: Path, *, dispositif: str = "iae"
) -> dict[str, Any]:
    """Compute from a folder of records and write the CSV, without any database write (compute and forget).

    Returns:
        `{"sha256", "lignes", "annees", "arrete_au"}`.
    """

    def ecrire(calcul: Calcul) -> dict[str, Any]:
        return {
            "sha256": ecrire_csv(calcul, sortie),
            "lignes": calcul.lignes,
            "annees": calcul.annees,
            "arrete_au": calcul.arrete_au.isoformat(),
        }

    return _avec_calcul(list(annees), entrees_dun_dossier(dossier), dispositif, ecrire)


def _avec_calcul(annees: list[int], entrees: Entrees, dispositif: str, usage: Callable[[Calcul], T]) -> T:
    """Compute and use the values, both again from nothing if the engine stops in either."""

    def essai(fils: int | None) -> T:
        with calculer_sans_ecrire(annees, entrees, dispositif=dispositif, fils=fils) as calcul:
            return usage(calcul)

    return a_neuf(essai)


def _a_figer(calcul: Calcul, empreinte: str) -> AFiger:
    return AFiger(
        calcul.catalogue.dispositif,
        empreinte,
        _champs(calcul),
        partial(ecrire_parquet, calcul),
        partial(materialiser, calcul),
    )


def _champs(calcul: Calcul) -> dict[str, Any]:
    return {
        "annees": calcul.annees,
        "premiere_annee": calcul.annees[0],
        "derniere_annee": calcul.annees[-1],
        "arrete_au": calcul.arrete_au,
        "extraction": calcul.entrees.extraction,
        "lignes": calcul.lignes,
        "fichiers": _fichiers(calcul),
        "parametres": {str(a): p.traces for a, p in calcul.parametres.items()},
        "definitions": {
            code: i.version_au(calcul.parametres[calcul.annees[-1]].jour).version
            for code, i in sorted(calcul.catalogue.indicateurs.items())
        },
        "perimetre": calcul.perimetre.as_dict()
        | absences(calcul.catalogue, Vues(calcul.base, calcul.entrees.vues), calcul.perimetre.departements),
        "motifs": {
            code: {"libelle": m.libelle, "categorie": m.categorie}
            for code, m in sorted(calcul.parametres[calcul.annees[-1]].motifs.items())
        },
    }


def _fichiers(calcul: Calcul) -> list[dict[str, Any]]:
    racine = str(settings.DOSSIER_DONNEES)
    return [
        {
            "vue": v.vue,
            "fichier": v.fichier,
            "sha256": v.sha256,
            "sha256_copie": v.sha256_copie,
            "lignes": v.lignes,
            "motif": v.motif.removeprefix(racine).lstrip("/") if v.motif.startswith(racine) else v.motif,
            "remplaces": sorted(v.remplaces),
        }
        for _, vue in sorted(calcul.entrees.vues.items())
        for v in vue.toutes
    ]


@transaction.atomic
def importer_agregats(chemin: Path, *, auteur: Auteur | None = None) -> int:
    """Take the place of the imported aggregates by those of a file; they count at the next calculation.

    Args:
        chemin: CSV `categorie,indicateur,annee,numerateur,denominateur,valeur` (`niveau`, `code` if not France).
        auteur: who imports, for the journal.

    Returns:
        How many values were read.

    Raises:
        EntreeInvalide: naming the file, the line and the column; nothing is then changed.
    """
    lus = lire_agregats(chemin)
    empreinte = hashlib.sha256(chemin.read_bytes()).hexdigest()
    Agregat.objects.all().delete()
    Agregat.objects.bulk_create(
        Agregat(
            niveau=a.niveau, code=a.code, categorie=a.categorie, indicateur=a.indicateur, annee=a.annee,
            numerateur=a.numerateur, denominateur=a.denominateur, valeur=a.valeur, fichier=chemin.name,
            sha256=empreinte,
        )
        for a in lus
    )  # fmt: skip
    journaliser(
        IMPORTER_AGREGATS,
        ("indicateurs.Agregat", empreinte[:12], f"Agrégats de {chemin.name}"),
        auteur=auteur or Auteur.systeme("Ligne de commande"),
        apres={"fichier": chemin.name, "sha256": empreinte, "valeurs": len(lus)},
    )
    return len(lus)
