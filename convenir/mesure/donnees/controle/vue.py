"""Control of one view: faults first, then one writing of the accepted lines."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle import anomalies
from convenir.mesure.donnees.controle.connexion import nom, parquet
from convenir.mesure.donnees.controle.doublons import chercher_doublons
from convenir.mesure.donnees.controle.expressions import lecture, type_sql
from convenir.mesure.donnees.controle.orphelins import chercher_motifs_inconnus, chercher_orphelins
from convenir.mesure.donnees.controle.partages import chercher_partages
from convenir.mesure.donnees.controle.regles import regles
from convenir.mesure.donnees.controle.verifications import Verification, verifications
from convenir.mesure.donnees.formats import Vue

_FORMAT = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


@dataclass(frozen=True)
class CompteVue:
    """Lines of a view by outcome: `lues` = `acceptees` + `quarantaine` + `doublons`."""

    lues: int
    acceptees: int
    quarantaine: int
    doublons: int

    def as_dict(self) -> dict[str, int]:
        """Return the counts as the report writes them."""
        return {"lues": self.lues, "acceptees": self.acceptees, "quarantaine": self.quarantaine,
                "doublons": self.doublons}  # fmt: skip


@dataclass(frozen=True)
class Entree:
    """A view to control: its description, its received file and the columns that file has.

    `ecartees_a_la_lecture` lines could not even be read; they are not in the copy, each has its anomaly.
    """

    vue: Vue
    fichier: str
    copie: Path
    presentes: tuple[str, ...]
    ecartees_a_la_lecture: int = 0
    listes: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Codes known elsewhere, by name, for the rules that need them."""
    completee: str = ""
    """Relation that replaces the copy, when some of its values are deduced."""

    @property
    def source(self) -> str:
        """Relation of the rows to control."""
        return self.completee or parquet(self.copie)


def chercher_defauts(
    base: duckdb.DuckDBPyConnection, entree: Entree, references: Mapping[str, str], motifs: frozenset[str]
) -> list[str]:
    """Write every anomaly of a view; return the views its references could not be checked against."""
    vue, copie, presentes = entree.vue, entree.source, set(entree.presentes)
    _verifier(base, entree, [*verifications(vue, presentes), *regles(vue, presentes, entree.listes)])
    chercher_partages(base, vue.nom, entree.fichier, copie, presentes)
    chercher_doublons(base, vue, entree.fichier, copie, list(entree.presentes))
    chercher_motifs_inconnus(base, vue, entree.fichier, copie, presentes, references, motifs)
    return chercher_orphelins(base, vue, entree.fichier, copie, presentes, references)


def _verifier(base: duckdb.DuckDBPyConnection, entree: Entree, verifs: list[Verification]) -> None:
    """Count every fault in one reading, then write the lines of those that occur."""
    if not verifs:
        return
    copie = entree.source
    comptes = ", ".join(f"count(*) FILTER (WHERE {v.condition})" for v in verifs)
    trouves = base.execute(f"SELECT {comptes} FROM {copie}").fetchone() or ()
    for verif, nombre in zip(verifs, trouves, strict=True):
        if nombre:
            anomalies.ajouter(
                base, entree.vue.nom, entree.fichier, copie, verif.colonne, verif.condition, verif.message,
                verif.gravite, verif.valeur,
            )  # fmt: skip


def ecrire(base: duckdb.DuckDBPyConnection, entree: Entree, dossier: Path) -> CompteVue:
    """Write the accepted lines, typed, in the order of the file, and return the counts of the view."""
    vue, copie = entree.vue, entree.source
    base.execute(
        "CREATE OR REPLACE TEMP TABLE ecartees AS SELECT ligne, bool_or(gravite = 'quarantaine') AS quarantaine "
        f"FROM anomalies WHERE vue = {texte(vue.nom)} AND ligne IS NOT NULL AND gravite <> 'avertissement' "
        "GROUP BY ligne"
    )
    accepte = f"FROM {copie} ANTI JOIN ecartees USING (ligne)"
    shutil.rmtree(dossier, ignore_errors=True)
    dossier.mkdir(parents=True)
    for chemin, condition in _morceaux(base, entree, dossier, accepte):
        chemin.parent.mkdir(exist_ok=True)
        base.execute(
            f"COPY (SELECT {_projection(vue, entree.presentes)} {accepte} WHERE {condition}) "
            f"TO {texte(str(chemin))} {_FORMAT}"
        )
    return _compter(base, entree)


def _morceaux(
    base: duckdb.DuckDBPyConnection, entree: Entree, dossier: Path, accepte: str
) -> Iterable[tuple[Path, str]]:
    """Return the files to write and the lines of each: one per value of the partition column, or one."""
    colonne = entree.vue.colonne(entree.vue.partition) if entree.vue.partition else None
    if colonne is None or colonne.nom_conserve not in entree.presentes:
        return [(dossier / "donnees.parquet", "true")]
    annees = base.execute(f"SELECT DISTINCT {lecture(colonne)} AS an {accepte} ORDER BY an").fetchall()
    if not annees:
        return [(dossier / "donnees.parquet", "true")]
    return [
        (dossier / f"annee={an}" / "donnees.parquet", f"({lecture(colonne)}) IS NOT DISTINCT FROM {an}")
        for (an,) in annees
    ]


def _projection(vue: Vue, presentes: Iterable[str]) -> str:
    """Return the typed columns of the records, those absent from the file as NULL, and the line number."""
    if vue.nom == "Salarie":
        return _projection_salarie(vue, presentes)
    return ", ".join([*(_colonne(vue, c.nom_conserve, presentes) for c in vue.conservees), "ligne"])


def _colonne(vue: Vue, conserve: str, presentes: Iterable[str]) -> str:
    colonne = next(c for c in vue.conservees if c.nom_conserve == conserve)
    valeur = lecture(colonne) if conserve in presentes else "NULL"
    return f"CAST({valeur} AS {type_sql(colonne)}) AS {nom(conserve)}"


_SALARIE = (
    "personne", "naissance", "agrement", "salarie_adr_qpv_type", "salarie_adr_is_zrr", "salarie_adr_zrr_classement",
    "salarie_codeinseecom", "salarie_code_dpt",
)  # fmt: skip


def _projection_salarie(vue: Vue, presentes: Iterable[str]) -> str:
    """Return the columns of a person: the title becomes the sex, nothing else identifies."""
    titre = "upper(trim(salarie_rci_libelle, ' .'))" if "salarie_rci_libelle" in presentes else "NULL"
    sexe = (
        f"CASE WHEN {titre} IN ('M', 'MR', 'MONSIEUR') THEN 'H' "
        f"WHEN {titre} IN ('MME', 'MLLE', 'MADAME', 'MADEMOISELLE') THEN 'F' END AS sexe"
    )
    colonnes = [_colonne(vue, "salarie_id", presentes), sexe, *(_colonne(vue, c, presentes) for c in _SALARIE)]
    return ", ".join([*colonnes, "ligne"])


def _compter(base: duckdb.DuckDBPyConnection, entree: Entree) -> CompteVue:
    copiees = base.execute(f"SELECT count(*) FROM {parquet(entree.copie)}").fetchone()[0]  # type: ignore[index]
    lues = copiees + entree.ecartees_a_la_lecture
    quarantaine, doublons = base.execute(
        "SELECT count(*) FILTER (WHERE quarantaine), count(*) FILTER (WHERE NOT quarantaine) FROM ecartees"
    ).fetchone()  # type: ignore[misc]
    return CompteVue(lues, lues - quarantaine - doublons, quarantaine, doublons)
